package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.servers.Ports;
import dev.holdfast.servers.RedisCluster;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where each command has a connection of its own, as always in a cluster; where all that is under way shares one, that is {@link JedisSenderTest}. */
final class JedisRedisTest extends RedisContract {

    @Override
    int alone() {
        return JedisSender.ALONE;
    }

    @Test
    void finds_a_cluster_or_sentinels_that_come_later() {
        int port = Ports.free();
        for (String url :
                List.of("redis-cluster://127.0.0.1:" + port, "redis-sentinel://127.0.0.1:" + port + "?master=m")) {
            Redis redis = connect(url);
            assertThatThrownBy(() -> add(redis, 1))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageEndingWith(" is away");
            assertThat(redis.isAvailable(KEY)).isFalse();
        }
    }

    /** A key of that master of a {@link RedisCluster}, which has every third slot. */
    private static byte[] keyOf(int master, int number) {
        String key = "k" + number;
        for (int i = 0; Slots.of(key.getBytes(UTF_8)) % 3 != master; i++) {
            key = "k" + number + "-" + i;
        }
        return key.getBytes(UTF_8);
    }

    private static @Nullable Object add(Redis redis, byte[] key) throws RedisUnavailableException {
        return redis.eval(ADD, List.of(key), List.of("1".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_server_of_a_cluster_that_is_away_does_not_hold_up_the_others(boolean hangs) throws Exception {
        try (RedisCluster cluster = RedisCluster.start()) {
            Redis redis = connect(cluster.url());
            for (int master = 0; master < 3; master++) {
                assertThat(add(redis, keyOf(master, 1))).isEqualTo(1L);
            }
            RedisServer dead = cluster.masters().get(0);
            if (hangs) {
                dead.pause();
            } else {
                dead.kill();
            }
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                byte[] key = keyOf(0, i);
                assertThat(redis.isAvailable(key)).isTrue();
                assertThatThrownBy(() -> add(redis, key)).isInstanceOf(RedisUnavailableException.class);
            }
            // Without a cause: nobody was asked.
            assertThatThrownBy(() -> add(redis, keyOf(0, 99))).hasNoCause();
            for (int i = 0; i < 100; i++) {
                assertThat(redis.isAvailable(keyOf(0, i))).isFalse();
                assertThat(add(redis, keyOf(1, 100 + i))).isEqualTo(1L);
                assertThat(add(redis, keyOf(2, 100 + i))).isEqualTo(1L);
            }
            if (hangs) {
                dead.resume();
            } else {
                dead.restart();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable(keyOf(0, 1)));
            assertThat(add(redis, keyOf(0, 200))).isEqualTo(1L);
        }
    }

    /** As where a server, or something on the way, ends what nobody has used for long. Jedis tries two of them, and says then that it has no attempts left. */
    @Test
    void connections_of_a_cluster_that_were_closed_are_nobodys_business() throws Exception {
        try (RedisCluster cluster = RedisCluster.start()) {
            Redis redis = connect(cluster.url());
            byte[] key = keyOf(0, 1);
            RedisServer master = cluster.masters().get(0);
            for (int round = 0; round < 3; round++) {
                ExecutorService threads = Executors.newFixedThreadPool(8);
                for (int i = 0; i < 400; i++) {
                    Future<?> unused = threads.submit(() -> add(redis, key));
                }
                threads.shutdown();
                assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
                assertThat(master.command("CLIENT", "KILL", "TYPE", "normal")).isNotEqualTo(":0");
                for (int i = 0; i < 10; i++) {
                    assertThat(add(redis, key)).isNotNull();
                }
            }
        }
    }

    /** Jedis looks for another one only when a server refuses connections, or says where else to ask. */
    @Test
    void finds_who_has_taken_over_from_a_server_of_a_cluster_that_hangs() throws Exception {
        try (RedisCluster cluster = RedisCluster.start()) {
            Redis redis = connect(cluster.url());
            byte[] key = keyOf(0, 1);
            assertThat(add(redis, key)).isEqualTo(1L);
            cluster.masters().get(0).pause();
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                assertThatThrownBy(() -> add(redis, key)).isInstanceOf(RedisUnavailableException.class);
            }
            String heir = cluster.masters().get(1).command("CLUSTER", "MYID");
            for (RedisServer master : cluster.masters().subList(1, 3)) {
                assertThat(master.command("CLUSTER", "SETSLOT", String.valueOf(Slots.of(key)), "NODE", heir))
                        .isEqualTo("+OK");
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable(key));
            assertThat(add(redis, key)).isEqualTo(1L);
            cluster.masters().get(0).resume();
        }
    }

    @Test
    void leaves_a_key_of_its_probes_for_a_moment_only() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            add(redis, 1);
            server.kill();
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                assertThatThrownBy(() -> add(redis, 1)).isInstanceOf(RedisUnavailableException.class);
            }
            server.restart();
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable(KEY));
            await().atMost(Duration.ofSeconds(20)).until(() -> keys(server), "*0"::equals);
        }
    }

    private static String keys(RedisServer server) throws IOException {
        return server.command("KEYS", "holdfast:probe:*");
    }
}
