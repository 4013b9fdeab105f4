package dev.holdfast.runtime.ratelimit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.RateSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked of it, and when: no more goes by it than the first may take and the pace lets through, and nothing before it begins or after it ends. */
final class ReservationTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private static Terms terms(Algorithm algorithm, long capacity) {
        return Terms.of(
                new RateSettings(algorithm, 100, TimeUnit.SECONDS.toNanos(1), capacity, false, true, Unavailable.DENY));
    }

    private record Went(long nanos, long cost) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keeps_to_the_pace_whatever_is_given_back(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean leaky = random.nextBoolean();
        long most = random.nextLong(1, 4);
        Terms terms = terms(leaky ? Algorithm.LEAKY_BUCKET : Algorithm.TOKEN_BUCKET, leaky ? 100 : most);
        long now = random.nextLong();
        long begins = now + random.nextLong(30 * MILLI);
        long ends = begins + 500 * MILLI;
        Reservation reservation = new Reservation(terms, most, begins, ends, 1, null);
        List<Went> went = new ArrayList<>();
        while (now - ends < 50 * MILLI) {
            now += random.nextInt(3) == 0 ? random.nextLong(30 * MILLI) : random.nextLong(MILLI);
            long cost = random.nextLong(1, 5);
            long since = now;
            long wait = reservation.take(terms, cost, now);
            if (wait == 0 && random.nextInt(3) == 0) {
                now += random.nextLong(MILLI);
                assertThat(reservation.giveBack(since)).isTrue();
                assertThat(reservation.giveBack(since)).isFalse();
            } else if (wait == 0) {
                went.add(new Went(now, cost));
            } else if (wait > 0 && random.nextBoolean()) {
                assertThat(reservation.take(terms, cost, now + wait - 1)).isEqualTo(1);
                assertThat(reservation.wait(terms, cost, now + wait)).isZero();
            }
        }
        assertThat(went).hasSizeGreaterThan(3).allMatch(one -> one.cost <= most);
        double level = 0;
        long before = begins;
        for (Went one : went) {
            assertThat(one.nanos - begins).isNotNegative();
            assertThat(one.nanos - ends).isNegative();
            level = Math.max(0, level - (one.nanos - before) / 1e7);
            assertThat(level).isLessThan((leaky ? 0 : most - one.cost) + 1e-6);
            level += one.cost;
            before = one.nanos;
        }
    }

    @Test
    void threads_that_come_at_once_go_one_by_one() throws Exception {
        Terms terms = terms(Algorithm.LEAKY_BUCKET, 100);
        Reservation reservation = new Reservation(terms, 1, 0, 10_000 * MILLI, 1, null);
        AtomicLong clock = new AtomicLong();
        AtomicLong went = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (long now = clock.incrementAndGet(); now < 100_000; now = clock.incrementAndGet()) {
                    if (reservation.take(terms, 1, now * MILLI / 10) == 0) {
                        went.incrementAndGet();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(went.get()).isBetween(1L, 1000L);
    }

    @Test
    void what_is_left_of_it_is_told_once_and_counts_from_the_last_one() {
        Terms terms = terms(Algorithm.LEAKY_BUCKET, 100);
        Reservation reservation = new Reservation(terms, 1, 10 * MILLI, 60 * MILLI, 7, null);
        assertThat(reservation.takeRest()).as("it is not over").isZero();
        assertThat(reservation.take(terms, 1, 15 * MILLI)).isZero();
        reservation.end();
        assertThat(reservation.take(terms, 1, 30 * MILLI)).isEqualTo(Reservation.NOT_HERE);
        assertThat(reservation.giveBack(0)).isFalse();
        assertThat(reservation.takeRest()).isEqualTo(45 * MILLI);
        assertThat(reservation.takeRest()).isZero();
        Reservation unused = new Reservation(terms, 1, 10 * MILLI, 60 * MILLI, 7, reservation);
        assertThat(unused.isUsedSince(10 * MILLI)).as("the one before was").isTrue();
        unused.end();
        assertThat(unused.takeRest()).as("somebody may have gone until then").isEqualTo(45 * MILLI);
        Reservation first = new Reservation(terms, 1, 10 * MILLI, 60 * MILLI, 7, null);
        first.end();
        assertThat(first.takeRest()).as("not before it begins").isEqualTo(50 * MILLI);
    }
}
