package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.Time;
import dev.holdfast.servers.Ports;
import dev.holdfast.servers.RedisServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SharedRedisTest {

    private static final Script ONE = Script.of("return 1");

    private final AtomicInteger opened = new AtomicInteger();

    private SharedRedis at(int port) {
        return new SharedRedis(() -> {
            opened.incrementAndGet();
            return JedisRedis.connect(
                    RedisAddress.of("redis://127.0.0.1:" + port),
                    TimeUnit.SECONDS.toNanos(5),
                    "holdfast:",
                    Time.SYSTEM);
        });
    }

    @Test
    void opens_nothing_until_somebody_asks() {
        SharedRedis shared = at(Ports.free());
        shared.close();
        assertThat(opened).hasValue(0);
        assertThatThrownBy(shared::get).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void is_one_client_for_all_who_ask_at_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (SharedRedis shared = at(Ports.free())) {
            Set<Redis> seen = new HashSet<>();
            List<Callable<Redis>> askers = List.of(
                    shared::get,
                    shared::get,
                    shared::get,
                    shared::get,
                    shared::get,
                    shared::get,
                    shared::get,
                    shared::get);
            for (Future<Redis> asker : threads.invokeAll(askers)) {
                seen.add(asker.get());
            }
            assertThat(seen).hasSize(1);
            assertThat(opened).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void leaves_no_connection_behind_when_it_is_closed() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            SharedRedis shared = at(server.port());
            Redis redis = shared.get();
            List<byte[]> keys = List.of("k".getBytes(UTF_8));
            assertThat(redis.eval(ONE, keys, List.of())).isEqualTo(1L);
            assertThat(clients(server)).isEqualTo(2); // and the one that counts them
            shared.close();
            shared.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> clients(server) == 1);
            assertThat(shared.get()).isSameAs(redis);
            assertThatThrownBy(() -> redis.eval(ONE, keys, List.of()))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageEndingWith(" is away");
        }
    }

    private static long clients(RedisServer server) throws Exception {
        return server.command("CLIENT", "LIST", "TYPE", "normal").lines().count();
    }
}
