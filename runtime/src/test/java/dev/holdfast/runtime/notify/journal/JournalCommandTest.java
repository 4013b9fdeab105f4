package dev.holdfast.runtime.notify.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandTest {

    @TempDir
    Path base;

    private ProcessFolder own;
    private Journal journal;
    private Journal dead;

    @BeforeEach
    void fill() throws IOException {
        own = ProcessFolder.claim(base, "shop", "001-1").own();
        journal = new Journal(own.path(), 1 << 20);
        dead = new Journal(own.makeDead(), 1 << 20);
        journal.append(1, List.of("ops", "mail"), "", "{\"id\":\"1\"}");
        journal.append(2, List.of("ops"), "", "{\"id\":\"2\"}");
        dead.append(3, List.of("ops"), "the receiver answered 413", "{\"id\":\"3\"}");
    }

    private void end() throws IOException {
        journal.close();
        dead.close();
        own.close();
    }

    private String run(int status, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        assertThat(JournalCommand.run(arguments, out, out)).isEqualTo(status);
        return said.toString(UTF_8).replace("\r\n", "\n");
    }

    @Test
    void lists_what_waits_and_what_is_dead_also_of_what_runs() throws IOException {
        String running = run(0, base.toString());
        assertThat(running)
                .isEqualTo("shop/001-1 (running)\n  waiting for mail: 1\n  waiting for ops: 2\n  dead for ops: 1\n");
        end();
        assertThat(run(0, base.toString(), "list")).isEqualTo(running.replace(" (running)", ""));
    }

    @Test
    void shows_dead_letters() throws IOException {
        end();
        assertThat(run(0, base.toString(), "show"))
                .isEqualTo("1970-01-01T00:00:00.003Z ops \"the receiver answered 413\" {\"id\":\"3\"}\n");
    }

    @Test
    void sends_dead_letters_again_by_the_next_process() throws IOException {
        end();
        assertThat(run(0, base.toString(), "resend")).startsWith("shop/001-1: 1 wait again");
        assertThat(run(0, base.toString(), "show")).isEmpty();
        List<String> adopted = new ArrayList<>();
        ProcessFolder.Claimed next = ProcessFolder.claim(base, "shop", "999-1");
        for (ProcessFolder left : next.left()) {
            new LeftJournal(left.path()).read(entry -> adopted.add(entry.event()));
            left.close();
        }
        next.own().close();
        assertThat(adopted).containsExactlyInAnyOrder("{\"id\":\"1\"}", "{\"id\":\"2\"}", "{\"id\":\"3\"}");
    }

    @Test
    void discards_dead_letters_and_nothing_else() throws IOException {
        end();
        assertThat(run(0, base.toString(), "discard")).isEqualTo("shop/001-1: 1 discarded\n");
        assertThat(run(0, base.toString())).contains("waiting for ops: 2").doesNotContain("dead");
    }

    @Test
    void leaves_what_runs_as_it_is() throws IOException {
        assertThat(run(0, base.toString(), "discard")).isEqualTo("shop/001-1 is running, and is left as it is\n");
        assertThat(run(0, base.toString())).contains("dead for ops: 1");
        end();
    }

    @Test
    void says_how_it_is_used() throws IOException {
        end();
        assertThat(run(2)).contains("journal <folder>");
        assertThat(run(2, base.toString(), "burn")).contains("journal <folder>");
        assertThat(run(2, base.resolve("missing").toString())).contains("there is no folder");
    }
}
