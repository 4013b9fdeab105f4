package dev.holdfast.runtime.ratelimit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.RateSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight nodes in virtual time: what all of them admit together never exceeds the promise, and hardly anything is lost. */
final class ClusterSimulationTest {

    private static final int NODES = 8;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static RateSettings settings(Algorithm algorithm, long permits, long perNanos, long capacity) {
        return new RateSettings(algorithm, permits, perNanos, capacity, false, true, Unavailable.DENY);
    }

    /** Together they call {@code load} times as often as they may; evenly, or each half as often as the one before. */
    private static Nodes nodes(long seed, RateSettings settings, double load, boolean skewed) {
        Nodes nodes = new Nodes(seed);
        double whole = 0;
        for (int i = 0; i < NODES; i++) {
            whole += skewed ? Math.pow(0.5, i) : 1;
        }
        double perSecond = (double) settings.permits() / settings.perNanos() * SECOND;
        for (int i = 0; i < NODES; i++) {
            nodes.add(load * perSecond * (skewed ? Math.pow(0.5, i) : 1) / whole, 1, settings);
        }
        return nodes;
    }

    @ParameterizedTest
    @CsvSource({
        "60, 60, 0.5, false", "60, 60, 1.5, true", "1000, 1000, 0.5, true", "1000, 1000, 1.1, false",
                "1000, 1000, 5, true",
        "1000, 100, 1.5, true", "1000, 20, 5, false", "20000, 20000, 1, true", "20000, 20000, 5, false",
                "20000, 2000, 1.5, true",
    })
    void a_bucket_admits_what_it_promises_and_no_more(long permits, long burst, double load, boolean skewed) {
        Nodes nodes = nodes(3, settings(Algorithm.TOKEN_BUCKET, permits, SECOND, burst), load, skewed);
        double seconds = 10;
        nodes.runUntil((long) (seconds * SECOND));
        assertThat(nodes.excess(permits, SECOND, burst)).as("excess").isLessThan(1e-3);
        double ideal = Math.min((double) nodes.calls, burst + permits * seconds);
        assertThat(nodes.permits() / ideal).as("utilisation").isGreaterThan(burst < permits ? 0.93 : 0.97);
        assertThat(nodes.calls).isGreaterThan((long) (0.9 * load * permits * seconds));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1, false, 0.30", "1000, 5, true, 0.10", "20000, 1, true, 0.05", "20000, 5, true, 0.05"})
    void hot_keys_need_a_fraction_of_a_round_trip_for_a_decision(
            long permits, double load, boolean skewed, double atMost) {
        Nodes nodes = nodes(4, settings(Algorithm.TOKEN_BUCKET, permits, SECOND, permits), load, skewed);
        nodes.runUntil(5 * SECOND);
        assertThat((double) nodes.ledger().asked() / nodes.calls).isLessThan(atMost);
    }

    /** With nodes that die, answers that come late or never so that permits are lost, and a clock that is set back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatever_happens_a_bucket_admits_no_more(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long permits = random.nextLong(50, 3000);
        long burst = random.nextInt(3) == 0 ? permits : random.nextLong(Math.max(1, permits / 20), 2 * permits);
        RateSettings settings = settings(Algorithm.TOKEN_BUCKET, permits, SECOND, burst);
        Nodes nodes = nodes(seed, settings, random.nextDouble(0.3, 4), random.nextBoolean());
        nodes.latency = () -> switch (random.nextInt(200)) {
            case 0 -> random.nextLong(60_000_000);
            case 1, 2, 3 -> random.nextLong(5_000_000);
            default -> random.nextLong(400_000);
        };
        List<Nodes.Node> alive = new ArrayList<>(nodes.nodes());
        for (int i = 1; i <= 60; i++) {
            nodes.runUntil(i * SECOND / 10);
            if (i % 15 == 0) {
                alive.remove(random.nextInt(alive.size())).dead = true;
                alive.add(nodes.add(permits / 4.0, random.nextLong(1, Math.min(4, burst) + 1), settings));
            }
            if (i % 7 == 0) {
                nodes.jumpMicros -= random.nextBoolean() ? random.nextLong(800_000) : random.nextLong(100_000_000);
            }
        }
        assertThat(nodes.excess(permits, SECOND, burst)).as("excess").isLessThan(permits < 50 ? 1 : 1e-3);
        assertThat(nodes.permits()).isGreaterThan(burst);
    }

    /** In that way a second limit that refuses most calls would use up the first one. */
    @Test
    void what_is_given_back_at_once_is_not_lost() {
        RateSettings settings = settings(Algorithm.TOKEN_BUCKET, 1000, SECOND, 1000);
        Nodes nodes = nodes(9, settings, 1.5, false);
        SplittableRandom random = new SplittableRandom(9);
        nodes.holding = () -> random.nextInt(3) > 0 ? random.nextLong(20_000) : -1;
        nodes.runUntil(10 * SECOND);
        assertThat(nodes.permits() / (nodes.calls / 3.0)).isGreaterThan(0.95);
    }

    /** Its permits are good at the decision of Redis: what comes while the answer is on its way is less than one of them. */
    @Test
    void a_slow_bucket_has_its_whole_burst_at_once_and_all_of_it_again_after_its_time() {
        Nodes nodes = new Nodes(5);
        RateSettings settings = settings(Algorithm.TOKEN_BUCKET, 10, SECOND, 10);
        Nodes.Node one = nodes.add(1e-6, 1, settings);
        Nodes.Node two = nodes.add(1e-6, 1, settings);
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 10; i++) {
                (i % 2 == 0 ? one : two).call();
            }
            assertThat(nodes.admitted).hasSize(10 * (second + 1));
            one.call();
            two.call();
            assertThat(nodes.admitted).hasSize(10 * (second + 1));
            nodes.nowNanos += SECOND + 1_000_000;
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 1, false", "50, 4, true", "2000, 0.7, false", "2000, 1.5, true"})
    void a_fixed_window_admits_its_permits(long permits, double load, boolean skewed) {
        Nodes nodes = nodes(6, settings(Algorithm.FIXED_WINDOW, permits, SECOND, permits), load, skewed);
        nodes.runUntil(10 * SECOND);
        Map<Long, Long> windows = windows(nodes);
        assertThat(windows.values()).allMatch(count -> count <= permits);
        if (load > 1) {
            assertThat((double) nodes.permits() / permits / windows.size()).isGreaterThan(0.97);
        } else {
            assertThat((double) nodes.permits() / nodes.calls).isGreaterThan(0.9);
        }
    }

    /** By the time of Redis, which begins with a whole second. */
    private static Map<Long, Long> windows(Nodes nodes) {
        Map<Long, Long> windows = new TreeMap<>();
        nodes.admitted.forEach(one -> windows.merge(Math.floorDiv(one.nanos(), SECOND), one.cost(), Long::sum));
        return windows;
    }

    @ParameterizedTest
    @CsvSource({"50, 1, false", "50, 4, true", "2000, 0.7, false", "2000, 1.5, true"})
    void a_sliding_window_admits_no_more_by_the_weighted_count(long permits, double load, boolean skewed) {
        Nodes nodes = nodes(7, settings(Algorithm.SLIDING_WINDOW, permits, SECOND, permits), load, skewed);
        nodes.runUntil(10 * SECOND);
        List<Nodes.Admitted> sorted = new ArrayList<>(nodes.admitted);
        sorted.sort((a, b) -> Long.compare(a.nanos(), b.nanos()));
        Map<Long, Long> windows = new TreeMap<>();
        for (Nodes.Admitted one : sorted) {
            long window = Math.floorDiv(one.nanos(), SECOND);
            long count = windows.merge(window, one.cost(), Long::sum);
            double passed = (double) (one.nanos() - window * SECOND) / SECOND;
            assertThat(windows.getOrDefault(window - 1, 0L) * (1 - passed) + count)
                    .as("weighted count at %d", one.nanos())
                    .isLessThanOrEqualTo(permits + 1e-3 * permits);
        }
        assertThat(nodes.permits() / Math.min((double) nodes.calls, permits * 10.0))
                .isGreaterThan(0.85);
    }

    @ParameterizedTest
    @CsvSource({"10, 3", "100, 0.8", "100, 3"})
    void starts_of_a_leaky_bucket_are_never_closer_than_they_may(long permits, double load) {
        Nodes nodes = nodes(8, settings(Algorithm.LEAKY_BUCKET, permits, SECOND, permits), load, true);
        nodes.runUntil(10 * SECOND);
        List<Nodes.Admitted> sorted = new ArrayList<>(nodes.admitted);
        sorted.sort((a, b) -> Long.compare(a.nanos(), b.nanos()));
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i).nanos() - sorted.get(i - 1).nanos()).isGreaterThanOrEqualTo(SECOND / permits);
        }
        assertThat(sorted.size()).isGreaterThan((int) (0.3 * permits * 10));
    }

    private static void assertDistances(Nodes nodes, long perPermit) {
        List<Nodes.Admitted> sorted = new ArrayList<>(nodes.admitted);
        sorted.sort((a, b) -> Long.compare(a.nanos(), b.nanos()));
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i).nanos() - sorted.get(i - 1).nanos())
                    .as("after %s", sorted.get(i - 1))
                    .isGreaterThanOrEqualTo(sorted.get(i - 1).cost() * perPermit);
        }
    }

    /** Each of them has to go at his time, be it that he has no round trip to wait for. */
    @ParameterizedTest
    @CsvSource({
        "LEAKY_BUCKET, 100, 1, 1, 0.96", "LEAKY_BUCKET, 100, 1, 2, 0.9", "LEAKY_BUCKET, 100, 1, 4, 0.9",
                "LEAKY_BUCKET, 1000, 1, 1, 0.85",
        "LEAKY_BUCKET, 1000, 1, 3, 0.85", "LEAKY_BUCKET, 50, 1, 2, 0.88", "TOKEN_BUCKET, 100, 1, 1, 0.96",
                "TOKEN_BUCKET, 100, 1, 2, 0.9",
        "TOKEN_BUCKET, 100, 3, 2, 0.9", "TOKEN_BUCKET, 1000, 1, 2, 0.85", "TOKEN_BUCKET, 1000, 20, 2, 0.85",
                "TOKEN_BUCKET, 100, 20, 2, 0.9",
        "TOKEN_BUCKET, 100, 1, 12, 0.85",
    })
    void those_who_stand_in_line_get_nearly_all_that_comes(
            Algorithm algorithm, long permits, long burst, int count, double least) {
        RateSettings settings =
                settings(algorithm, permits, SECOND, algorithm == Algorithm.LEAKY_BUCKET ? permits : burst);
        Nodes nodes = new Nodes(11);
        SplittableRandom random = new SplittableRandom(11);
        nodes.late = () -> 60_000 + 200_000 * random.nextDouble() * random.nextDouble();
        for (int i = 0; i < count; i++) {
            nodes.joinAt(1 + i * 3_000_000L, nodes.addLine(1, settings), (int) (5 * permits));
        }
        nodes.runUntil(4 * SECOND);
        assertThat(nodes.excess(permits, SECOND, algorithm == Algorithm.LEAKY_BUCKET ? 1 : burst))
                .as("excess")
                .isLessThan(1e-6);
        assertThat(nodes.permits() / (4.0 * permits))
                .as("utilisation")
                .isBetween(least, 1 + (burst + 1) / (4.0 * permits));
        for (Nodes.Node node : nodes.nodes()) {
            assertThat(nodes.admitted.stream()
                            .filter(one -> one.node() == node.number)
                            .count())
                    .as("of one of %d", count)
                    .isGreaterThan(permits / count);
        }
    }

    /** Or else the time would pass with nobody there, and nobody else could have it any more. */
    @Test
    void nodes_reserve_no_time_for_which_nobody_there_can_wait() {
        RateSettings settings = settings(Algorithm.LEAKY_BUCKET, 50, SECOND, 50);
        Nodes nodes = new Nodes(7);
        for (int i = 0; i < 4; i++) {
            Nodes.Node node = nodes.addLine(1, settings);
            node.patience = SECOND / 10;
            for (long at = 1 + i * 3_000_000L; at < 4 * SECOND; at += SECOND / 40) {
                nodes.joinAt(at, node, 1);
            }
        }
        nodes.runUntil(4 * SECOND);
        assertThat(nodes.excess(50, SECOND, 1)).as("excess").isLessThan(1e-6);
        assertThat(nodes.permits() / 200.0).as("utilisation").isBetween(0.85, 1.01);
    }

    /** With lines that begin and end, callers beside them, nodes that die with what they have reserved, late answers and clocks set back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatever_happens_lines_admit_no_more(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean leaky = random.nextBoolean();
        long permits = random.nextLong(45, 1500);
        long burst = leaky ? 1 : random.nextLong(1, Math.max(2, permits / 20));
        RateSettings settings = settings(
                leaky ? Algorithm.LEAKY_BUCKET : Algorithm.TOKEN_BUCKET, permits, SECOND, leaky ? permits : burst);
        Nodes nodes = new Nodes(seed);
        nodes.latency = () -> switch (random.nextInt(100)) {
            case 0 -> random.nextLong(60_000_000);
            case 1, 2, 3 -> random.nextLong(5_000_000);
            default -> random.nextLong(400_000);
        };
        nodes.late = () -> random.nextInt(50) == 0 ? random.nextLong(20_000_000) : random.nextLong(300_000);
        nodes.holding = () -> random.nextInt(4) == 0 ? random.nextLong(3_000_000) : -1;
        for (int i = 1; i <= 60; i++) {
            if (i % 6 == 1) {
                Nodes.Node node = random.nextInt(4) == 0
                        ? nodes.add(permits / 4.0, random.nextLong(1, Math.min(3, burst) + 1), settings)
                        : nodes.addLine(random.nextLong(1, Math.min(3, burst) + 1), settings);
                node.patience = random.nextLong(SECOND);
            }
            for (Nodes.Node node : nodes.nodes()) {
                if (!node.dead && random.nextInt(3) == 0) {
                    nodes.joinAt(nodes.nowNanos + random.nextLong(SECOND / 10), node, random.nextInt(1, 30));
                }
            }
            nodes.runUntil(i * SECOND / 10);
            if (i % 10 == 0) {
                nodes.nodes().get(random.nextInt(nodes.nodes().size())).dead = true;
            }
            if (i % 7 == 0) {
                nodes.jumpMicros -= random.nextBoolean() ? random.nextLong(800_000) : random.nextLong(100_000_000);
            }
        }
        assertThat(nodes.excess(permits, SECOND, burst))
                .as("excess of %s", settings)
                .isLessThan(1e-3);
        if (leaky) {
            assertDistances(nodes, SECOND / permits);
        }
        assertThat(nodes.permits()).isGreaterThan(permits / 3);
    }
}
