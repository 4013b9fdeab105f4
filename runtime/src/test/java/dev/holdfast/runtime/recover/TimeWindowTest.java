package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeWindowTest {

    /** Wraps around within the tests: times are compared by difference only. */
    private static final long ORIGIN = Long.sum(Long.MAX_VALUE, -500);

    private final TimeWindow window = new TimeWindow(1_000, ORIGIN);

    @Test
    void a_call_counts_until_its_slice_comes_round_again() {
        window.record(true, false, ORIGIN + 40);
        window.record(true, true, ORIGIN + 60);
        window.record(false, false, ORIGIN + 999);
        assertSums(3, 2, 1);
        window.record(false, false, ORIGIN + 1_000);
        assertSums(3, 1, 1);
        window.record(false, false, ORIGIN + 1_049);
        assertSums(4, 1, 1);
        window.record(false, false, ORIGIN + 1_050);
        assertSums(4, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 1_001, 1_950, 2_000, 1_000_000, Long.MAX_VALUE / 2})
    void a_jump_by_the_window_or_more_empties_it(long jump) {
        for (int at = 0; at < 50; at++) {
            window.record(true, true, ORIGIN + at);
        }
        assertSums(50, 50, 50);
        window.record(false, false, ORIGIN + jump);
        assertSums(1, 0, 0);
    }

    @Test
    void a_time_before_the_newest_is_taken_as_the_newest() {
        window.record(true, false, ORIGIN + 990);
        window.record(true, false, ORIGIN + 5);
        window.record(true, false, ORIGIN - 70);
        assertSums(3, 3, 0);
        window.record(false, false, ORIGIN + 1_940);
        assertSums(4, 3, 0);
        window.record(false, false, ORIGIN + 1_950);
        assertSums(2, 0, 0);
    }

    @Test
    void a_window_too_short_to_be_divided_still_forgets() {
        TimeWindow tiny = new TimeWindow(1, 0);
        tiny.record(true, false, 0);
        tiny.record(false, false, 20);
        assertThat(tiny.calls()).isEqualTo(1);
        assertThat(tiny.failures()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 77, 1_000, 10_000})
    void counts_like_a_list_of_the_calls_in_the_last_twenty_slices(long length) {
        SplittableRandom random = new SplittableRandom(length);
        TimeWindow sliced = new TimeWindow(length, ORIGIN);
        long slice = (length + TimeWindow.SLICES - 1) / TimeWindow.SLICES;
        record Ended(long slice, boolean failed, boolean slow) {}
        List<Ended> model = new ArrayList<>();
        long elapsed = 0;
        for (int step = 0; step < 10_000; step++) {
            elapsed += random.nextInt(50) == 0 ? random.nextLong(3 * length) : random.nextLong(slice + 1);
            boolean failed = random.nextBoolean();
            boolean slow = random.nextBoolean();
            sliced.record(failed, slow, ORIGIN + elapsed);
            long newest = elapsed / slice;
            model.add(new Ended(newest, failed, slow));
            model.removeIf(call -> newest - call.slice >= TimeWindow.SLICES);
            assertThat(sliced.calls()).isEqualTo(model.size());
            assertThat(sliced.failures())
                    .isEqualTo(model.stream().filter(Ended::failed).count());
            assertThat(sliced.slowCalls())
                    .isEqualTo(model.stream().filter(Ended::slow).count());
        }
    }

    private void assertSums(long calls, long failures, long slowCalls) {
        assertThat(List.of(window.calls(), window.failures(), window.slowCalls()))
                .containsExactly(calls, failures, slowCalls);
    }
}
