package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.VirtualTime;
import dev.holdfast.servers.Proxy;
import dev.holdfast.servers.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds of a real server however its answers come: on a connection of one's own, or on one that all share. */
@Timeout(60)
abstract class RedisContract {

    static final Script ADD = Script.of("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private static final Script WRONG = Script.of("return redis.call('NONSENSE')");

    /** As this machine may be busy with other things. */
    static final long TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    static final byte[] KEY = "k".getBytes(UTF_8);

    /** How many commands that are under way have a connection each. */
    abstract int alone();

    final JedisRedis connect(String url) {
        return connect(url, Time.SYSTEM);
    }

    private JedisRedis connect(String url, Time time) {
        return connect(url, alone(), time);
    }

    static JedisRedis connect(String url, int alone) {
        return connect(url, alone, Time.SYSTEM);
    }

    private static JedisRedis connect(String url, int alone, Time time) {
        return JedisRedis.connect(RedisAddress.of(url), TIMEOUT_NANOS, "holdfast:", alone, time);
    }

    static @Nullable Object add(Redis redis, int number) throws RedisUnavailableException {
        return redis.eval(ADD, List.of(KEY), List.of(String.valueOf(number).getBytes(UTF_8)));
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
            int other = JedisSender.ALONE - alone();
            assertThat(add(connect("redis://:p%40ss%20word@" + host + "/2", other), 1))
                    .isEqualTo(3L);
            assertThat(add(connect("redis://:p%40ss%20word@" + host), 1)).isEqualTo(1L);
            assertThatThrownBy(() -> add(connect("redis://:wrong@" + host), 1))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong@");
        }
    }

    @Test
    void there_are_no_fields_of_what_is_no_hash() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            server.command("HSET", "h", "f", "v");
            server.command("SET", "s", "v");
            Redis redis = connect(server.url());
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
            // Without a cause: nobody was asked.
            assertThatThrownBy(() -> add(redis, 1))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasNoCause();
            server.resume();
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable(KEY));
            assertThat(add(redis, 0)).isNotNull();
        }
    }

    /** Java writes without end what nobody reads. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void nobody_waits_for_a_redis_that_hangs_to_take_what_is_large() throws Exception {
        Script length = Script.of("return #ARGV[1]");
        byte[] large = new byte[32 << 20];
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            server.pause();
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                assertThat(redis.isAvailable(KEY)).isTrue();
                assertThatThrownBy(() -> redis.eval(length, List.of(KEY), List.of(large)))
                        .isInstanceOf(RedisUnavailableException.class)
                        .hasRootCauseInstanceOf(SocketTimeoutException.class);
            }
            assertThat(redis.isAvailable(KEY)).isFalse();
            server.resume();
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable(KEY));
            assertThat(add(redis, 1)).isEqualTo(2L);
            assertThat(redis.eval(length, List.of(KEY), List.of(new byte[100_000])))
                    .isEqualTo(100_000L);
        }
    }

    /** The pool used to replace a connection that broke at once, and the call waited for that as long again. */
    @Test
    void who_gets_no_answer_does_not_wait_for_another_connection_besides() throws Exception {
        try (RedisServer server = RedisServer.start();
                Proxy proxy = Proxy.before(server.port())) {
            Redis redis = connect("redis://127.0.0.1:" + proxy.port());
            assertThat(add(redis, 1)).isEqualTo(1L);
            int before = proxy.accepted();
            proxy.stall();
            assertThatThrownBy(() -> add(redis, 1)).isInstanceOf(RedisUnavailableException.class);
            assertThat(proxy.accepted()).isEqualTo(before);
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
            assertThat(redis.isAvailable(KEY)).isFalse();
            server.restart();
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.isAvailable(KEY));
            assertThat(add(redis, 1)).isEqualTo(1L);
        }
    }

    /** So a call finds it again a quarter of a second after it has come back, and the time of one command. */
    @Test
    void looks_four_times_a_second_whether_it_is_back() throws Exception {
        VirtualTime time = VirtualTime.turnedByHand();
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url(), time);
            time.advance(0);
            assertThat(add(redis, 1)).isEqualTo(1L);
            server.kill();
            for (int i = 0; i < JedisRedis.FAILURES_IN_ROW; i++) {
                assertThatThrownBy(() -> add(redis, 1)).isInstanceOf(RedisUnavailableException.class);
            }
            time.advance(10 * TimeUnit.MILLISECONDS.toNanos(JedisRedis.PROBE_MILLIS));
            assertThat(redis.isAvailable(KEY)).isFalse();
            assertThat(time.scheduledTasks()).isEqualTo(1);
            server.restart();
            time.advance(TimeUnit.MILLISECONDS.toNanos(JedisRedis.PROBE_MILLIS));
            assertThat(redis.isAvailable(KEY)).isTrue();
            assertThat(time.scheduledTasks()).isZero();
            assertThat(add(redis, 1)).isEqualTo(1L);
        }
    }

    @Test
    void does_not_take_a_faulty_script_for_a_redis_that_is_away() {
        try (RedisServer server = RedisServer.start()) {
            Redis redis = connect(server.url());
            for (int i = 0; i < 2 * JedisRedis.FAILURES_IN_ROW; i++) {
                assertThatThrownBy(() -> redis.eval(WRONG, List.of(KEY), List.of()))
                        .isInstanceOf(RedisUnavailableException.class);
            }
            assertThat(redis.isAvailable(KEY)).isTrue();
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

    /** As it is with virtual threads: whoever is interrupted while he reads loses his connection. */
    @Test
    void who_is_interrupted_again_and_again_is_answered_and_keeps_the_flag() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Redis redis = connect("redis://127.0.0.1:" + server.getLocalPort());
            Thread asker = Thread.currentThread();
            Thread answers = new Thread(() -> answerWhoeverIsNot(asker, server), "server");
            answers.setDaemon(true);
            answers.start();
            for (int i = 0; i < 2 * JedisRedis.FAILURES_IN_ROW; i++) {
                assertThat(add(redis, 1)).isEqualTo(1L);
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(redis.isAvailable(KEY)).isTrue();
        }
    }

    /** It hangs up on that one, and interrupts it. */
    private static void answerWhoeverIsNot(Thread asker, ServerSocket server) {
        try {
            while (true) {
                try (Socket client = server.accept()) {
                    BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
                    for (String word = in.readLine(); word != null; word = in.readLine()) {
                        if (word.equals("HELLO")) {
                            client.getOutputStream().write("*2\r\n+proto\r\n:2\r\n".getBytes(UTF_8));
                        } else if (word.equals("EVALSHA")) {
                            boolean asks = Arrays.stream(asker.getStackTrace())
                                    .noneMatch(frame -> frame.getMethodName().equals("sendElsewhere"));
                            asker.interrupt();
                            if (asks) {
                                break;
                            }
                            client.getOutputStream().write(":1\r\n".getBytes(UTF_8));
                        }
                    }
                }
            }
        } catch (IOException ended) {
            // as the test has
        }
    }

    @Test
    void is_away_once_it_is_closed() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            JedisRedis redis = connect(server.url());
            assertThat(add(redis, 1)).isEqualTo(1L);
            assertThat(add(redis, 1)).isEqualTo(2L);
            assertThat(server.command("CLIENT", "LIST", "TYPE", "normal")).contains("cmd=evalsha");
            redis.close();
            assertThatThrownBy(() -> add(redis, 1)).isInstanceOf(RedisUnavailableException.class);
            await().untilAsserted(() -> assertThat(server.command("CLIENT", "LIST", "TYPE", "normal"))
                    .doesNotContain("evalsha"));
        }
    }
}
