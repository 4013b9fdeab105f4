package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.ratelimit.ClusterKeys;
import dev.holdfast.it.programs.ratelimit.Interrupted;
import dev.holdfast.servers.RedisCluster;
import dev.holdfast.servers.RedisSentinel;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code @RateLimited} promises over several JVMs, under the agent, with a real Redis, and by the clock that they share. */
@Tag("alone")
class ClusterLimitsIT {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Between what is admitted and what is written down a thread may have to wait for a processor; on a busy machine for long. */
    private static final double LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @TempDir
    Path folder;

    /** Four nodes, of which one alone would do, one has a little, and two hardly call. */
    private static void skewed(Nodes nodes) {
        nodes.start(4, 50);
        nodes.start(1, 500);
        nodes.start(1, 5_000);
        nodes.start(1, 40_000);
    }

    private static String keys(RedisServer server) throws IOException {
        return server.command(
                "EVAL",
                "local n = 0 for _, k in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', k) <= 0 then return k end n = n + 1 end"
                        + " return tostring(n)",
                "0");
    }

    @Test
    void four_nodes_with_a_node_killed_never_exceed_a_bucket_and_hardly_lose_anything() throws Exception {
        try (RedisServer server = RedisServer.start();
                Nodes nodes = new Nodes(server.url(), "bucket", 3000, folder)) {
            skewed(nodes);
            Nodes.One killed = nodes.start(2, 50);
            nodes.begin().await(1500);
            killed.kill();
            server.command("SCRIPT", "FLUSH");
            nodes.join(killed);
            long[] admitted = nodes.admitted();
            assertThat(Nodes.excess(admitted, 1000, SECOND, 1000)).isLessThan(1000 * LATE_NANOS / SECOND);
            double seconds = (double) (admitted[admitted.length - 1] - admitted[0]) / SECOND;
            assertThat(admitted.length / (1000 * (1 + seconds)))
                    .as("utilisation")
                    .isGreaterThan(0.9);
            assertThat(keys(server)).as("keys, all of which will go").isEqualTo("2");
            long commands = Long.parseLong(info(server, "cmdstat_evalsha:calls="));
            assertThat((double) commands / (admitted.length + nodes.refused())).isLessThan(0.1);
        }
    }

    private static String info(RedisServer server, String name) throws IOException {
        String all = server.command("INFO", "commandstats");
        int at = all.indexOf(name) + name.length();
        return all.substring(at, all.indexOf(',', at));
    }

    @Test
    void a_fixed_window_holds_over_four_nodes() throws Exception {
        try (RedisServer server = RedisServer.start();
                Nodes nodes = new Nodes(server.url(), "fixed", 2000, folder)) {
            skewed(nodes);
            long epoch = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
            nodes.begin().join();
            long[] admitted = nodes.admitted();
            NavigableMap<Long, Integer> windows = new TreeMap<>();
            Map<Long, Integer> early = new HashMap<>();
            for (long nanos : admitted) {
                long at = nanos + nodes.began() + epoch;
                long window = at / (SECOND / 2);
                windows.merge(window, 1, Integer::sum);
                early.merge(window, at % (SECOND / 2) < LATE_NANOS ? 1 : 0, Integer::sum);
            }
            // Who is written down at once after the beginning of a window may have been admitted in the one before.
            int ofNext = 0;
            for (Map.Entry<Long, Integer> window : windows.descendingMap().entrySet()) {
                int count = window.getValue() + ofNext;
                ofNext = Math.min(early.getOrDefault(window.getKey(), 0), Math.max(0, count - 300));
                assertThat(count - ofNext).as("%s", windows).isBetween(1, 300);
            }
            boolean beganBefore = (nodes.began() + epoch) / (SECOND / 2) < windows.firstKey();
            assertThat(beganBefore ? 0 : ofNext).as("%s", windows).isZero();
            assertThat(admitted.length).isGreaterThan(900);
        }
    }

