package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helps_where_nothing_is_asked() {
        assertThat(run()).isZero();
        assertThat(out.toString(UTF_8))
                .startsWith("Holdfast ")
                .contains("-javaagent:holdfast-agent.jar", "holdfast.config", "  holdfast.redis.timeout\n")
                .contains(
                        "  holdfast.channel.<name>\n",
                        "log:",
                        "file:/",
                        "smtp://",
                        "amqp",
                        "redis:?stream=",
                        "enabled=false");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helps_where_help_is_asked(String command) {
        assertThat(run(command)).isZero();
        assertThat(out.toString(UTF_8)).contains("Commands:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version", "-version", "-v"})
    void tells_the_version_in_one_line(String command) {
        assertThat(run(command)).isZero();
        assertThat(out.toString(UTF_8)).startsWith("Holdfast ").hasLineCount(1);
    }

    @Test
    void refuses_a_command_that_it_does_not_have() {
        assertThat(run("frobnicate")).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8))
                .contains("\"frobnicate\"", "help", "version")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "version"})
    void refuses_what_stands_behind_a_command_that_takes_nothing(String command) {
        assertThat(run(command, "extra", "more")).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8))
                .contains(command + " takes nothing behind it, was \"extra more\"; expected: ")
                .hasLineCount(1);
    }

    private int run(String... arguments) {
        return Main.run(arguments, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
