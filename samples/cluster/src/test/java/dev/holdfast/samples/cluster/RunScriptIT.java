package dev.holdfast.samples.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code samples/cluster/run.sh}. Needs bash. */
final class RunScriptIT {

    private static final Path FROM = Path.of("../..").toAbsolutePath().normalize();

    private record Run(int exit, String out, String err) {}

    @TempDir
    Path folder;

    private Path root;

    /** What the build made, copied as somebody might have it who likes spaces in the names of folders. */
    @BeforeEach
    void install() throws IOException {
        root = Files.createDirectories(folder.resolve("my own holdfast"));
        List<Path> files = new ArrayList<>(List.of(
                Path.of("samples/common.sh"),
                Path.of("samples/cluster/run.sh"),
                Path.of("samples/cluster/target/cluster.jar"),
                Path.of("agent/target/holdfast-agent.jar")));
        try (Stream<Path> libraries = Files.list(FROM.resolve("samples/cluster/target/lib"))) {
            libraries.map(FROM::relativize).forEach(files::add);
        }
        for (Path file : files) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.copy(FROM.resolve(file), root.resolve(file), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @Test
    void help_is_no_error() throws Exception {
        Run run = run("--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("usage: samples/cluster/run.sh");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--balance fair         | --balance is \"fair\"; expected one of: round-robin random weighted least-conn all",
                "--fault everything     | --fault is \"everything\"; expected one of: none node redis-kill redis-hang broker all",
                "--users 0              | --users is 0; expected 1 to 200",
                "--seconds many         | --seconds is \"many\"; expected a whole number from 5 to 3600",
                "--seconds              | --seconds needs a value",
                "--ballance random      | unknown option: --ballance",
                "--soak --fault node    | --soak draws its faults itself; leave --fault away"
            })
    void a_wrong_option_is_told(String options, String said) throws Exception {
        Run run = run(options.split(" "));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(said).contains("--help");
        assertThat(run.out()).isEmpty();
    }

    /** Also that the checks can fail: the sessions of a container are not those of another. */
    @Test
    void without_the_agent_users_lose_their_sessions() throws Exception {
        ClusterIT.assumeNginx();
        Run run = run("--no-build", "--without-agent", "--seconds", "5", "--users", "4", "--broker", "stand-in");
        assertThat(run.exit()).as("%s", run).isEqualTo(1);
        assertThat(run.out()).contains("NOT OK  no session was lost, stale, or back after its end");
    }

    @Test
    void ends_what_it_has_started_when_it_is_ended() throws Exception {
        ClusterIT.assumeNginx();
        Path out = root.resolve("out.txt");
        Process script = start(out, root.resolve("err.txt"), "--no-build", "--fault", "redis-hang");
        List<ProcessHandle> started;
        try {
            await(() -> {
                assertThat(script.isAlive()).as("%s", Files.readString(out)).isTrue();
                return Files.readString(out).contains("Redis hangs");
            });
            started = script.descendants().toList();
            // The stage, Redis, the bank, three nodes, Nginx, and a broker.
            assertThat(started).hasSizeGreaterThan(7);
        } finally {
            script.destroy();
        }
        assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isEqualTo(143);
        assertThat(started).noneMatch(ProcessHandle::isAlive);
        try (Stream<Path> left = Files.list(root.resolve("samples/cluster/target"))) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("cluster.jar", "lib");
        }
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(root, "out", ".txt");
        Path err = Files.createTempFile(root, "err", ".txt");
        Process process = start(out, err, arguments);
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("not done: " + Files.readString(out));
            }
            return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            // By TERM, on which the script ends what it has started.
            process.destroy();
        }
    }

    private Process start(Path out, Path err, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(root.resolve("samples/cluster/run.sh").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                fail("it did not come to pass");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