    @Test
    void a_sliding_window_holds_over_four_nodes() throws Exception {
        try (RedisServer server = RedisServer.start();
                Nodes nodes = new Nodes(server.url(), "sliding", 2000, folder)) {
            skewed(nodes);
            long epoch = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
            nodes.begin().join();
            double length = SECOND / 2.0;
            Map<Long, Integer> windows = new TreeMap<>();
            for (long nanos : nodes.admitted()) {
                long at = nanos + nodes.began() + epoch;
                long window = (long) Math.floor(at / length);
                int count = windows.merge(window, 1, Integer::sum);
                double left = window + 1 - at / length;
                assertThat(windows.getOrDefault(window - 1, 0) * left + count)
                        .as("weighted count")
                        .isLessThan(300 * (1 + LATE_NANOS / length));
            }
            assertThat(windows.values().stream().mapToInt(count -> count).sum()).isGreaterThan(700);
        }
    }

    /** {@code -Dit.keys=1000000} for a million, which takes a minute. */
    @Test
    void many_keys_fit_into_a_small_heap_and_none_gets_its_permits_back() throws Exception {
        int keys = Integer.getInteger("it.keys", 60_000);
        try (RedisServer server = RedisServer.start()) {
            Jvm.Run run = Jvm.of(Jdk.running())
                    .options("-Xmx128m", "-Dholdfast.redis=" + server.url(), "-Dholdfast.redis.timeout=5s")
                    .run(ClusterKeys.class.getName(), String.valueOf(keys));
            assertThat(run.succeeds().lines()).containsExactly("limited");
            assertThat(keys(server)).as("keys, all of which will go").isEqualTo(String.valueOf(keys + 100));
        }
    }

    @Test
    void starts_of_a_leaky_bucket_keep_their_distance_over_four_nodes() throws Exception {
        try (RedisServer server = RedisServer.start();
                Nodes nodes = new Nodes(server.url(), "leaky", 2000, folder)) {
            skewed(nodes);
            nodes.begin().join();
            long[] admitted = nodes.admitted();
            // One at once and one each 20 ms, for 2 s and the 100 ms that the last may have waited.
            assertThat(admitted.length).isBetween(60, 106);
            // One whose thread was held up before it wrote down its time is that much closer to the next, and to that
            // one alone.
            assertThat(Nodes.excess(admitted, 50, SECOND, 1)).isLessThan(1);
        }
    }

    /** Each used to lose what comes between a permit and the question for the next one: half of them. */
    @Test
    void those_who_wait_in_line_get_nearly_all_that_comes_over_two_nodes() throws Exception {
        try (RedisServer server = RedisServer.start();
                Nodes nodes = new Nodes(server.url(), "queued", 2000, folder)) {
            nodes.start(40, 1);
            nodes.start(40, 1);
            nodes.begin().join();
            long[] admitted = nodes.admitted();
            // As above; and where one was held up for longer than they are apart, it is that much closer.
            assertThat(Nodes.excess(admitted, 100, SECOND, 1)).isLessThan(1 + 100 * LATE_NANOS / SECOND);
            double seconds = (double) (admitted[admitted.length - 1] - admitted[0]) / SECOND;
            assertThat(admitted.length / (100 * seconds)).as("utilisation").isBetween(0.7, 1.01);
            assertThat(keys(server)).as("keys, all of which will go").isEqualTo("2");
        }
    }

    /** It breaks the connection of a virtual thread, and is no outage. */
    @Test
    void an_interrupt_during_a_command_is_no_outage() throws Exception {
        Jdk newest = Jdk.all().get(Jdk.all().size() - 1);
        try (RedisServer server = RedisServer.start()) {
            Jvm.Run run = Jvm.of(newest)
                    .options("-Dholdfast.redis=" + server.url(), "-Dholdfast.redis.timeout=5s")
                    .run(Interrupted.class.getName(), String.valueOf(server.port()));
            assertThat(run.succeeds().lines()).containsExactly("answered");
            assertThat(run.err()).doesNotContain("away");
        }
    }

