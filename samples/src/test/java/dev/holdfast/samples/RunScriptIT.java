package dev.holdfast.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.samples.Installed.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code samples/run.sh}, with all that it shows. Needs bash. */
final class RunScriptIT {

    @TempDir
    Path folder;

    private Installed installed;

    @BeforeEach
    void install() throws IOException {
        installed = Installed.into(folder);
    }

    @Test
    void under_the_agent_every_step_goes_as_promised() throws Exception {
        Run run = installed.script("--no-build");
        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.lines())
                .filteredOn(line -> line.startsWith("   NOT OK"))
                .as("%s", run)
                .isEmpty();
        assertThat(run.out()).contains("All 23 checks in 10 steps were as promised.");
        assertThat(run.err()).isEmpty();
        assertLeftNothing();
    }

    /** Else the checks might be such as cannot fail. */
    @Test
    void without_the_agent_the_steps_say_what_they_miss() throws Exception {
        Run run = installed.script("--no-build", "--without-agent");
        assertThat(run.exit()).as("%s", run).isEqualTo(1);
        assertThat(run.lines())
                .as("%s", run)
                .contains("   step 2: every customer got a fresh price all the same")
                .contains("   step 5: every customer got the last known price: lastGood = \"10m\"")
                .contains("   step 6: the market was left in peace")
                .contains(
                        "   step 7: there is no last known price, so it is the one on the list: fallback = \"listed\"");
        assertLeftNothing();
    }

    @Test
    void a_wrong_argument_is_answered_with_the_usage() throws Exception {
        Run run = installed.script("--no-bulid");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("unknown argument: --no-bulid").contains("usage: samples/run.sh");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void help_is_no_error() throws Exception {
        Run run = installed.script("--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("usage: samples/run.sh");
    }

    @Test
    void says_so_when_nothing_has_been_built() throws Exception {
        Files.delete(installed.root().resolve("agent/target/holdfast-agent.jar"));
        Run run = installed.script("--no-build");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("nothing has been built yet");
    }

    @Test
    void ends_what_it_has_started_when_it_is_ended() throws Exception {
        Path out = installed.root().resolve("out.txt");
        Process script = installed.start(
                List.of(installed.root().resolve("samples/run.sh").toString(), "--no-build"),
                out,
                installed.root().resolve("err.txt"));
        List<ProcessHandle> started;
        try {
            await(() -> script.isAlive() && Files.readString(out).contains("2. The market fails now and then"));
            started = script.descendants().filter(RunScriptIT::isJava).toList();
            assertThat(started).hasSize(3);
        } finally {
            script.destroy();
        }
        assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isEqualTo(143);
        assertThat(started).noneMatch(ProcessHandle::isAlive);
        assertLeftNothing();
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("java");
    }

    /** Also no file. */
    private void assertLeftNothing() throws IOException {
        try (Stream<Path> files = Files.list(installed.root().resolve("samples/target"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("prices.jar", "lib");
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                fail("it did not come to pass");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
