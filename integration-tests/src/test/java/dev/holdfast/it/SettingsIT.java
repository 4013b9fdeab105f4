package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.settings.Prices;
import dev.holdfast.it.programs.settings.Remembers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration: where it comes from, what beats what, and what is said of mistakes in it. */
class SettingsIT {

    private static final String PRICES = Prices.class.getName();

    private static Jvm jvm() {
        return Jvm.of(Jdk.running());
    }

    private static Path file(String name, String text) throws IOException {
        return Files.writeString(Jvm.work("settings").resolve(name), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "holdfast.Recover/attempts=5                                                           | one 5, two 5",
                "holdfast.dev.holdfast.it.programs.settings.Prices/Recover/attempts=5                  | one 5, two 5",
                "holdfast.dev.holdfast.it.programs.settings.Prices/one/Recover/attempts=5              | one 5, two 3",
                "holdfast.dev.holdfast.it.programs.settings.Prices/one/Recover/enabled=false           | one 1, two 3",
                "holdfast.Recover/enabled=false                                                        | one 1, two 1",
            })
    void attributes_are_overridden(String setting, String said) {
        assertThat(jvm().options("-D" + setting).run(PRICES).succeeds().lines()).containsExactly(said);
    }

    @Test
    void the_most_specific_override_wins_whatever_its_source() throws IOException {
        Path file = file("specific.properties", "holdfast." + PRICES + "/one/Recover/attempts=7\n");
        Jvm.Run run = jvm().options(
                        "-Dholdfast.config=" + file,
                        "-Dholdfast.Recover/attempts=5",
                        "-Dholdfast." + PRICES + "/Recover/attempts=6")
                .run(PRICES);
        assertThat(run.succeeds().lines()).containsExactly("one 7, two 6");
    }

    @Test
    void a_system_property_beats_the_environment_and_that_beats_the_file() throws IOException {
        Path file = file("sources.properties", "holdfast.Recover/attempts=5\n");
        assertThat(jvm().options("-Dholdfast.config=" + file).run(PRICES).lines())
                .containsExactly("one 5, two 5");
        assertThat(jvm().options("-Dholdfast.config=" + file)
                        .environment("HOLDFAST_RECOVER_ATTEMPTS", "6")
                        .run(PRICES)
                        .lines())
                .containsExactly("one 6, two 6");
        assertThat(jvm().options("-Dholdfast.config=" + file, "-Dholdfast.Recover/attempts=7")
                        .environment("HOLDFAST_RECOVER_ATTEMPTS", "6")
                        .run(PRICES)
                        .lines())
                .containsExactly("one 7, two 7");
    }

    @Test
    void the_environment_switches_it_off() {
        assertThat(jvm().environment("HOLDFAST_ENABLED", "false").run(PRICES).lines())
                .containsExactly("one 1, two 1");
    }

    @Test
    void a_change_of_the_file_applies_to_running_code() throws IOException {
        Path file = file("watched.properties", "holdfast.Recover/attempts=2\n");
        Jvm.Run run = jvm().options("-Dholdfast.config=" + file)
                .run(PRICES, file.toString(), "holdfast." + PRICES + "/two/Recover/attempts=4\n");
        assertThat(run.succeeds().lines()).containsExactly("one 2, two 2", "one 3, two 4");
    }

    @Test
    void a_faulty_change_keeps_what_was_and_says_why() throws IOException {
        Path file = file("faulty.properties", "holdfast.Recover/attempts=2\n");
        Jvm.Run run =
                jvm().options("-Dholdfast.config=" + file).run(PRICES, file.toString(), "holdfast.invalid=perhaps\n");
        assertThat(run.succeeds().lines()).containsExactly("one 2, two 2", "one 2, two 2");
        assertThat(run.err()).as("%s", run).contains("holdfast.invalid").contains("perhaps");
    }

    @Test
    void a_change_that_would_make_a_definition_invalid_is_refused_whole() throws IOException {
        Path file = file("unfit.properties", "holdfast.Recover/attempts=2\n");
        Jvm.Run run = jvm().options("-Dholdfast.config=" + file)
                .run(
                        PRICES,
                        file.toString(),
                        "holdfast.Recover/attempts=4\nholdfast." + PRICES + "/two/Recover/fallback=nowhere\n");
        assertThat(run.succeeds().lines()).containsExactly("one 2, two 2", "one 2, two 2");
        assertThat(run.err()).as("%s", run).contains("fallback \"nowhere\"").contains(PRICES + ".two(");
    }

    @Test
    void a_change_keeps_what_the_policies_remember() throws IOException {
        Path file = file("remembered.properties", "");
        Jvm.Run run = jvm().options("-Dholdfast.config=" + file).run(Remembers.class.getName(), file.toString());
        assertThat(run.succeeds().lines()).containsExactly("all is remembered");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "holdfast.invalid  | perhaps | fail",
                "holdfast.enabled  | yes     | true",
                "holdfast.log      | loud    | info",
                "holdfast.weave    | a..b    | pkg",
            })
    void an_invalid_value_stops_the_start(String key, String value, String remedy) {
        Jvm.Run run = jvm().options("-D" + key + "=" + value).run(PRICES);
        assertThat(run.exit()).as("%s", run).isNotZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(key).contains(value).containsIgnoringCase(remedy);
        assertThat(run.err().lines().filter(line -> line.contains(key)))
                .as("%s", run)
                .hasSize(1);
    }

    @Test
    void a_named_file_that_is_missing_stops_the_start() {
        Jvm.Run run =
                jvm().options("-Dholdfast.config=/nowhere/holdfast.properties").run(PRICES);
        assertThat(run.exit()).as("%s", run).isNotZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("holdfast.config").contains("/nowhere/holdfast.properties");
    }

    @Test
    void an_unknown_key_is_warned_of_with_the_nearest_known_one() {
        Jvm.Run run = jvm().options("-Dholdfast.enabeld=true").run(PRICES);
        assertThat(run.succeeds().lines()).containsExactly("one 3, two 3");
        assertThat(run.err()).as("%s", run).contains("holdfast.enabeld").contains("holdfast.enabled");
    }
}
