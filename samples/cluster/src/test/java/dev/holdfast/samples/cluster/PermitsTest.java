package dev.holdfast.samples.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.samples.cluster.Faults.Outage;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PermitsTest {

    @Test
    void a_burst_at_once_is_as_many() {
        assertThat(Permits.fullest(List.of(5L, 5L, 5L), 10, List.of())).isEqualTo(3);
    }

    @Test
    void what_comes_at_the_rate_never_fills_it() {
        List<Long> even = LongStream.range(0, 100).map(i -> i * 100_000).boxed().toList();
        assertThat(Permits.fullest(even, 10, List.of())).isEqualTo(1);
    }

    /** The worst window is not the whole, and not one of a fixed length. */
    @Test
    void the_worst_window_is_found() {
        // 1 at 0 s, then 3 within 0.2 s at 10 s: 3 permits minus 0.2 s of the rate.
        List<Long> times = List.of(0L, 10_000_000L, 10_100_000L, 10_200_000L);
        assertThat(Permits.fullest(times, 2, List.of())).isEqualTo(3 - 0.4, within(1e-9));
    }

    @Test
    void an_outage_is_left_out() {
        List<Long> times = List.of(0L, 1_000L, 1_001L, 1_002L, 9_000L);
        assertThat(Permits.fullest(times, 1e-9, List.of(new Outage(1_000, 2_000))))
                .isEqualTo(1);
        assertThat(Permits.fullest(times, 1e-9, List.of())).isEqualTo(5, within(1e-6));
    }
}
