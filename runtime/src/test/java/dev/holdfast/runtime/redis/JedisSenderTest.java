package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.Time;
import dev.holdfast.servers.Proxy;
import dev.holdfast.servers.RedisSentinel;
import dev.holdfast.servers.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where all that is under way shares one connection; where each has its own, that is {@link JedisRedisTest}. */
@Timeout(60)
final class JedisSenderTest {

    private static final Script ADD = Script.of("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private static final Script LENGTH = Script.of("return #ARGV[1]");

    /** As this machine may be busy with other things. */
    private static final long TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final byte[] KEY = "k".getBytes(UTF_8);

    private static JedisRedis connect(String url) {
        return connect(url, 0);
    }

    private static JedisRedis connect(String url, int alone) {
        return JedisRedis.connect(RedisAddress.of(url), TIMEOUT_NANOS, "holdfast:", alone, Time.SYSTEM);
    }

    private static @Nullable Object add(Redis redis, int number) throws RedisUnavailableException {
        return redis.eval(ADD, List.of(KEY), List.of(String.valueOf(number).getBytes(UTF_8)));
    }

    private static boolean isAdded(Redis redis) {
        try {
            return add(redis, 1) != null;
        } catch (RedisUnavailableException away) {
            return false;
        }
    }

    @Test
    void those_beyond_the_first_few_share_one_connection() throws Exception {
        try (RedisServer server = RedisServer.start();
                Proxy proxy = Proxy.before(server.port())) {
            JedisRedis redis = connect("redis://127.0.0.1:" + proxy.port(), 2);
            assertThat(add(redis, 1)).isEqualTo(1L);
            ExecutorService threads = Executors.newFixedThreadPool(16);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(threads.submit(() -> {
                    for (int j = 0; j < 100; j++) {
                        add(redis, 1);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            threads.shutdown();
            assertThat(add(redis, 0)).isEqualTo(1601L);
            // Who comes while the line is being connected has one of his own, so it may be some more.
            assertThat(proxy.accepted()).isBetween(3, 16);
        }
    }

    @Test
    void runs_scripts_that_redis_does_not_know_yet_or_any_more() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            assertThat(add(redis, 2)).isEqualTo(3L);
            server.command("SCRIPT", "FLUSH");
            assertThat(add(redis, 3)).isEqualTo(6L);
        }
    }

    @Test
    void is_let_in_with_password_and_database() throws Exception {
        try (RedisServer server = RedisServer.start("--requirepass", "secret")) {
            Redis redis = connect("redis://:secret@127.0.0.1:" + server.port() + "/2");
            assertThat(add(redis, 1)).isEqualTo(1L);
            assertThat(add(connect("redis://:secret@127.0.0.1:" + server.port() + "/2", 8), 1))
                    .isEqualTo(2L);
            assertThatThrownBy(() -> add(connect("redis://:wrong@127.0.0.1:" + server.port()), 1))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("WRONGPASS");
        }
    }

    @Test
    void there_are_no_fields_of_what_is_no_hash() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            server.command("HSET", "h", "f", "v");
            server.command("SET", "s", "v");
            for (int alone : new int[] {0, 8}) {
                Redis redis = connect(server.url(), alone);
                List<byte[]> names = List.of("f".getBytes(UTF_8), "none".getBytes(UTF_8));
                assertThat((List<?>) redis.eval(Script.FIELDS, List.of("h".getBytes(UTF_8)), names))
                        .satisfiesExactly(
                                field -> assertThat(field).isEqualTo("v".getBytes(UTF_8)),
                                none -> assertThat(none).isNull());
                assertThat(redis.eval(Script.FIELDS, List.of("s".getBytes(UTF_8)), names))
                        .isNull();
                assertThat((List<?>) redis.eval(Script.FIELDS, List.of("none".getBytes(UTF_8)), names))
                        .containsOnlyNulls();
            }
        }
    }

    @Test
    void what_is_large_goes_alone() throws Exception {
        try (RedisServer server = RedisServer.start();
                Proxy proxy = Proxy.before(server.port())) {
            Redis redis = connect("redis://127.0.0.1:" + proxy.port());
            byte[] large = new byte[JedisSender.LARGE + 1];
            assertThat(redis.eval(LENGTH, List.of(KEY), List.of(large))).isEqualTo((long) large.length);
            assertThat(redis.eval(LENGTH, List.of(KEY), List.of(large))).isEqualTo((long) large.length);
            assertThat(proxy.accepted()).isOne();
            assertThat(redis.eval(LENGTH, List.of(KEY), List.of(new byte[JedisSender.LARGE])))
                    .isEqualTo((long) JedisSender.LARGE);
            assertThat(proxy.accepted()).isEqualTo(2);
        }
    }

    /** It used to wait for one of the pool, and not for long. */
    @Test
    void what_would_go_alone_shares_where_there_are_no_more_connections() throws Exception {
        try (RedisServer server = RedisServer.start();
                Proxy proxy = Proxy.before(server.port())) {
            RedisAddress address = RedisAddress.of("redis://127.0.0.1:" + proxy.port());
            Redis redis = JedisRedis.connect(
                    address, TimeUnit.SECONDS.toNanos(30), "holdfast:", JedisSender.ALONE, Time.SYSTEM);
            server.pause();
            byte[] large = new byte[JedisSender.LARGE + 1];
            ExecutorService threads = Executors.newCachedThreadPool();
            List<Future<Object>> all = new ArrayList<>();
            for (int i = 1; i <= JedisClients.CONNECTIONS + 1; i++) {
                int connections = i;
                all.add(threads.submit(() -> redis.eval(LENGTH, List.of(KEY), List.of(large))));
                await().until(() -> proxy.accepted() == connections);
            }
            server.resume();
            for (Future<Object> one : all) {
                assertThat(one.get()).isEqualTo((long) large.length);
            }
            threads.shutdown();
        }
    }

    @Test
    void outlives_a_restart_without_a_failure_of_its_own() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 5)).isEqualTo(5L);
            server.restart();
            assertThat(add(redis, 5)).isEqualTo(5L);
            assertThat(add(redis, 5)).isEqualTo(10L);
        }
    }

    @Test
    void asks_a_redis_that_hangs_three_times_and_then_no_more() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            server.pause();
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                assertThat(redis.isAvailable(KEY)).isTrue();
                assertThatThrownBy(() -> add(redis, 1)).hasCauseInstanceOf(RuntimeException.class);
            }
            assertThat(redis.isAvailable(KEY)).isFalse();
            server.resume();
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable(KEY));
            assertThat(add(redis, 0)).isNotNull();
        }
    }

    @Test
    void goes_where_another_server_has_taken_over() throws Exception {
        try (RedisSentinel sentinel = RedisSentinel.start()) {
            Redis redis = connect(sentinel.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            sentinel.primary().kill();
            sentinel.awaitFailover();
            await().atMost(Duration.ofSeconds(20)).until(() -> isAdded(redis));
        }
    }

    @Test
    void is_away_once_it_is_closed() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            JedisRedis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            redis.close();
            assertThatThrownBy(() -> add(redis, 1)).isInstanceOf(RedisUnavailableException.class);
            await().untilAsserted(() -> assertThat(server.command("CLIENT", "LIST", "TYPE", "normal"))
                    .doesNotContain("evalsha"));
        }
    }
}
