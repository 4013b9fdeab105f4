package dev.holdfast.runtime.notify.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
        assertThat(running).isEqualTo("""
                        shop/001-1 (running)
                          waiting for mail: 1
                          waiting for ops: 2
                          dead for ops: 1
                        2 events wait, 1 is dead
                        """);
        end();
        assertThat(run(0, base.toString(), "list")).isEqualTo(running.replace(" (running)", ""));
        assertThat(run(0, base.toString(), "list", "waiting", "mail"))
                .doesNotContain("ops")
                .contains("mail: 1");
    }

    @Test
    void takes_the_folder_of_an_application_and_of_a_process_as_well() throws IOException {
        end();
        String all = run(0, base.toString());
        assertThat(run(0, base.resolve("shop").toString())).isEqualTo(all);
        assertThat(run(0, own.path().toString())).isEqualTo(all);
    }

    @Test
    void shows_what_waits_and_what_is_dead() throws IOException {
        end();
        assertThat(run(0, base.toString(), "show")).isEqualTo("""
                        1970-01-01T00:00:00.001Z ops,mail (waiting) {"id":"1"}
                        1970-01-01T00:00:00.002Z ops (waiting) {"id":"2"}
                        1970-01-01T00:00:00.003Z ops (dead: the receiver answered 413) {"id":"3"}
                        2 events wait, 1 is dead
                        """);
        assertThat(run(0, base.toString(), "show", "dead").lines()).hasSize(2);
    }

    private List<String> adopted() throws IOException {
        List<String> adopted = new ArrayList<>();
        ProcessFolder.Claimed next = ProcessFolder.claim(base, "shop", "999-1");
        for (ProcessFolder left : next.left()) {
            new LeftJournal(left.path())
                    .read(entry -> adopted.add(String.join(",", entry.channels()) + " " + entry.event()));
            new LeftJournal(ProcessFolder.dead(left.path()))
                    .read(entry -> adopted.add("dead " + entry.note() + " " + entry.event()));
            left.close();
        }
        next.own().delete();
        return adopted;
    }

    @Test
    void sends_dead_letters_again_by_the_next_process() throws IOException {
        end();
        assertThat(run(0, base.toString(), "resend"))
                .isEqualTo("shop/001-1: 1 wait again, for the next process\nin all: 1 to be sent again\n");
        assertThat(run(0, base.toString(), "show", "dead")).isEqualTo("nothing waits, and nothing is dead\n");
        assertThat(run(0, base.toString(), "resend")).isEqualTo("in all: 0 to be sent again\n");
        assertThat(adopted()).containsExactly("ops,mail {\"id\":\"1\"}", "ops {\"id\":\"2\"}", "ops {\"id\":\"3\"}");
    }

    @Test
    void discards_what_is_dead_or_for_a_channel_and_keeps_the_rest() throws IOException {
        end();
        assertThat(run(0, base.toString(), "discard", "waiting", "mail"))
                .isEqualTo("shop/001-1: 1 discarded\nin all: 1 discarded\n");
        assertThat(run(0, base.toString(), "discard", "dead"))
                .isEqualTo("shop/001-1-again1: 1 discarded\nin all: 1 discarded\n");
        assertThat(adopted()).containsExactly("ops {\"id\":\"1\"}", "ops {\"id\":\"2\"}");
    }

    @Test
    void keeps_dead_letters_dead_with_what_was_said_of_them() throws IOException {
        end();
        assertThat(run(0, base.toString(), "discard", "waiting")).contains("2 discarded");
        assertThat(adopted()).containsExactly("dead the receiver answered 413 {\"id\":\"3\"}");
    }

    @Test
    void discards_everything_where_nothing_is_said() throws IOException {
        end();
        assertThat(run(0, base.toString(), "discard")).endsWith("in all: 3 discarded\n");
        assertThat(run(0, base.toString())).isEqualTo("nothing waits, and nothing is dead\n");
        assertThat(adopted()).isEmpty();
    }

    @Test
    void leaves_what_runs_as_it_is() throws IOException {
        assertThat(run(1, base.toString(), "discard"))
                .isEqualTo("shop/001-1 is running, and is left as it is\nin all: 0 discarded\n");
        assertThat(run(0, base.toString())).contains("dead for ops: 1");
        end();
    }

    @Test
    void says_that_a_folder_is_none_of_its_own_and_leaves_nothing_in_it() throws IOException {
        end();
        Path wrong = Files.createDirectories(base.resolveSibling(base.getFileName() + "-wrong"));
        Files.createDirectories(wrong.resolve("a/b"));
        Files.writeString(wrong.resolve("a/text"), "text");
        assertThat(run(2, wrong.toString())).contains("is no journal").contains("holdfast.journal");
        assertThat(run(2, wrong.toString(), "discard")).contains("is no journal");
        try (Stream<Path> all = Files.walk(wrong)) {
            assertThat(all).hasSize(4);
        }
    }

    @Test
    void has_nothing_to_say_of_an_empty_folder() throws IOException {
        end();
        Path empty = Files.createDirectories(base.resolveSibling(base.getFileName() + "-empty"));
        assertThat(run(0, empty.toString())).isEqualTo("nothing waits, and nothing is dead\n");
    }

    @Test
    void says_how_it_is_used() throws IOException {
        end();
        assertThat(run(2)).contains("journal <folder>");
        assertThat(run(2, "")).contains("journal <folder>");
        assertThat(run(2, base.toString(), "burn"))
                .contains("unknown action burn")
                .contains("journal <folder>");
        assertThat(run(2, base.toString(), "list", "dead", "ops", "mail"))
                .contains("too much: mail")
                .contains("journal <folder>");
        assertThat(run(2, base.toString(), "resend", "waiting"))
                .contains("what waits is sent anyway")
                .contains("journal <folder>");
        assertThat(run(2, base.resolve("missing").toString())).contains("there is no folder");
    }
}
