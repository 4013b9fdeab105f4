package dev.holdfast.runtime.ratelimit.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around an algorithm: chunks, threads, many keys, other settings, a clock that jumps. */
@Timeout(60)
final class LocalMeterTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int THREADS = 16;

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    private static RateSettings rate(Algorithm algorithm, long permits, long perNanos, boolean keyed) {
        return new RateSettings(algorithm, permits, perNanos, permits, keyed, false, Unavailable.LOCAL_SHARE);
    }

    private LocalMeters meters(Algorithm algorithm, long permits, long perNanos, boolean keyed) {
        return new LocalMeters(rate(algorithm, permits, perNanos, keyed), time);
    }

    /** One of two threads, of which each has chunks of its own where there is more than one place for them. */
    private ToLongFunction<Meter> taker(int i) {
        return i % 2 == 0
                ? meter -> meter.take(1)
                : meter -> {
                    try {
                        return other.submit(() -> meter.take(1)).get();
                    } catch (InterruptedException | ExecutionException failed) {
                        throw new AssertionError(failed);
                    }
                };
    }

    @AfterEach
    void end() {
        other.shutdownNow();
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** With the chunks that a large limit hands out as well, from one meter and from one among many keys. */
    @ParameterizedTest
    @CsvSource({
        "TOKEN_BUCKET,100,false",
        "TOKEN_BUCKET,100000,false",
        "TOKEN_BUCKET,100000,true",
        "FIXED_WINDOW,100000,false",
        "SLIDING_WINDOW,100000,true",
        "LEAKY_BUCKET,100000,false"
    })
    void sixteen_threads_take_exactly_what_there_is(Algorithm algorithm, long permits, boolean keyed) throws Exception {
        LocalMeters meters = meters(algorithm, permits, 3600 * SECOND, keyed);
        AtomicLong taken = new AtomicLong();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            long cost = 1L + i % 3;
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                } catch (Exception unexpected) {
                    throw new AssertionError(unexpected);
                }
                for (int denied = 0; denied < 10; ) {
                    if (meters.meter("key").take(cost) == 0) {
                        taken.addAndGet(cost);
                    } else {
                        denied++;
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        join(threads);
        if (algorithm == Algorithm.LEAKY_BUCKET) {
            assertThat(taken.get()).isBetween(1L, 3L);
            return;
        }
        // Who wants two or three may find one left.
        while (meters.meter("key").take(1) == 0) {
            taken.incrementAndGet();
        }
        assertThat(taken.get()).isEqualTo(permits);
    }

    /** Whatever lies in a chunk, however long: no time of any length sees more than burst + permits · W / per. */
    @Test
    void chunks_never_let_through_more_than_is_promised() {
        for (int round = 0; round < 100; round++) {
            SplittableRandom random = new SplittableRandom(round);
            VirtualTime now = VirtualTime.turnedByHand();
            long permits = 256 + random.nextLong(2_000);
            long per = permits * (1 + random.nextLong(1_000));
            Meter meter = new LocalMeters(rate(Algorithm.TOKEN_BUCKET, permits, per, false), now).meter("");
            List<Long> taken = new ArrayList<>();
            long refused = 0;
            for (int i = 0; i < 3_000; i++) {
                int what = random.nextInt(400);
                now.advance(what == 0 ? random.nextLong(2 * per) : what < 40 ? random.nextLong(2 * per / permits) : 0);
                int who = random.nextInt(50) == 0 ? 1 : 0;
                if (taker(who).applyAsLong(meter) == 0) {
                    taken.add(now.elapsed());
                } else {
                    refused++;
                }
            }
            // A bucket that is filled up anew by each call that finds it full shows the worst time there is.
            double level = permits;
            double fullest = 0;
            long last = 0;
            for (long at : taken) {
                level = Math.min((double) permits, level + (double) (at - last) * permits / per) - 1;
                fullest = Math.min(fullest, level);
                last = at;
            }
            assertThat(fullest).as("round " + round + ", refused " + refused).isGreaterThan(-1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 255, 256, 1_000, 1_000_000})
    void all_that_is_in_a_full_bucket_can_be_had_but_for_a_chunk(long permits) {
        Meter meter = meters(Algorithm.TOKEN_BUCKET, permits, SECOND, false).meter("");
        long most =
                permits < 256 ? 0 : Math.min(LocalMeter.MOST * (long) LocalMeters.PLACES, permits / LocalMeter.SHARE);
        for (int i = 0; i < Math.min(permits / 2, 3 * LocalMeter.MOST); i++) {
            assertThat(taker(i).applyAsLong(meter)).isZero();
        }
        time.advance(10 * SECOND);
        long had = 0;
        while (taker((int) had % 7).applyAsLong(meter) == 0) {
            had++;
        }
        assertThat(had).isBetween(permits - most, permits);
    }

    @Test
    void where_calls_are_not_in_quick_succession_nothing_is_held_back() {
        Meter meter = meters(Algorithm.TOKEN_BUCKET, 1_000, SECOND, false).meter("");
        for (int i = 0; i < 500; i++) {
            assertThat(meter.take(1)).isZero();
            time.advance(SECOND / 1_000);
        }
        time.advance(SECOND);
        for (int i = 0; i < 1_000; i++) {
            assertThat(meter.take(1)).as("call " + i).isZero();
        }
        assertThat(meter.take(1)).isEqualTo(SECOND / 1_000);
    }

    @Test
    void large_costs_find_what_lies_in_a_chunk() {
        Meter meter =
                meters(Algorithm.TOKEN_BUCKET, 6_400, 6_400 * SECOND, false).meter("");
        for (int i = 0; i < 400; i++) {
            assertThat(meter.take(1)).isZero();
        }
        assertThat(meter.waitFor(0, 6_000)).isZero();
        assertThat(meter.waitFor(0, 6_001)).isEqualTo(SECOND);
        assertThat(meter.take(6_000)).isZero();
        assertThat(meter.take(1)).isEqualTo(SECOND);
    }

    @Test
    void gives_back() {
        for (Algorithm algorithm : Algorithm.values()) {
            Meter meter = meters(algorithm, 5, SECOND, false).meter("");
            assertThat(meter.take(5)).isZero();
            meter.giveBack(5, 0);
            assertThat(meter.take(5)).as(algorithm.name()).isZero();
            assertThat(meter.take(1)).isPositive();
        }
    }

    /** As many others as it takes to have a key forgotten that has used up what it may. */
    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void a_key_that_had_to_go_has_not_got_its_permits_back(Algorithm algorithm) {
        LocalMeters meters = meters(algorithm, 2, 24 * 3600 * SECOND, true);
        Meter before = meters.meter("hot");
        assertThat(before.take(algorithm == Algorithm.LEAKY_BUCKET ? 2 : 1)).isZero();
        if (algorithm != Algorithm.LEAKY_BUCKET) {
            assertThat(before.take(1)).isZero();
        }
        for (int i = 0; i < 4 * LocalMeters.MOST; i++) {
            assertThat(meters.meter("other " + i).take(1)).as("other %s", i).isZero();
        }
        assertThat(meters.near("hot")).as("one that counts no more").isNull();
        assertThat(meters.meter("hot").take(1)).isPositive();
        assertThat(requireNonNull(meters.near("hot")).take(1)).isPositive();
        assertThat(before.take(1)).as("who has it in hand still").isPositive();
        assertThat(meters.meter("other 3").take(1) == 0).isEqualTo(algorithm != Algorithm.LEAKY_BUCKET);
        assertThat(meters.meter("other 3").take(1)).isPositive();
    }

    @Test
    void a_key_that_is_near_stays_in_the_cache() {
        LocalMeters meters = meters(Algorithm.TOKEN_BUCKET, 100, 4 * SECOND, true);
        Meter meter = meters.meter("hot");
        for (int i = 0; i < 1_000; i++) {
            time.advance(SECOND / 25);
            Meter near = meters.near("hot");
            assertThat((near == null ? meters.meter("hot") : near).take(1)).isZero();
            assertThat(near == null ? meter : near).as("time %s", i).isSameAs(meter);
        }
        assertThat(meters.meter("hot")).isSameAs(meter);
        assertThat(meters.near("another")).isNull();
    }

    @Test
    void a_key_is_forgotten_once_all_that_it_took_has_come_again() {
        LocalMeters meters = meters(Algorithm.TOKEN_BUCKET, 2, SECOND, true);
        for (int i = 0; i < 1_000; i++) {
            assertThat(meters.meter("key " + i).take(1)).isZero();
        }
        assertThat(meters.keys()).isEqualTo(1_000);
        time.advance(2 * SECOND);
        assertThat(meters.meter("another").take(1)).isZero();
        assertThat(meters.keys()).isEqualTo(1);
    }

    @Test
    void remembers_a_million_keys_and_drops_those_that_count_least() {
        Remembered remembered = new Remembered();
        Rules rules = new Rules(rate(Algorithm.TOKEN_BUCKET, 10, 10_000 * SECOND, true));
        long now = time.nanoTime();
        for (int i = 0; i < 500; i++) {
            remembered.put("heavy " + i, 10, now, rules);
        }
        for (int i = 0; i < 2 * Remembered.MOST; i++) {
            remembered.put("light " + i, 1, now, rules);
        }
        assertThat(remembered.size()).isLessThanOrEqualTo(Remembered.MOST);
        for (int i = 0; i < 500; i++) {
            Tally heavy = requireNonNull(remembered.take("heavy " + i, rules), "heavy " + i);
            assertThat(heavy.take(1, now)).isPositive();
            assertThat(remembered.take("heavy " + i, rules)).isNull();
        }
    }

    @Test
    void other_settings_count_on_for_keys_that_had_to_go_as_well() {
        LocalMeters meters = meters(Algorithm.TOKEN_BUCKET, 10, 3600 * SECOND, true);
        for (int i = 0; i < 10; i++) {
            assertThat(meters.meter("hot").take(1)).isZero();
        }
        for (int i = 0; i < 2 * LocalMeters.MOST; i++) {
            assertThat(meters.meter("other " + i).take(1)).isZero();
        }
        meters.settings(rate(Algorithm.FIXED_WINDOW, 5, 3600 * SECOND, true));
        assertThat(meters.meter("hot").take(1)).isPositive();
        assertThat(meters.meter("other 1").take(4)).isZero();
        assertThat(meters.meter("other 1").take(1)).isPositive();
    }

    /** Set back by an hour, an hour's window would not end for two; set on, one ends early. Neither gives anything twice. */
    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"FIXED_WINDOW", "SLIDING_WINDOW"})
    void a_window_survives_a_clock_that_jumps(Algorithm algorithm) {
        time.advance(100 * SECOND);
        Meter meter = meters(algorithm, 3, SECOND, false).meter("");
        assertThat(meter.take(3)).isZero();
        time.jump(-300);
        assertThat(meter.take(1)).as("set back a little").isPositive();
        time.jump(-3_600_000);
        assertThat(meter.take(1)).as("set back by an hour").isPositive();
        time.advance(2 * SECOND);
        assertThat(meter.take(3)).as("goes by the new time").isZero();
        time.jump(3_600_000);
        assertThat(meter.take(3)).as("set on").isZero();
        assertThat(meter.take(1)).isPositive();
        time.advance(2 * SECOND);
        assertThat(meter.take(3)).isZero();
    }

    @Test
    void windows_are_aligned_to_the_epoch() {
        time.advance(100 * SECOND + SECOND * 3 / 4);
        Meter meter = meters(Algorithm.FIXED_WINDOW, 3, SECOND, false).meter("");
        assertThat(meter.take(3)).isZero();
        assertThat(meter.take(1)).isEqualTo(SECOND / 4);
        time.advance(SECOND / 4);
        assertThat(meter.take(3)).isZero();
    }
}
