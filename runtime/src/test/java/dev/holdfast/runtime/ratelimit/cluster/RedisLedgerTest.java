package dev.holdfast.runtime.ratelimit.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.redis.JedisRedis;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.redis.Script;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts on a real server: against the model, by a clock that is told to them, and by the server's own. */
@SuppressWarnings("NullAway.Init") // set before all
final class RedisLedgerTest {

    private static final int QUESTIONS = 4000;

    private static RedisServer server;
    private static Redis redis;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        redis = JedisRedis.connect(
                RedisAddress.of(server.url()), TimeUnit.SECONDS.toNanos(5), "holdfast:", Time.SYSTEM);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** The scripts with a clock that is their last argument. */
    private static final class Told implements Redis {

        long micros;

        @Override
        public @Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again)
                throws RedisUnavailableException {
            String name = script == RedisLedger.WINDOW ? "window.lua" : "bucket.lua";
            String text = text(name).replace("redis.call('TIME')", "{ 0, tonumber(ARGV[#ARGV]) }");
            assertThat(text).contains("tonumber(ARGV[#ARGV])");
            List<byte[]> all = new ArrayList<>(arguments);
            all.add(Long.toString(micros).getBytes(ISO_8859_1));
            return redis.eval(Script.of(text), keys, all);
        }

