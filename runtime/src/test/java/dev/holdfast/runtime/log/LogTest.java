package dev.holdfast.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTest {

    @TempDir
    Path folder;

    @AfterEach
    void forget() {
        Log.level(Level.INFO);
    }

    @Test
    void tells_what_is_at_least_as_important_as_its_level() {
        assertThat(Log.tells(Level.INFO)).isTrue();
        assertThat(Log.tells(Level.DEBUG)).isFalse();
        Log.level(Level.ERROR);
        assertThat(Log.tells(Level.ERROR)).isTrue();
        assertThat(Log.tells(Level.WARN)).isFalse();
        Log.level(Level.DEBUG);
        assertThat(Log.tells(Level.DEBUG)).isTrue();
    }

    @Test
    void knows_levels_by_name_in_any_case() {
        assertThat(Level.of("Warn")).isEqualTo(Level.WARN);
        assertThat(Level.of("INFO")).isEqualTo(Level.INFO);
        assertThat(Level.of("loud")).isNull();
    }

    /** Says something as an agent does before main has run, and then is the main that sets its logging up. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) throws Exception {
            ClassLoader loader = Program.class.getClassLoader();
            Log.later(Level.WARN, loader, "said early", null);
            System.setProperty("logback.configurationFile", arguments[0]);
            if (arguments[1].equals("goes-on")) {
                Log.info(loader, "said in time", new IllegalStateException("why"));
                Log.debug(loader, "not said", null);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slf4j-2-logback", "slf4j-1-logback"})
    void logs_what_was_said_early_with_the_configuration_that_main_chose(String jars) throws Exception {
        Result result = run(jars, "goes-on");
        assertThat(result.stdout).isEqualTo("CHOSEN WARN said early\nCHOSEN INFO said in time\n");
        assertThat(result.stderr).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"slf4j-2-logback", "slf4j-1-logback"})
    void writes_what_was_said_early_to_stderr_where_the_program_ends_first(String jars) throws Exception {
        Result result = run(jars, "ends");
        assertThat(result.stdout).isEmpty();
        assertThat(result.stderr).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN holdfast: said early\n");
    }

    @Test
    void never_writes_to_stdout_where_there_is_no_logging() throws Exception {
        Result result = run("slf4j-2-alone", "goes-on");
        assertThat(result.stdout).isEmpty();
        assertThat(result.stderr)
                .contains("Z WARN holdfast: said early\n", "Z INFO holdfast: said in time\njava.lang.Illegal")
                .doesNotContain("not said", "SLF4J");
    }

    private record Result(String stdout, String stderr) {}

    private Result run(String jars, String how) throws IOException, InterruptedException {
        Path chosen = folder.resolve("chosen.xml");
        Files.writeString(chosen, """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>CHOSEN %level %msg%n%nopex</pattern></encoder>
                  </appender>
                  <root level="DEBUG"><appender-ref ref="OUT"/></root>
                </configuration>
                """);
        List<String> path = new ArrayList<>();
        path.add("target/classes");
        path.add("target/test-classes");
        for (Path jar : Application.jars(jars)) {
            path.add(jar.toString());
        }
        Path stdout = folder.resolve("stdout");
        Path stderr = folder.resolve("stderr");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(File.pathSeparator, path),
                        Program.class.getName(),
                        chosen.toString(),
                        how)
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        return new Result(
                Files.readString(stdout).replace(System.lineSeparator(), "\n"),
                Files.readString(stderr).replace(System.lineSeparator(), "\n"));
    }
}
