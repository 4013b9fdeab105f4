package dev.holdfast.runtime.ratelimit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.redis.JedisRedis;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.redis.Script;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.servers.Ports;
import java.util.List;

/** Gives what only a Redis that is not there throws. */
final class Unanswered {

    private Unanswered() {}

    static RedisUnavailableException exception() {
        try {
            JedisRedis.connect(RedisAddress.of("redis://127.0.0.1:" + Ports.free()), 1_000_000, "", Time.SYSTEM)
                    .eval(Script.of("return 1"), List.of("k".getBytes(UTF_8)), List.of());
            throw new AssertionError("there is a Redis");
        } catch (RedisUnavailableException expected) {
            return expected;
        }
    }
}
