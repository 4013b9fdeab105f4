package dev.holdfast.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.runtime.log.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of files from a seed: every line counts, is warned of, or is named as the fault that it is. */
final class RandomFilesTest {

    private static final int FILES = 3_000;

    private static final Overridable RECOVER = new Overridable() {
        @Override
        public Map<String, Map<String, Rule<?>>> attributes() {
            return Map.of("Recover", Map.of("attempts", Rule.wholeNumber(1, 100), "delay", Rule.duration()));
        }
    };

    /**
     * A line that may be in a file.
     *
     * @param good what counts
     * @param bad what stops the start
     */
    private record Line(String key, List<String> good, List<String> bad) {}

    private static final List<Line> LINES = List.of(
            new Line("holdfast.log", List.of("info", "DEBUG", "error"), List.of("loud", "0")),
            new Line("holdfast.enabled", List.of("true", "false", " TRUE "), List.of("maybe", "1")),
            new Line("holdfast.invalid", List.of("fail", "warn"), List.of("ignore")),
            new Line("holdfast.redis.timeout", List.of("50ms", "1s"), List.of("50", "soon", "0s")),
            new Line("holdfast.Recover/attempts", List.of("1", "100", " 7"), List.of("0", "101", "three", "1.0")),
            new Line("holdfast.com.acme.Quotes/quote/Recover/delay", List.of("1ms"), List.of("-1ms", "1 ms")));

    private static final List<String> UNKNOWN = List.of(
            "holdfast.lgo",
            "holdfast.Recover/atempts",
            "holdfast.com.acme.Quotes/quote/Recver/delay",
            "holdfast.",
            "holdfast.a/b/c/d/e",
            "acme.other",
            "holdfast.redis.timeout.more",
            "\u00fc");

    @TempDir
    private Path folder;

    @Test
    void every_line_counts_or_is_told() throws IOException {
        Path path = folder.resolve("holdfast.properties");
        int read = 0;
        int refused = 0;
        for (int seed = 0; seed < FILES; seed++) {
            Random random = new Random(seed);
            Map<String, String> entries = new TreeMap<>();
            List<String> faulty = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            for (Line line : LINES) {
                int kind = random.nextInt(6);
                if (kind < 2) {
                    List<String> values = kind == 0 && random.nextInt(2) == 0 ? line.bad() : line.good();
                    entries.put(line.key(), values.get(random.nextInt(values.size())));
                    if (values == line.bad()) {
                        faulty.add(line.key());
                    }
                }
            }
            for (String key : UNKNOWN) {
                if (random.nextInt(8) == 0) {
                    entries.put(key, "7");
                    unknown.add(key);
                }
            }
            Files.write(path, text(entries, random).getBytes(StandardCharsets.UTF_8));
            Settings[] settings = new Settings[1];
            Throwable thrown = catchThrowable(
                    () -> settings[0] = Settings.read(Map.of("holdfast.config", path.toString()), Map.of(), RECOVER));
            String what = "seed " + seed + ": " + entries;
            if (faulty.isEmpty()) {
                read++;
                assertThat(thrown).as(what).isNull();
                counts(entries, settings[0], what);
                for (String key : unknown) {
                    if (key.startsWith("holdfast.")) {
                        assertThat(settings[0].warnings()).as(what).anyMatch(warning -> warning.contains(key));
                    } else { // somebody else's, in a file that they share
                        assertThat(settings[0].warnings()).as(what).noneMatch(warning -> warning.contains(key));
                    }
                }
            } else {
                refused++;
                assertThat(thrown).as(what).isExactlyInstanceOf(IllegalArgumentException.class);
                for (String key : faulty) {
                    assertThat(thrown).as(what).hasMessageContaining(key).hasMessageContaining("must be");
                }
            }
        }
        assertThat(List.of(read, refused)).allSatisfy(count -> assertThat(count).isGreaterThan(FILES / 10));
    }

    private static String text(Map<String, String> entries, Random random) {
        StringBuilder text = new StringBuilder();
        entries.forEach((key, value) -> {
            if (random.nextInt(4) == 0) {
                text.append(random.nextBoolean() ? "# a remark\n" : "\r\n\n");
            }
            text.append(key)
                    .append(random.nextBoolean() ? "=" : " : ")
                    .append(value)
                    .append('\n');
        });
        return text.toString();
    }

    private static void counts(Map<String, String> entries, Settings settings, String what) {
        assertThat(settings.get(Keys.LOG).name())
                .as(what)
                .isEqualToIgnoringCase(
                        entries.getOrDefault("holdfast.log", Level.INFO.name()).strip());
        assertThat(settings.get(Keys.ENABLED))
                .as(what)
                .isEqualTo(Boolean.parseBoolean(
                        entries.getOrDefault("holdfast.enabled", "true").strip()));
        Setting attempts = settings.find("com.acme.Orders", "send", "Recover", "attempts");
        String typed = entries.get("holdfast.Recover/attempts");
        assertThat(attempts == null ? null : attempts.value()).as(what).isEqualTo(typed == null ? null : typed.strip());
        Setting delay = settings.find("com.acme.Quotes", "quote", "Recover", "delay");
        assertThat(delay == null ? null : delay.value())
                .as(what)
                .isEqualTo(entries.get("holdfast.com.acme.Quotes/quote/Recover/delay"));
    }
}
