package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThresholdTest {

    /** Whoever compares times otherwise than by difference is found out. */
    private static final long ORIGIN = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

    private static long seconds(double seconds) {
        return ORIGIN + (long) (seconds * 1e9);
    }

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    @Test
    void tells_each_failure_where_one_is_enough() {
        Threshold threshold = new Threshold(1, MINUTE);
        assertThat(threshold.count(seconds(0))).isEqualTo(1);
        assertThat(threshold.count(seconds(0))).isEqualTo(1);
    }

    @Test
    void tells_from_the_third_on_which_stands_for_those_before() {
        Threshold threshold = new Threshold(3, MINUTE);
        assertThat(threshold.count(seconds(0))).isZero();
        assertThat(threshold.count(seconds(1))).isZero();
        assertThat(threshold.count(seconds(60))).isEqualTo(3);
        assertThat(threshold.count(seconds(61))).isEqualTo(1);
    }

    @Test
    void begins_anew_once_they_have_become_rare() {
        Threshold threshold = new Threshold(3, MINUTE);
        assertThat(threshold.count(seconds(0))).isZero();
        assertThat(threshold.count(seconds(1))).isZero();
        assertThat(threshold.count(seconds(2))).isEqualTo(3);
        assertThat(threshold.count(seconds(100))).isZero();
        assertThat(threshold.count(seconds(101))).isZero();
        assertThat(threshold.count(seconds(102))).isEqualTo(3);
    }

    @Test
    void never_tells_of_failures_that_are_too_far_apart() {
        Threshold threshold = new Threshold(2, MINUTE);
        for (int i = 0; i < 10; i++) {
            assertThat(threshold.count(seconds(i * 60.5))).isZero();
        }
    }
}