    /** Whether it hangs, or nothing comes back of it, or it is gone: each node has its share, no call waits for long, and it ends with the outage. */
    @Test
    void while_redis_hangs_each_node_goes_by_its_share() throws Exception {
        try (RedisServer server = RedisServer.start();
                Nodes nodes = new Nodes(server.url(), "bucket", 5000, folder)) {
            Nodes.One busy = nodes.start(2, 100);
            nodes.start(2, 100);
            nodes.begin().await(1500);
            server.pause();
            nodes.await(3500);
            server.resume();
            nodes.join();
            long[] admitted = nodes.admitted();
            assertThat(count(admitted, 2000, 3500))
                    .as("a second and a half of shares")
                    .isBetween(700L, 2000L);
            assertThat(count(nodes.admitted(busy), 2000, 3500)).isLessThan(1300);
            assertThat(count(admitted, 4500, 5000)).as("with Redis again").isBetween(300L, 600L);
            assertThat(nodes.slowestMicros())
                    .isLessThan(300_000); // of which 120 are for Redis, and the rest for a busy machine
        }
    }

    private static long count(long[] times, long fromMillis, long toMillis) {
        return Arrays.stream(times)
                .filter(nanos -> nanos >= fromMillis * 1_000_000 && nanos < toMillis * 1_000_000)
                .count();
    }

    @Test
    void a_cluster_of_three_masters_counts_as_one() throws Exception {
        try (RedisCluster cluster = RedisCluster.start();
                Nodes nodes = new Nodes(cluster.url(), "small", 1500, folder)) {
            nodes.start(2, 50);
            nodes.start(2, 100);
            nodes.begin().join();
            long[] admitted = nodes.admitted();
            assertThat(Nodes.excess(admitted, 2000, SECOND, 100)).isLessThan(2000 * LATE_NANOS / SECOND);
            assertThat(admitted.length).isGreaterThan(1500);
        }
    }

    /** What was granted within the lag of replication may be granted again, so the bucket may have been full once too often; and no more than that. */
    @Test
    void after_a_failover_the_new_primary_counts() throws Exception {
        try (RedisSentinel sentinel = RedisSentinel.start();
                Nodes nodes = new Nodes(sentinel.url(), "denied", 5000, folder)) {
            nodes.start(2, 100);
            nodes.start(2, 100);
            nodes.begin().await(500);
            sentinel.primary().kill();
            sentinel.awaitFailover();
            long takeover = nodes.millis();
            nodes.join();
            long[] admitted = nodes.admitted();
            assertThat(firstAfter(admitted, takeover)).as("since the takeover").isLessThan(2000);
            assertThat(count(admitted, 4000, 5000)).as("by the new primary").isBetween(900L, 1100L);
            assertThat(Nodes.excess(admitted, 1000, SECOND, 1000)).isLessThan(1000);
        }
    }

    /** Empty, so that the bucket is full again: once for the restart. */
    @Test
    void redis_is_killed_and_comes_back_empty_and_then_hangs() throws Exception {
        try (RedisServer server = RedisServer.start();
                Nodes nodes = new Nodes(server.url(), "denied", 5000, folder)) {
            nodes.start(2, 100);
            nodes.start(2, 100);
            nodes.begin().await(500);
            server.kill();
            nodes.await(1000);
            server.restart();
            long restarted = nodes.millis();
            nodes.await(2800);
            server.pause();
            nodes.await(3500);
            server.resume();
            long resumed = nodes.millis();
            nodes.join();
            long[] admitted = nodes.admitted();
            assertThat(firstAfter(admitted, restarted))
                    .as("since it was restarted")
                    .isLessThan(1000);
            assertThat(count(admitted, 3000, 3500)).as("while it hangs").isZero();
            assertThat(firstAfter(admitted, resumed)).as("since it goes on").isLessThan(1000);
            assertThat(count(admitted, 4500, 5000)).as("as before").isBetween(400L, 600L);
            assertThat(Nodes.excess(admitted, 1000, SECOND, 1000)).isLessThan(1000 + 1000 * LATE_NANOS / SECOND);
        }
    }

    /** In how many milliseconds after that one the next call came through. */
    private static long firstAfter(long[] admitted, long millis) {
        return Arrays.stream(admitted)
                .map(nanos -> TimeUnit.NANOSECONDS.toMillis(nanos) - millis)
                .filter(after -> after >= 0)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
