package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.Time;
import dev.holdfast.servers.Ports;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a real server. */
@Timeout(60)
final class JedisRedisTest {

    private static final Script ADD = Script.of("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private static final Script WRONG = Script.of("return redis.call('NONSENSE')");

    /** As this machine may be busy with other things. */
    private static final long TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static Redis connect(String url) {
        return JedisRedis.connect(RedisAddress.of(url), TIMEOUT_NANOS, "holdfast:", Time.SYSTEM);
    }

    private static @Nullable Object add(Redis redis, int number) throws RedisUnavailableException {
        return redis.eval(
                ADD,
                List.of("k".getBytes(UTF_8)),
                List.of(String.valueOf(number).getBytes(UTF_8)));
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
    void is_let_in_with_user_password_and_database() throws Exception {
        try (RedisServer server = RedisServer.start("--requirepass", "p@ss word")) {
            String host = "127.0.0.1:" + server.port();
            assertThat(add(connect("redis://:p%40ss%20word@" + host + "/2"), 1)).isEqualTo(1L);
            assertThat(add(connect("redis://default:p@ss word@" + host + "/2"), 1))
                    .isEqualTo(2L);
            assertThat(add(connect("redis://:p%40ss%20word@" + host), 1)).isEqualTo(1L);
            assertThatThrownBy(() -> add(connect("redis://:wrong@" + host), 1))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong@");
        }
    }

    @Test
    void outlives_a_restart_without_a_failure_of_its_own() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 5)).isEqualTo(5L);
            server.restart();
            assertThat(add(redis, 5)).isEqualTo(5L);
        }
    }

    @Test
    void asks_a_redis_that_hangs_three_times_and_then_no_more() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            server.pause();
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                assertThat(redis.isAvailable("k".getBytes(UTF_8))).isTrue();
                assertThatThrownBy(() -> add(redis, 1)).hasCauseInstanceOf(RuntimeException.class);
            }
            assertThat(redis.isAvailable("k".getBytes(UTF_8))).isFalse();
            // Without a cause: nobody was asked.
            assertThatThrownBy(() -> add(redis, 1))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasNoCause();
            server.resume();
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable("k".getBytes(UTF_8)));
            assertThat(add(redis, 0)).isNotNull();
        }
    }

    @Test
    void comes_back_with_a_redis_that_was_killed() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            server.kill();
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                assertThatThrownBy(() -> add(redis, 1)).isInstanceOf(RedisUnavailableException.class);
            }
            assertThat(redis.isAvailable("k".getBytes(UTF_8))).isFalse();
            server.restart();
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable("k".getBytes(UTF_8)));
            assertThat(add(redis, 1)).isEqualTo(1L);
        }
    }

    @Test
    void does_not_take_a_faulty_script_for_a_redis_that_is_away() {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            for (int i = 0; i < 2 * JedisRedis.FAILURES_IN_ROW; i++) {
                assertThatThrownBy(() -> redis.eval(WRONG, List.of("k".getBytes(UTF_8)), List.of()))
                        .isInstanceOf(RedisUnavailableException.class);
            }
            assertThat(redis.isAvailable("k".getBytes(UTF_8))).isTrue();
        }
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
            assertThat(redis.isAvailable("k".getBytes(UTF_8))).isFalse();
        }
    }

    @Test
    void keeps_the_flag_of_a_thread_that_was_interrupted() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            Thread.currentThread().interrupt();
            try {
                assertThat(add(redis, 1)).isEqualTo(2L);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
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
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable("k".getBytes(UTF_8)));
            await().atMost(Duration.ofSeconds(20)).until(() -> keys(server), "*0"::equals);
        }
    }

    private static String keys(RedisServer server) throws IOException {
        return server.command("KEYS", "holdfast:probe:*");
    }
}