        @Override
        public boolean isAvailable(byte[] key) {
            return true;
        }
    }

    private static String text(String script) {
        try (InputStream in = RedisLedger.class.getResourceAsStream(script)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static RateSettings settings(Algorithm algorithm, long permits, Duration per, long capacity) {
        return new RateSettings(algorithm, permits, per.toNanos(), capacity, true, true, Unavailable.DENY);
    }

    private static RateSettings random(Algorithm algorithm, SplittableRandom random) {
        boolean many = algorithm == Algorithm.SLIDING_WINDOW && random.nextInt(4) == 0;
        long permits = many
                ? random.nextLong(1_000_000_000, 1_000_000_000_000L)
                : random.nextInt(3) == 0 ? random.nextLong(1, 1_000_000) : random.nextLong(1, 200);
        Duration per =
                Duration.ofMillis(random.nextInt(3) == 0 ? random.nextLong(1, 100_000_000) : random.nextLong(1, 3000));
        return settings(
                algorithm,
                permits,
                per,
                algorithm == Algorithm.TOKEN_BUCKET ? random.nextLong(1, 2 * permits + 1) : permits);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void the_scripts_say_what_the_model_says(Algorithm algorithm) throws Exception {
        SplittableRandom random = new SplittableRandom(algorithm.name().length());
        Told told = new Told();
        told.micros = 1_764_000_000_123_456L;
        int granted = 0;
        int denied = 0;
        RedisLedger script = new RedisLedger(told, ("model:{" + algorithm + "}").getBytes(UTF_8));
        ModelLedger model = new ModelLedger(() -> told.micros);
        Terms terms = Terms.of(random(algorithm, random));
        @Nullable Grant last = null;
        for (int i = 0; i < QUESTIONS; i++) {
            if (i > 0 && i % 200 == 0) {
                server.command("FLUSHALL");
                terms = Terms.of(random(algorithm, random));
                model = new ModelLedger(() -> told.micros);
                last = null;
            } else if (i % 200 == 150) {
                terms = changed(terms, random);
            }
            Ask ask = ask(terms, last, random);
            Grant grant = script.ask(terms, ask);
            assertThat(grant)
                    .as("question %d: %s of %s at %d", i, ask, terms, told.micros)
                    .isEqualTo(model.ask(terms, ask));
            if (grant.permits() > 0) {
                granted++;
                last = grant;
            } else {
                denied++;
            }
            long step = Math.max(4, terms.nanosOf(3) / 1000);
            told.micros += switch (random.nextInt(60)) {
                case 0 -> -random.nextLong(900_000); // set right
                case 1 -> -random.nextLong(2_000_000, 100_000_000); // put back
                case 2 -> TimeUnit.NANOSECONDS.toMicros(terms.perNanos());
                case 3, 4, 5, 6, 7, 8, 9 -> TimeUnit.NANOSECONDS.toMicros(grant.waitNanos());
                default -> random.nextLong(step);
            };
        }
        assertThat(granted).isGreaterThan(QUESTIONS / 10);
        assertThat(denied).isGreaterThan(QUESTIONS / 10);
    }

    private static Ask ask(Terms terms, @Nullable Grant last, SplittableRandom random) {
        long least = random.nextLong(1, Math.min(terms.capacity(), 5) + 1);
        long most = Math.min(terms.capacity(), least + random.nextLong(Math.max(1, terms.capacity() / 4)));
        boolean leaky = terms.algorithm() == Algorithm.LEAKY_BUCKET;
        long hold = random.nextInt(3) == 0 ? 0 : random.nextLong(1, 50_000_000);
        Grant back = random.nextInt(5) == 0 ? last : null;
        boolean reserves = random.nextInt(4) == 0;
        Ask.Ahead ahead = new Ask.Ahead(
                reserves ? random.nextLong(1, 80_000_000) : 0,
                random.nextInt(3) == 0 ? 0 : random.nextLong(300_000_000),
                last == null || random.nextInt(5) == 0 ? 0 : last.stamp(),
                switch (random.nextInt(5)) {
                    case 0 -> random.nextLong(1, 50_000_000);
                    case 1 -> -random.nextLong(1, 50_000_000);
                    default -> 0;
                });
        return new Ask(
                least,
                !reserves && random.nextInt(10) == 0 ? 0 : leaky ? least : most,
                leaky ? least : terms.capacity(),
                hold,
                back == null ? 0 : random.nextLong(1, back.permits() + 1),
                back == null ? 0 : back.stamp(),
                random.nextInt(40) == 0 ? random.nextLong(1, 10) : 0,
                ahead);
    }

    /** The windows of the model know nothing of other lengths. */
    private static Terms changed(Terms terms, SplittableRandom random) {
        long permits = random.nextLong(1, 2 * terms.permits() + 1);
        return Terms.of(settings(
                terms.algorithm(),
                permits,
                terms.isWindow() ? Duration.ofNanos(terms.perNanos()) : Duration.ofNanos(1 + terms.perNanos() * 2 / 3),
                terms.algorithm() == Algorithm.TOKEN_BUCKET ? terms.capacity() : permits));
    }

    @Test
    void a_window_of_another_length_goes_on_with_what_counts() throws Exception {
        Told told = new Told();
        told.micros = 1_764_000_000_000_000L; // a whole minute
        RedisLedger ledger = new RedisLedger(told, "{length}".getBytes(UTF_8));
        Terms minute = Terms.of(settings(Algorithm.FIXED_WINDOW, 10, Duration.ofMinutes(1), 10));
        assertThat(ledger.ask(minute, new Ask(7, 7, 10, 0, 0, 0, 0)).permits()).isEqualTo(7);
        Terms seconds = Terms.of(settings(Algorithm.FIXED_WINDOW, 10, Duration.ofSeconds(20), 10));
        told.micros += 5_000_000;
        assertThat(ledger.ask(seconds, new Ask(4, 4, 10, 0, 0, 0, 0)))
                .isEqualTo(new Grant(0, 15_000_000_000L, 15_000_000_000L, 88_200_000, 7, 3));
        assertThat(ledger.ask(seconds, new Ask(3, 3, 10, 0, 0, 0, 0)).permits()).isEqualTo(3);
    }

    /** A billion bytes a day, say: half a day after the half of a window nothing is forgotten but what it should be. */
    @Test
    void large_windows_slide() throws Exception {
        Told told = new Told();
        told.micros = 1_764_000_000_000_000L; // a whole multiple of 8 s
        RedisLedger ledger = new RedisLedger(told, "{slides}".getBytes(UTF_8));
        long all = 1_000_000_000_000L;
        Terms terms = Terms.of(settings(Algorithm.SLIDING_WINDOW, all, Duration.ofSeconds(8), all));
        assertThat(ledger.ask(terms, new Ask(all, all, all, 0, 0, 0, 0)).permits())
                .isEqualTo(all);
        assertThat(ledger.ask(terms, new Ask(1, 1, all, 0, 0, 0, 0)).waitNanos())
                .isBetween(8_000_000_000L, 8_010_000_000L);
        told.micros += 12_000_000;
        assertThat(ledger.ask(terms, new Ask(1, all, all, 0, 0, 0, 0)).permits())
                .isBetween(all / 2 - all / 1000, all / 2);
    }

    @Test
    void a_bucket_of_another_rate_goes_on_with_what_was_consumed() throws Exception {
        Told told = new Told();
        told.micros = 1_764_000_000_000_000L;
        RedisLedger ledger = new RedisLedger(told, "{rate}".getBytes(UTF_8));
        Terms slow = Terms.of(settings(Algorithm.TOKEN_BUCKET, 10, Duration.ofMinutes(1), 10));
        assertThat(ledger.ask(slow, new Ask(10, 10, 10, 0, 0, 0, 0)).permits()).isEqualTo(10);
        Terms fast = Terms.of(settings(Algorithm.TOKEN_BUCKET, 10, Duration.ofSeconds(1), 10));
        assertThat(ledger.ask(fast, new Ask(1, 1, 10, 0, 0, 0, 0)).waitNanos()).isEqualTo(100_000_000);
        Terms large = Terms.of(settings(Algorithm.TOKEN_BUCKET, 30, Duration.ofMinutes(1), 30));
        assertThat(ledger.ask(large, new Ask(20, 30, 30, 0, 0, 0, 0)).permits()).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void goes_by_the_clock_of_redis_and_leaves_nothing_that_lives_for_ever(Algorithm algorithm) throws Exception {
        server.command("FLUSHALL");
        RedisLedger ledger = new RedisLedger(redis, "{k}".getBytes(UTF_8));
        Terms terms = Terms.of(settings(algorithm, 5, Duration.ofHours(24), 5));
        boolean leaky = algorithm == Algorithm.LEAKY_BUCKET;
        long capacity = leaky ? 1 : 5;
        Grant first = ledger.ask(terms, new Ask(1, 1, capacity, 0, 0, 0, 0));
        assertThat(first.permits()).isEqualTo(1);
        assertThat(Long.parseLong(server.command("PTTL", "{k}").substring(1)))
                .isBetween(1L, 2 * 24 * 3_600_000L + 10_000);
        for (int i = 1; i < capacity; i++) {
            assertThat(ledger.ask(terms, new Ask(1, 1, capacity, 0, 0, 0, 0)).permits())
                    .isEqualTo(1);
        }
        String before = server.command("GET", "{k}");
        Grant denied = ledger.ask(terms, new Ask(1, 1, capacity, 0, 0, 0, 0));
        assertThat(denied.permits()).isZero();
        int windows = algorithm == Algorithm.SLIDING_WINDOW ? 2 : 1; // what was used counts in the one behind it, too
        assertThat(denied.waitNanos())
                .isBetween(1L, Duration.ofHours(24).multipliedBy(windows).toNanos());
        assertThat(server.command("GET", "{k}"))
                .as("nothing is written on a deny")
                .isEqualTo(before);
    }

    @Test
    void a_value_that_is_none_is_a_failure_and_not_an_answer() throws Exception {
        server.command("LPUSH", "{list}", "x");
        RedisLedger ledger = new RedisLedger(redis, "{list}".getBytes(UTF_8));
        Terms terms = Terms.of(settings(Algorithm.TOKEN_BUCKET, 5, Duration.ofSeconds(1), 5));
        assertThatThrownBy(() -> ledger.ask(terms, new Ask(1, 1, 5, 0, 0, 0, 0)))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("WRONGTYPE");
    }
}
