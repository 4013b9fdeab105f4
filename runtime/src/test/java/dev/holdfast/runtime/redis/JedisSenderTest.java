package dev.holdfast.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.VirtualTime;
import dev.holdfast.servers.Proxy;
import dev.holdfast.servers.RedisSentinel;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where all that is under way shares one connection, and who does; where each has its own, that is {@link JedisRedisTest}. */
final class JedisSenderTest extends RedisContract {

    private static final Script LENGTH = Script.of("return #ARGV[1]");

    @Override
    int alone() {
        return 0;
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
            CyclicBarrier together = new CyclicBarrier(16);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(threads.submit(() -> {
                    together.await();
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
        try (Full full = new Full(Time.SYSTEM)) {
            full.answersAll();
        }
    }

    /** It was taken for a failure of Redis, and three of them for an outage. */
    @Test
    void who_waits_for_a_connection_in_vain_makes_no_outage() throws Exception {
        VirtualTime time = VirtualTime.turnedByHand();
        try (Full full = new Full(time)) {
            List<Future<Object>> late = full.ask(2 * JedisRedis.FAILURES_IN_ROW);
            time.awaitSleepers(late.size());
            time.advance(TIMEOUT_NANOS); // of 30 s
            time.awaitSleepers(late.size());
            time.advance(60 * TIMEOUT_NANOS);
            for (Future<Object> one : late) {
                assertThatThrownBy(one::get)
                        .hasCauseExactlyInstanceOf(RedisUnavailableException.class)
                        .hasMessageEndingWith("no connection was free in time");
            }
            assertThat(full.redis.isAvailable(KEY)).isTrue();
            full.answersAll();
        }
    }

    /** The flag was lost. */
    @Test
    void who_is_interrupted_waiting_for_a_connection_when_his_time_is_over_keeps_the_flag() throws Exception {
        VirtualTime time = VirtualTime.turningItself();
        try (Full full = new Full(time)) {
            time.schedule(1, () -> {
                time.advance(60 * TIMEOUT_NANOS);
                Thread.currentThread().interrupt();
            });
            assertThat(isAdded(full.redis)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(time.scheduledTasks()).isZero();
            full.answersAll();
        }
    }

    @Test
    void who_is_interrupted_waiting_for_a_connection_gets_one_and_keeps_the_flag() throws Exception {
        VirtualTime time = VirtualTime.turnedByHand();
        try (Full full = new Full(time)) {
            FutureTask<Boolean> kept = new FutureTask<>(() -> isAdded(full.redis) && Thread.interrupted());
            Thread thread = new Thread(kept, "interrupted");
            thread.start();
            time.awaitSleepers(1);
            thread.interrupt();
            full.answersAll();
            assertThat(kept.get()).isTrue();
        }
    }

    /** A Redis that hangs, where all connections are taken, and one more is being made to be shared. */
    private static final class Full implements AutoCloseable {

        private static final byte[] LARGE = new byte[JedisSender.LARGE + 1];

        private final RedisServer server = RedisServer.start();
        private final Proxy proxy = Proxy.before(server.port());
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<Future<Object>> all;

        final JedisRedis redis;

        Full(Time time) throws IOException {
            redis = JedisRedis.connect(
                    RedisAddress.of("redis://127.0.0.1:" + proxy.port()),
                    TimeUnit.SECONDS.toNanos(30),
                    "holdfast:",
                    JedisSender.ALONE,
                    time);
            server.pause();
            all = ask(JedisClients.CONNECTIONS + 1);
            await().until(() -> proxy.accepted() == JedisClients.CONNECTIONS + 1);
        }

        /** One thread for each. */
        List<Future<Object>> ask(int count) {
            List<Future<Object>> asked = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                asked.add(threads.submit(() -> redis.eval(LENGTH, List.of(KEY), List.of(LARGE))));
            }
            return asked;
        }

        void answersAll() throws Exception {
            server.resume();
            for (Future<Object> one : all) {
                assertThat(one.get()).isEqualTo((long) LARGE.length);
            }
            assertThat(proxy.accepted()).isEqualTo(JedisClients.CONNECTIONS + 1);
        }

        @Override
        public void close() {
            threads.shutdownNow();
            redis.close();
            proxy.close();
            server.close();
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
}
