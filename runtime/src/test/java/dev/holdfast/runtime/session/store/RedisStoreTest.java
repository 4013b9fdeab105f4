package dev.holdfast.runtime.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.redis.JedisRedis;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.servers.RedisServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a real server. */
@SuppressWarnings("NullAway.Init") // set before all
final class RedisStoreTest extends SessionStoreContract {

    private static RedisServer server;
    private static RedisStore store;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        store = new RedisStore(
                JedisRedis.connect(
                        RedisAddress.of(server.url()), TimeUnit.SECONDS.toNanos(5), "holdfast:", Time.SYSTEM),
                "holdfast:");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    SessionStore store() {
        return store;
    }

    @Test
    void keeps_nothing_that_lives_for_ever_and_nothing_of_an_id() throws Exception {
        server.command("FLUSHALL");
        SessionKey.Issued issued = SessionKey.issue();
        store.commit(issued.key(), change(null, Map.of("a", "1")), HALF_AN_HOUR);
        Snapshot base = store.read(issued.key(), null, HALF_AN_HOUR);
        SessionKey renewed = issued.key().renew().key();
        store.commit(
                issued.key(),
                new Change(base, Map.of(), java.util.Set.of(), java.util.Set.of(), renewed),
                HALF_AN_HOUR);
        String keys = server.command(
                "EVAL",
                "local t = {} for _, k in ipairs(redis.call('KEYS', '*')) do t[#t + 1] = k .. '=' .. redis.call('PTTL', k) end"
                        + " table.sort(t) return table.concat(t, ' ')",
                "0");
        assertThat(keys.split(" ", -1)).hasSize(2).allSatisfy(one -> {
            assertThat(one).startsWith("holdfast:session:{" + issued.key().tag() + "}:");
            assertThat(Long.parseLong(one.substring(one.indexOf('=') + 1))).isBetween(1L, 1_860_000L);
        });
        assertThat(keys).doesNotContain(issued.id().substring(issued.id().indexOf('.') + 1));
    }
}
