package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FiguresTest {

    @Test
    void go_by_the_median_of_all_rounds() {
        Figures first = new Figures(List.of(1.0, 2.0), List.of(9.0, 9.0), List.of(16.0, 16.0));
        Figures second = new Figures(List.of(1000.0, 3.0, 4.0), List.of(9.0, 5.0, 5.0), List.of(0.0, 16.0, 16.0));

        Figures both = first.and(second);

        assertThat(both.cpuNanosPerCall()).isEqualTo(3.0);
        assertThat(both.clockNanosPerCall()).isEqualTo(9.0);
        assertThat(both.spread()).isEqualTo(1.0);
        assertThat(both.bytesPerCall()).isEqualTo(16.0);
    }

    @Test
    void a_target_over_the_bare_call_is_met_up_to_it() {
        assertThat(table(3.0, 0.0)).contains("2.00 ns, 0 B: **met**");
    }

    @Test
    void a_target_is_missed_by_time() {
        assertThat(table(3.01, 0.0)).contains("2.01 ns, 0 B: **missed**");
    }

    @Test
    void a_target_is_missed_by_allocation() {
        assertThat(table(2.0, 16.0)).contains("1.00 ns, 16 B: **missed**");
    }

    private static String table(double nanos, double bytes) {
        Figures bare = new Figures(List.of(1.0), List.of(100.0), List.of(0.0));
        Figures holdfast = new Figures(List.of(nanos), List.of(100.0), List.of(bytes));
        return new Table(Group.SUCCESS, Map.of(Library.BARE, bare, Library.HOLDFAST, holdfast)).text();
    }
}
