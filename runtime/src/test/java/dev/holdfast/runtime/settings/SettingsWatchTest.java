package dev.holdfast.runtime.settings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsWatchTest {

    @TempDir
    Path folder;

    private final Map<String, String> properties = new HashMap<>();
    private final List<Settings> handedOver = new ArrayList<>();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final PrintStream stderrBefore = System.err;
    private Path file = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
        file = folder.resolve("holdfast.properties");
        write("holdfast.log=info");
        properties.put("holdfast.config", file.toString());
    }

    @AfterEach
    void end() {
        System.setErr(stderrBefore);
        Log.level(Level.INFO);
    }

    @Test
    void hands_over_a_change_as_soon_as_it_has_been_seen_twice() throws IOException {
        SettingsWatch watch = watch();
        watch.look();
        write("holdfast.log=debug\nholdfast.invalid=warn\n");
        watch.look();
        assertThat(handedOver).isEmpty();
        watch.look();
        assertThat(handedOver).hasSize(1);
        assertThat(handedOver.get(0).get(Keys.LOG)).isEqualTo(Level.DEBUG);
        assertThat(logged())
                .containsExactly(
                        "INFO holdfast: " + file + " has changed and is applied: [holdfast.invalid, holdfast.log]");
        watch.look();
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void sees_a_change_that_leaves_length_and_modification_time_as_they_were() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        SettingsWatch watch = watch();
        write("holdfast.log=warn");
        Files.setLastModifiedTime(file, time);
        watch.look();
        watch.look();
        assertThat(handedOver.get(0).get(Keys.LOG)).isEqualTo(Level.WARN);
    }

    @Test
    void keeps_the_old_settings_while_the_file_has_a_fault_and_says_so_once() throws IOException {
        SettingsWatch watch = watch();
        write("holdfast.log=debug\nholdfast.invalid=maybe");
        for (int i = 0; i < 10; i++) {
            watch.look();
        }
        assertThat(handedOver).isEmpty();
        assertThat(logged())
                .containsExactly(
                        "ERROR holdfast: " + file + " is not applied, all stays as it was. The configuration is"
                                + " invalid: holdfast.invalid (file " + file
                                + ") must be fail or warn, was \"maybe\"; correct it, or"
                                + " leave it out for the default, fail");
        write("holdfast.log=debug\nholdfast.invalid=warn");
        watch.look();
        watch.look();
        assertThat(handedOver.get(0).get(Keys.INVALID)).isEqualTo(WhenInvalid.WARN);
    }

    @Test
    void refuses_what_is_no_properties_file_any_more() throws IOException {
        SettingsWatch watch = watch();
        Files.write(file, new byte[] {(byte) 0xC3, 0x28});
        watch.look();
        watch.look();
        assertThat(handedOver).isEmpty();
        assertThat(logged())
                .containsExactly("ERROR holdfast: " + file + " is not applied, all stays as it was. It"
                        + " must be text in UTF-8; save it in that encoding");
    }

    @Test
    void ignores_a_file_that_is_being_written_or_gone_for_a_moment() throws IOException {
        SettingsWatch watch = watch();
        write("");
        watch.look();
        write("holdfast.lo");
        watch.look();
        Files.delete(file);
        watch.look();
        write("holdfast.lo");
        watch.look();
        write("holdfast.log=info");
        watch.look();
        watch.look();
        assertThat(handedOver).isEmpty();
        assertThat(logged()).isEmpty();
    }

    @Test
    void follows_a_file_that_is_replaced_by_another() throws IOException {
        SettingsWatch watch = watch();
        Path other = folder.resolve("holdfast.properties.swp");
        Files.writeString(other, "holdfast.log=error");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        watch.look();
        watch.look();
        assertThat(handedOver.get(0).get(Keys.LOG)).isEqualTo(Level.ERROR);
    }

    @Test
    void keeps_the_settings_of_a_file_that_is_gone_and_says_so_once() throws IOException {
        SettingsWatch watch = watch();
        Files.delete(file);
        for (int i = 0; i < 20; i++) {
            watch.look();
        }
        assertThat(handedOver).isEmpty();
        assertThat(logged())
                .containsExactly("WARN holdfast: " + file
                        + " can no longer be read: there is no such file; its last content stays in force");
        write("holdfast.log=error");
        watch.look();
        watch.look();
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void lets_properties_win_over_what_the_file_says_now() throws IOException {
        properties.put("holdfast.log", "error");
        SettingsWatch watch = watch();
        write("holdfast.log=debug\nholdfast.Recover/attempts=7");
        watch.look();
        watch.look();
        assertThat(handedOver.get(0).get(Keys.LOG)).isEqualTo(Level.ERROR);
        assertThat(requireNonNull(handedOver.get(0).find("A", "b", "Recover", "attempts"))
                        .value())
                .isEqualTo("7");
    }

    @Test
    void warns_of_what_is_new_and_doubtful_and_of_what_counts_at_the_next_start() throws IOException {
        write("holdfast.lgo=info");
        SettingsWatch watch = watch();
        write("holdfast.lgo=info\nholdfast.wave=com.acme.*\nholdfast.weave=com.acme.*");
        watch.look();
        watch.look();
        assertThat(logged())
                .containsExactly(
                        "INFO holdfast: " + file + " has changed and is applied: [holdfast.wave]",
                        "WARN holdfast: unknown key holdfast.wave (file " + file
                                + "); the nearest known one is holdfast.weave",
                        "WARN holdfast: holdfast.weave has changed in " + file + ", which counts at the next start");
    }

    @Test
    void keeps_what_is_read_at_the_start_whatever_the_file_says_later() throws IOException {
        write("holdfast.redis.prefix=shop:");
        SettingsWatch watch = watch();
        write("holdfast.redis.prefix=other:\nholdfast.redis=redis://localhost:6379\nholdfast.log=debug");
        watch.look();
        watch.look();
        assertThat(handedOver.get(0).get(Keys.REDIS_PREFIX)).isEqualTo("shop:");
        assertThat(handedOver.get(0).find(Keys.REDIS)).isNull();
        assertThat(handedOver.get(0).hasValue("holdfast.redis")).isFalse();
        assertThat(handedOver.get(0).get(Keys.LOG)).isEqualTo(Level.DEBUG);
        write("holdfast.redis.prefix=shop:");
        watch.look();
        watch.look();
        assertThat(logged())
                .containsExactly(
                        "INFO holdfast: " + file + " has changed and is applied: [holdfast.log]",
                        "WARN holdfast: holdfast.redis has changed in " + file + ", which counts at the next start",
                        "WARN holdfast: holdfast.redis.prefix has changed in " + file
                                + ", which counts at the next start",
                        "INFO holdfast: " + file + " has changed and is applied: [holdfast.log]");
    }

    @Test
    void a_password_that_has_changed_counts_at_the_next_start_and_is_not_told() throws IOException {
        write("holdfast.redis=redis://:before@localhost\nholdfast.weave=com.acme.**");
        SettingsWatch watch = watch();
        write("holdfast.redis=redis://:after@localhost\nholdfast.weave=com.acme.**");
        watch.look();
        watch.look();
        assertThat(logged())
                .containsExactly(
                        "WARN holdfast: holdfast.redis has changed in " + file + ", which counts at the next start");
    }

    @Test
    void channels_are_judged_by_the_redis_that_is_in_use_and_not_by_what_counts_at_the_next_start() throws IOException {
        Overridable needsRedis = new Overridable() {
            @Override
            public Map<String, Map<String, Rule<?>>> attributes() {
                return Map.of();
            }

            @Override
            public List<String> channelFaults(String uri, boolean sharedRedis) {
                return sharedRedis ? List.of() : List.of("needs holdfast.redis");
            }
        };
        String channel = "holdfast.channel.ops=redis:?stream=s\n";
        write(channel + "holdfast.redis=redis://localhost");
        SettingsWatch watch = requireNonNull(
                SettingsWatch.over(Time.SYSTEM, Settings.read(properties, Map.of(), needsRedis), handedOver::add));
        write(channel + "holdfast.log=error");
        watch.look();
        watch.look();
        assertThat(handedOver).singleElement().satisfies(now -> {
            assertThat(now.get(Keys.LOG)).isEqualTo(Level.ERROR);
            assertThat(now.find(Keys.REDIS)).isNotNull();
        });
    }

    @Test
    void switches_all_off_and_on() throws IOException {
        write("");
        SettingsWatch watch = watch();
        write("holdfast.enabled=false");
        watch.look();
        watch.look();
        assertThat(handedOver.get(0).enables("A", "b", "Recover")).isFalse();
        write("holdfast.enabled=true");
        watch.look();
        watch.look();
        assertThat(handedOver.get(1).enables("A", "b", "Recover")).isTrue();
    }

    /** Whoever is handed the settings fails the first time. */
    private SettingsWatch failingOnce(Throwable planned) throws IOException {
        AtomicReference<@Nullable Throwable> fails = new AtomicReference<>(planned);
        return requireNonNull(SettingsWatch.over(Time.SYSTEM, read(), settings -> {
            Throwable failure = fails.getAndSet(null);
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException broken) {
                throw broken;
            }
            handedOver.add(settings);
        }));
    }

    @Test
    void says_that_settings_could_not_be_applied_and_goes_on() throws IOException {
        SettingsWatch watch = failingOnce(new IllegalStateException("no"));
        write("holdfast.log=error");
        watch.look();
        watch.look();
        assertThat(logged().get(0)).isEqualTo("ERROR holdfast: " + file + " was read but could not be applied");
        write("holdfast.log=warn");
        watch.look();
        watch.look();
        assertThat(handedOver.get(0).get(Keys.LOG)).isEqualTo(Level.WARN);
    }

    @Test
    void a_content_that_memory_did_not_suffice_for_is_tried_again() throws IOException {
        SettingsWatch watch = failingOnce(new OutOfMemoryError("planned"));
        write("holdfast.log=error");
        watch.look();
        assertThatThrownBy(watch::look).isInstanceOf(OutOfMemoryError.class);
        watch.look();
        watch.look();
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void settings_that_are_refused_change_nothing_and_are_told_once() throws IOException {
        SettingsWatch watch = requireNonNull(SettingsWatch.over(Time.SYSTEM, read(), settings -> {
            throw new IllegalArgumentException("com.acme.Quotes.quote(): it does not fit");
        }));
        write("holdfast.log=error");
        for (int i = 0; i < 4; i++) {
            watch.look();
        }
        assertThat(logged())
                .containsExactly("ERROR holdfast: " + file
                        + " is not applied, all stays as it was. com.acme.Quotes.quote(): it does not fit");
    }

    @Test
    void watches_nothing_where_no_file_is_named() {
        properties.clear();
        assertThat(SettingsWatch.start(Time.SYSTEM, read(), handedOver::add)).isNull();
    }

    @Test
    void looks_every_second_until_it_is_stopped() throws IOException {
        Seconds time = new Seconds();
        AtomicReference<Settings> last = new AtomicReference<>();
        SettingsWatch watch = requireNonNull(SettingsWatch.start(time, read(), last::set));
        write("holdfast.log=error");
        time.pass(2);
        await().untilAsserted(() ->
                assertThat(requireNonNull(last.get()).get(Keys.LOG)).isEqualTo(Level.ERROR));
        watch.stop();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("holdfast-config")));
    }

    @Test
    void hands_over_settings_or_says_why_not_for_any_content() throws IOException {
        Random random = new Random(42);
        SettingsWatch watch = watch();
        String[] parts = {
            "holdfast.", "log", "=", "info", "debug", "\n", "invalid", "fail", "\\u", "\\", "Recover/attempts", "é"
        };
        for (int i = 0; i < 2_000; i++) {
            StringBuilder content = new StringBuilder("# " + i + "\n");
            for (int part = random.nextInt(8); part > 0; part--) {
                content.append(parts[random.nextInt(parts.length)]);
            }
            write(content.toString());
            int before = handedOver.size();
            stderr.reset();
            watch.look();
            watch.look();
            boolean applied = handedOver.size() == before + 1;
            assertThat(logged().get(0))
                    .contains(applied ? " has changed and is applied: " : " is not applied, all stays");
        }
        assertThat(handedOver).hasSizeBetween(200, 1_900);
    }

    /** A clock of which each second is let go by hand. */
    private static final class Seconds implements Time {

        private final Semaphore passed = new Semaphore(0);

        void pass(int seconds) {
            passed.release(seconds);
        }

        @Override
        public void prepare() {}

        @Override
        public long nanoTime() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            assertThat(nanos).isEqualTo(1_000_000_000);
            passed.acquire();
        }

        @Override
        public boolean await(Semaphore signal, long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long epochMillis() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Scheduled scheduleWork(long delayNanos, Runnable task) {
            return schedule(delayNanos, task);
        }

        @Override
        public Scheduled schedule(long delayNanos, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    private SettingsWatch watch() {
        return requireNonNull(SettingsWatch.over(Time.SYSTEM, read(), handedOver::add));
    }

    private Settings read() {
        return Settings.read(properties, Map.of());
    }

    private void write(String content) throws IOException {
        Files.writeString(file, content);
    }

    /** The lines on stderr that are ours, without the time. */
    private List<String> logged() {
        return stderr.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" holdfast: "))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }
}
