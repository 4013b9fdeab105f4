package dev.holdfast.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoarseClockTest {

    @Test
    void is_never_early_and_goes_on() {
        long first = CoarseClock.nanoTime(Time.SYSTEM);
        long last = first;
        long begun = System.nanoTime();
        while (last - first < 100_000_000) { // ticks, when the exact readings are used up
            long read = CoarseClock.nanoTime(Time.SYSTEM);
            assertThat(read - System.nanoTime()).isLessThanOrEqualTo(1);
            last = read;
            assertThat(System.nanoTime() - begun).as("it goes on").isLessThan(20_000_000_000L);
        }
    }

    @Test
    void is_exact_in_another_time() {
        VirtualTime time = VirtualTime.turningItself();
        assertThat(CoarseClock.nanoTime(time)).isEqualTo(time.nanoTime());
    }
}
