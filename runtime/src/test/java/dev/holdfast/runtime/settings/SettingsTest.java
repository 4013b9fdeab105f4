package dev.holdfast.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.runtime.log.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    /** What a room could tell. */
    private static final Overridable RECOVER = new Overridable() {
        @Override
        public Map<String, Map<String, Rule<?>>> attributes() {
            return Map.of(
                    "Recover",
                    Map.of(
                            "attempts", Rule.wholeNumber(1, Integer.MAX_VALUE),
                            "delay", Rule.duration(),
                            "jitter", Rule.number(0, 1),
                            "on", Rule.classNames(),
                            "within", Rule.durationOrNone(),
                            "fallback", Rule.text(),
                            "breaker/openFor", Rule.duration()),
                    "RateLimited",
                    Map.of("permits", Rule.wholeNumber(1, Long.MAX_VALUE)));
        }
    };

    @TempDir
    Path folder;

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void has_a_default_for_everything_but_the_file() {
        Settings settings = read();
        assertThat(settings.get(Keys.ENABLED)).isTrue();
        assertThat(settings.get(Keys.WEAVE).test("com.acme.Quotes")).isTrue();
        assertThat(settings.get(Keys.INVALID)).isEqualTo(WhenInvalid.FAIL);
        assertThat(settings.get(Keys.LOG)).isEqualTo(Level.INFO);
        assertThat(settings.find(Keys.CONFIG)).isNull();
        assertThat(settings.warnings()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> settings.get(Keys.CONFIG));
    }

    @Test
    void prefers_properties_to_the_environment_to_the_file() {
        write("holdfast.log=error\nholdfast.invalid=warn\nholdfast.enabled=false\n");
        environment.put("HOLDFAST_LOG", "warn");
        environment.put("HOLDFAST_INVALID", "fail");
        properties.put("holdfast.log", "debug");
        Settings settings = read();
        assertThat(settings.get(Keys.LOG)).isEqualTo(Level.DEBUG);
        assertThat(settings.get(Keys.INVALID)).isEqualTo(WhenInvalid.FAIL);
        assertThat(settings.get(Keys.ENABLED)).isFalse();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void finds_the_file_by_the_environment_too() {
        write("holdfast.log=error");
        environment.put("HOLDFAST_CONFIG", properties.remove("holdfast.config"));
        assertThat(read().get(Keys.LOG)).isEqualTo(Level.ERROR);
    }

    @Test
    void takes_an_empty_variable_as_none() {
        environment.put("HOLDFAST_LOG", "");
        environment.put("HOLDFAST_CONFIG", " ");
        assertThat(read().get(Keys.LOG)).isEqualTo(Level.INFO);
    }

    @Test
    void reads_values_in_any_case_with_spaces_around() {
        properties.put("holdfast.log", " WARN ");
        properties.put("holdfast.enabled", "False");
        Settings settings = read();
        assertThat(settings.get(Keys.LOG)).isEqualTo(Level.WARN);
        assertThat(settings.get(Keys.ENABLED)).isFalse();
    }

    @Test
    void says_key_source_rule_value_and_remedy_of_an_invalid_value() {
        properties.put("holdfast.log", "loud");
        assertFails(
                "The configuration is invalid: holdfast.log (system property) must be error, warn, info or debug, was"
                        + " \"loud\"; correct it, or leave it out for the default, info");
    }

    @Test
    void asks_whether_the_nearest_choice_was_meant() {
        environment.put("HOLDFAST_LOG", "warning");
        assertFails(
                "The configuration is invalid: holdfast.log (environment variable HOLDFAST_LOG) must be error, warn, info"
                        + " or debug, was \"warning\"; did you mean warn?");
    }

    @Test
    void tells_all_faults_at_once() {
        Path file = write("holdfast.invalid=maybe\nholdfast.Recover/attempts=0");
        properties.put("holdfast.enabled", "yes");
        properties.put("holdfast.weave", "com.*.acme");
        assertFails("The configuration has 4 faults:\n"
                + "  holdfast.enabled (system property) must be true or false, was \"yes\"; correct it, or leave it out for the"
                + " default, true\n"
                + "  holdfast.weave (system property) must be " + WeavePatterns.FORM
                + "; not a pattern: \"com.*.acme\"; correct it, or leave it out\n"
                + "  holdfast.invalid (file " + file
                + ") must be fail or warn, was \"maybe\"; correct it, or leave it out for"
                + " the default, fail\n"
                + "  holdfast.Recover/attempts (file " + file
                + ") must be a whole number, 1 or more, was \"0\"; correct it, or"
                + " leave it out for what the annotation says");
    }

    @Test
    void stops_the_start_where_the_file_is_missing() {
        properties.put("holdfast.config", folder.resolve("none.properties").toString());
        assertFails(
                "The configuration is invalid: holdfast.config (system property) must be the path of a file that can be"
                        + " read, was \"" + folder.resolve("none.properties")
                        + "\": there is no such file; correct the path, or leave it out");
    }

    @Test
    void stops_the_start_where_the_file_is_a_folder() {
        properties.put("holdfast.config", folder.toString());
        assertThatIllegalArgumentException()
                .isThrownBy(this::read)
                .withMessageContaining("that is not a file; correct the path");
    }

    @Test
    void stops_the_start_where_the_path_is_empty() {
        properties.put("holdfast.config", "");
        assertFails(
                "The configuration is invalid: holdfast.config (system property) must be the path of a file, was \"\";"
                        + " correct it, or leave it out");
    }

    @Test
    void stops_the_start_where_the_file_is_too_large_to_be_one() throws IOException {
        Path file = write("");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThatIllegalArgumentException()
                .isThrownBy(this::read)
                .withMessageContaining("it is larger than 1 MiB; correct the path");
    }

    @Test
    void stops_the_start_where_the_file_is_not_in_utf_8() throws IOException {
        Path file = write("");
        Files.write(file, "# für alle".getBytes(StandardCharsets.ISO_8859_1));
        assertFails("The configuration is invalid: holdfast.config (system property): " + file
                + " must be text in UTF-8; save it in that encoding");
    }

    @Test
    void stops_the_start_where_the_file_has_a_backslash_too_few() {
        Path file = write("holdfast.Recover/fallback=c:\\users");
        assertFails(
                "The configuration is invalid: holdfast.config (system property): " + file
                        + " must be in properties syntax, has a \\u without four hexadecimal digits; write \\\\ for a backslash");
    }

    @Test
    void reads_a_file_in_utf_8_with_or_without_a_mark() {
        write("\uFEFFholdfast.Recover/fallback=für");
        assertThat(find("com.acme.Quotes", "quote", "fallback")).isEqualTo("für");
    }

    @Test
    void warns_of_an_unknown_key_and_names_the_nearest() {
        Path file = write("holdfast.wave=com.acme.**\nlog=debug\n");
        properties.put("holdfast.lgo", "debug");
        environment.put("HOLDFAST_ENABLE", "false");
        properties.put("other.key", "1");
        properties.put("holdfast.chanel.ops", "log:");
        environment.put("OTHER", "1");
        assertThat(read().warnings())
                .containsExactlyInAnyOrder(
                        "unknown key holdfast.chanel.ops (system property); the nearest known one is"
                                + " holdfast.channel.<name>",
                        "unknown key holdfast.lgo (system property); the nearest known one is holdfast.log",
                        "unknown environment variable HOLDFAST_ENABLE; the nearest known one is HOLDFAST_ENABLED",
                        "unknown key holdfast.wave (file " + file + "); the nearest known one is holdfast.weave",
                        "unknown key log (file " + file + "); the nearest known one is holdfast.log");
    }

    /** Kubernetes names variables after services: one called "holdfast" gives HOLDFAST_PORT to each of its neighbours. */
    @Test
    void is_silent_about_variables_that_only_begin_like_ours() {
        environment.put("HOLDFAST_PORT_8080_TCP_ADDR", "10.0.0.1");
        environment.put("HOLDFAST_SERVICE_HOST", "10.0.0.1");
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void warns_of_what_is_there_twice_or_in_the_wrong_place() {
        Path file = write("holdfast.log=warn\nholdfast.log=error\nholdfast.config=other\n");
        Settings settings = read();
        assertThat(settings.get(Keys.LOG)).isEqualTo(Level.ERROR);
        assertThat(settings.warnings())
                .containsExactly(
                        "holdfast.log (file " + file + ") is there more than once; the last one counts",
                        "holdfast.config (file " + file + ") counts only as a system property or environment variable");
    }

    @Test
    void warns_of_a_class_that_looks_like_a_package() {
        properties.put("holdfast.weave", "com.acme");
        assertThat(read().warnings())
                .containsExactly(
                        "holdfast.weave (system property): \"com.acme\" stands for a class; for a package write"
                                + " com.acme.**");
    }

    @Test
    void finds_the_most_specific_override_wherever_it_was_given() {
        properties.put("holdfast.Recover/attempts", "1");
        assertThat(find("com.acme.Quotes", "quote", "attempts")).isEqualTo("1");
        environment.put("HOLDFAST_COM_ACME_QUOTES_RECOVER_ATTEMPTS", "2");
        assertThat(find("com.acme.Quotes", "quote", "attempts")).isEqualTo("2");
        Path file = write("holdfast.com.acme.Quotes/quote/Recover/attempts=3");
        assertThat(read().find("com.acme.Quotes", "quote", "Recover", "attempts"))
                .isEqualTo(new Setting("holdfast.com.acme.Quotes/quote/Recover/attempts", "3", "file " + file));
        assertThat(find("com.acme.Quotes", "other", "attempts")).isEqualTo("2");
        assertThat(find("com.acme.Other", "quote", "attempts")).isEqualTo("1");
        assertThat(find("com.acme.Quotes", "quote", "delay")).isNull();
    }

    @Test
    void prefers_by_source_among_overrides_that_are_equally_specific() {
        write("holdfast.com.acme.Quotes/Recover/delay=3s");
        assertThat(find("com.acme.Quotes", "quote", "delay")).isEqualTo("3s");
        environment.put("HOLDFAST_COM_ACME_QUOTES_RECOVER_DELAY", "2s");
        assertThat(find("com.acme.Quotes", "quote", "delay")).isEqualTo("2s");
        properties.put("holdfast.com.acme.Quotes/Recover/delay", "1s");
        assertThat(find("com.acme.Quotes", "quote", "delay")).isEqualTo("1s");
    }

    @Test
    void overrides_attributes_of_nested_annotations() {
        properties.put("holdfast.com.acme.Quotes/quote/Recover/breaker/openFor", "1s");
        environment.put("HOLDFAST_RECOVER_BREAKER_OPENFOR", "2s");
        assertThat(find("com.acme.Quotes", "quote", "breaker/openFor")).isEqualTo("1s");
        assertThat(find("com.acme.Quotes", "other", "breaker/openFor")).isEqualTo("2s");
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void finds_nested_classes_by_either_name_the_exact_one_first() {
        properties.put("holdfast.com.acme.Outer.Inner/Recover/attempts", "2");
        assertThat(find("com.acme.Outer$Inner", "quote", "attempts")).isEqualTo("2");
        assertThat(find("com.acme.Outer.Inner", "quote", "attempts")).isEqualTo("2");
        properties.put("holdfast.com.acme.Outer$Inner/Recover/attempts", "3");
        assertThat(find("com.acme.Outer$Inner", "quote", "attempts")).isEqualTo("3");
        assertThat(find("com.acme.Outer.Inner", "quote", "attempts")).isEqualTo("2");
    }

    @Test
    void takes_a_nested_class_by_name_from_the_environment() {
        environment.put("HOLDFAST_COM_ACME_OUTER_INNER_QUOTE_RECOVER_ATTEMPTS", "2");
        assertThat(find("com.acme.Outer$Inner", "quote", "attempts")).isEqualTo("2");
    }

    @Test
    void switches_an_annotation_off_and_for_one_method_on_again() {
        properties.put("holdfast.Recover/enabled", "false");
        properties.put("holdfast.com.acme.Quotes/quote/Recover/enabled", "TRUE");
        Settings settings = read();
        assertThat(settings.enables("com.acme.Quotes", "quote", "Recover")).isTrue();
        assertThat(settings.enables("com.acme.Quotes", "other", "Recover")).isFalse();
        assertThat(settings.enables("com.acme.Quotes", "other", "RateLimited")).isTrue();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void overrides_a_method_that_bears_the_name_of_an_annotation() {
        properties.put("holdfast.com.acme.Quotes/Recover/Recover/attempts", "2");
        assertThat(find("com.acme.Quotes", "Recover", "attempts")).isEqualTo("2");
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void warns_of_an_override_of_what_there_is_not() {
        properties.put("holdfast.Recover/atempts", "2");
        properties.put("holdfast.com.acme.Quotes/quote/Recovr/attempts", "2");
        properties.put("holdfast.com.acme.Quotes/Recover/breaker/openfor", "2s");
        properties.put("holdfast.com.acme.Quotes/Recover/enable", "false");
        environment.put("HOLDFAST_RECOVER_ATEMPTS", "2");
        assertThat(read().warnings())
                .containsExactlyInAnyOrder(
                        "unknown key holdfast.Recover/atempts (system property); @Recover has no such attribute, the nearest"
                                + " is attempts",
                        "unknown key holdfast.com.acme.Quotes/quote/Recovr/attempts (system property); an override is"
                                + " [class/[method/]]annotation/attribute, and the nearest known annotation is Recover",
                        "unknown key holdfast.com.acme.Quotes/Recover/breaker/openfor (system property); @Recover has no such"
                                + " attribute, the nearest is breaker/openFor",
                        "unknown key holdfast.com.acme.Quotes/Recover/enable (system property); @Recover has no such"
                                + " attribute, the nearest is enabled",
                        "unknown environment variable HOLDFAST_RECOVER_ATEMPTS; the nearest known one is"
                                + " HOLDFAST_RECOVER_ATTEMPTS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attempts        | 0      | must be a whole number, 1 or more, was \"0\"",
                "attempts        | two    | must be a whole number, 1 or more, was \"two\"",
                "attempts        | 3.0    | must be a whole number, 1 or more, was \"3.0\"",
                "attempts        | 9999999999 | must be a whole number, 1 or more, was \"9999999999\"",
                "jitter          | 1.1    | must be a number, 0 to 1, was \"1.1\"",
                "jitter          | NaN    | must be a number, 0 to 1, was \"NaN\"",
                "on              | a..b   | must be names of classes, separated by commas, as in java.io.IOException, was \"a..b\"",
                "enabled         | no     | must be true or false, was \"no\"",
            })
    void refuses_an_override_by_a_value_that_cannot_be(String attribute, String value, String message) {
        properties.put("holdfast.Recover/" + attribute, value);
        assertFails("The configuration is invalid: holdfast.Recover/" + attribute + " (system property) " + message
                + "; correct it, or leave it out for what the annotation says");
        properties.clear();
        String variable = "HOLDFAST_COM_ACME_RECOVER_" + attribute.toUpperCase(java.util.Locale.ROOT);
        environment.put(variable, value);
        assertFails("The configuration is invalid: " + variable + " (environment variable) " + message
                + "; correct it, or leave it out for what the annotation says");
    }

    @Test
    void takes_overrides_as_they_are_where_nobody_can_tell() {
        properties.put("holdfast.com.acme.Quotes/Whatever/it", "is");
        environment.put("HOLDFAST_WHATEVER_THAT", "was");
        Settings settings = Settings.read(properties, environment);
        Setting it = settings.find("com.acme.Quotes", "quote", "Whatever", "it");
        Setting that = settings.find("com.acme.Quotes", "quote", "Whatever", "that");
        assertThat(it).isEqualTo(new Setting("holdfast.com.acme.Quotes/Whatever/it", "is", "system property"));
        assertThat(that).isEqualTo(new Setting("HOLDFAST_WHATEVER_THAT", "was", "environment variable"));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void gives_settings_or_a_message_for_any_properties() throws IOException {
        Random random = new Random(42);
        Path file = write("");
        String configured = file.toString();
        int settings = 0;
        int messages = 0;
        for (int i = 0; i < 5_000; i++) {
            properties.clear();
            environment.clear();
            properties.put("holdfast.config", configured);
            if (random.nextInt(4) == 0) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                Files.write(file, noise);
            } else {
                StringBuilder lines = new StringBuilder();
                for (int line = random.nextInt(4); line > 0; line--) {
                    lines.append(anyKey(random))
                            .append('=')
                            .append(anyValue(random))
                            .append('\n');
                }
                Files.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
            }
            for (int entry = random.nextInt(3); entry > 0; entry--) {
                properties.put(anyKey(random), anyValue(random));
                environment.put(Shown.environmentForm(anyKey(random)), anyValue(random));
            }
            try {
                Settings read = read();
                read.enables("com.acme.Outer$Inner", "quote", "Recover");
                settings++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageStartingWith("The configuration ");
                messages++;
            }
        }
        assertThat(settings).isGreaterThan(500);
        assertThat(messages).isGreaterThan(500);
    }

    private static String anyKey(Random random) {
        String[] parts = {
            "holdfast.",
            "holdfast.",
            "log",
            "enabled",
            "weave",
            "config",
            "invalid",
            "/",
            "Recover",
            "RateLimited",
            "attempts",
            "breaker/openFor",
            "com.acme.Outer$Inner",
            ".",
            "#",
            "\\u",
            "\\",
            " ",
            "é",
            "\uD83D",
            "\u0000",
            "enabled",
            "="
        };
        StringBuilder key = new StringBuilder(random.nextBoolean() ? "holdfast." : "");
        for (int part = 1 + random.nextInt(4); part > 0; part--) {
            key.append(parts[random.nextInt(parts.length)]);
        }
        return key.toString();
    }

    private static String anyValue(Random random) {
        String[] parts = {
            "true",
            "false",
            "info",
            "warn",
            "fail",
            "com.acme.**",
            "!",
            ",",
            "*",
            "1",
            "0",
            "-1",
            "99999999999999999999",
            "1s",
            "NaN",
            "Infinity",
            "\\u00",
            "\\",
            "\n",
            "\r",
            " ",
            "\u0000",
            "é",
            "\uDE00",
            "x".repeat(300),
            "null"
        };
        StringBuilder value = new StringBuilder();
        for (int part = random.nextInt(3); part > 0; part--) {
            value.append(parts[random.nextInt(parts.length)]);
        }
        return value.toString();
    }

    private Settings read() {
        return Settings.read(properties, environment, RECOVER);
    }

    private @Nullable String find(String className, String method, String attribute) {
        Setting found = read().find(className, method, "Recover", attribute);
        return found == null ? null : found.value();
    }

    private void assertFails(String message) {
        assertThatIllegalArgumentException().isThrownBy(this::read).withMessage(message);
    }

    private Path write(String content) {
        Path file = folder.resolve("holdfast.properties");
        try {
            Files.writeString(file, content);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        properties.put("holdfast.config", file.toString());
        return file;
    }
}
