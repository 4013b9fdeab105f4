package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Backoff;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class WaitsTest {

    private static final double MIDDLE = 0.5;
    private static final double JUST_BELOW_ONE = Math.nextDown(1.0);

    @Test
    void a_constant_wait_stays_the_same() {
        assertThat(first(6, new Waits(Backoff.CONSTANT, 2, 100, 10_000, 0)))
                .containsExactly(100, 100, 100, 100, 100, 100);
    }

    @Test
    void an_exponential_wait_is_multiplied_up_to_the_cap() {
        assertThat(first(6, new Waits(Backoff.EXPONENTIAL, 3, 100, 10_000, 0)))
                .containsExactly(100, 300, 900, 2_700, 8_100, 10_000);
    }

    @Test
    void a_fibonacci_wait_is_the_sum_of_the_two_before_it_up_to_the_cap() {
        assertThat(first(9, new Waits(Backoff.FIBONACCI, 2, 100, 2_000, 0)))
                .containsExactly(100, 100, 200, 300, 500, 800, 1_300, 2_000, 2_000);
    }

    @Test
    void a_fractional_multiplier_is_not_rounded_between_the_waits() {
        assertThat(first(4, new Waits(Backoff.EXPONENTIAL, 1.5, 100, 10_000, 0)))
                .containsExactly(100, 150, 225, 337);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 1, 0, 50",
        "0.5, 1, 0.5, 100",
        "0.5, 1, 0.75, 125",
        "1, 1, 0, 0",
        "1, 2, 0.75, 300",
        "0, 2, 0, 200"
    })
    void jitter_spreads_a_wait_evenly_around_itself(double jitter, int failed, double uniform, long expected) {
        assertThat(new Waits(Backoff.EXPONENTIAL, 2, 100, 10_000, jitter).nanos(failed, uniform))
                .isEqualTo(expected);
    }

    @Test
    void the_cap_includes_jitter_and_jitter_still_spreads_what_has_outgrown_the_cap() {
        Waits waits = new Waits(Backoff.EXPONENTIAL, 2, 100, 1_000, 0.5);
        assertThat(waits.nanos(1_000, JUST_BELOW_ONE)).isEqualTo(1_000);
        assertThat(waits.nanos(1_000, MIDDLE)).isEqualTo(1_000);
        assertThat(waits.nanos(1_000, 0.25)).isEqualTo(750);
        assertThat(waits.nanos(1_000, 0)).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource(Backoff.class)
    void nothing_overflows_however_often_it_failed(Backoff growth) {
        for (long delay : new long[] {1, 100_000_000, Long.MAX_VALUE}) {
            for (int failed : new int[] {30, 63, 64, 93, 100, 1_024, 1_025, Integer.MAX_VALUE}) {
                for (double uniform : new double[] {0, MIDDLE, JUST_BELOW_ONE}) {
                    assertThat(new Waits(growth, 2, delay, Long.MAX_VALUE, 1).nanos(failed, uniform))
                            .as("delay %d, %d failed, uniform %s", delay, failed, uniform)
                            .isNotNegative();
                }
            }
        }
        long grown = new Waits(growth, 2, 100, Long.MAX_VALUE, 0).nanos(Integer.MAX_VALUE, MIDDLE);
        assertThat(grown).isEqualTo(growth == Backoff.CONSTANT ? 100 : Long.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource(Backoff.class)
    void no_delay_is_no_wait(Backoff growth) {
        assertThat(new Waits(growth, 2, 0, 10_000, 0.5).nanos(Integer.MAX_VALUE, JUST_BELOW_ONE))
                .isZero();
        assertThat(new Waits(growth, 2, 100, 0, 0.5).nanos(3, JUST_BELOW_ONE)).isZero();
    }

    @Test
    void whatever_the_settings_a_wait_is_within_its_spread_and_the_cap() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            long delay = random.nextLong(1, 1_000_000);
            long cap = random.nextLong(0, 10_000_000);
            double jitter = random.nextDouble();
            int failed = random.nextInt(1, 12);
            Waits waits = new Waits(Backoff.EXPONENTIAL, 2, delay, cap, jitter);
            double middle = Math.min(delay * (double) (1 << (failed - 1)), (double) cap);
            assertThat(waits.nanos(failed, random.nextDouble()))
                    .isBetween((long) (middle * (1 - jitter)) - 1, Math.min(cap, (long) (middle * (1 + jitter)) + 1));
        }
    }

    private static long[] first(int count, Waits waits) {
        return IntStream.rangeClosed(1, count)
                .mapToLong(failed -> waits.nanos(failed, MIDDLE))
                .toArray();
    }
}
