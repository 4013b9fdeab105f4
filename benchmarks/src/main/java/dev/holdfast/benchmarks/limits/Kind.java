package dev.holdfast.benchmarks.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.RateLimited;
import dev.holdfast.RateLimitedException;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.jedis.Bucket4jJedis;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/** What is measured, each in the form that its documentation shows. */
enum Kind {
    HOLDFAST("Holdfast"),
    BUCKET4J("Bucket4j"),
    BUCKET4J_BATCHING("Bucket4j, batching"),
    BUCKET4J_DELAYING("Bucket4j, delaying"),
    BUCKET4J_PREDICTING("Bucket4j, predicting"),
    REDISSON("Redisson, `RRateLimiter`"),
    EVALSHA("`EVALSHA` alone"),
    PING("`PING`");

    /** As many as the threads of a node; the peers have a pool of 8 else. */
    private static final int CONNECTIONS = 32;

    private final String title;

    Kind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether it limits anything, rather than to show what a round trip costs. */
    boolean limits() {
        return this != EVALSHA && this != PING;
    }

    /** For the keys of a load, with a Redis at the loopback. */
    Limiter open(Load load, int port) {
        return switch (this) {
            case HOLDFAST -> load.keys == 1 ? new HotHoldfast() : new ColdHoldfast();
            case BUCKET4J -> bucket4j(load, port, null);
            case BUCKET4J_BATCHING -> bucket4j(load, port, Optimizations.batching());
            case BUCKET4J_DELAYING -> bucket4j(load, port, Optimizations.delaying(delay(load)));
            case BUCKET4J_PREDICTING -> bucket4j(load, port, Optimizations.predicting(delay(load)));
            case REDISSON -> redisson(load, port);
            case EVALSHA -> {
                RedisClient client = client(port);
                String sha1 = client.scriptLoad("return redis.call('INCR', KEYS[1])", "{0}");
                yield key -> client.evalsha(sha1, 1, "{" + key + "}") != null;
            }
            case PING -> {
                RedisClient client = client(port);
                yield key -> client.ping() != null;
            }
        };
    }

    /** It may be off by what comes in 50 ms, which is how long a lease of Holdfast's lasts. */
    private static DelayParameters delay(Load load) {
        return new DelayParameters(Math.max(1, load.permits / 20), Duration.ofMillis(50));
    }

    private static RedisClient client(int port) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        return RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(pool)
                .build();
    }

    private static Limiter bucket4j(Load load, int port, @Nullable Optimization optimization) {
        BucketConfiguration limit = BucketConfiguration.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(load.permits)
                        .refillGreedy(load.permits, Duration.ofSeconds(1))
                        .build())
                .build();
        var manager = Bucket4jJedis.casBasedBuilder(client(port))
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
                .build();
        BucketProxy[] buckets = new BucketProxy[load.keys];
        for (int key = 0; key < buckets.length; key++) {
            var builder = manager.builder();
            buckets[key] = (optimization == null ? builder : builder.withOptimization(optimization))
                    .build(String.valueOf(key).getBytes(UTF_8), () -> limit);
        }
        return key -> buckets[key].tryConsume(1);
    }

    private static Limiter redisson(Load load, int port) {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
        RedissonClient client = Redisson.create(config);
        RRateLimiter[] limiters = new RRateLimiter[load.keys];
        for (int key = 0; key < limiters.length; key++) {
            limiters[key] = client.getRateLimiter(String.valueOf(key));
            limiters[key].trySetRate(RateType.OVERALL, load.permits, Duration.ofSeconds(1));
        }
        return key -> limiters[key].tryAcquire();
    }

    /** A woven method. */
    private static final class HotHoldfast implements Limiter {

        @RateLimited(permits = 100_000, name = "hot")
        private boolean passes() {
            return true;
        }

        @Override
        public boolean take(int key) {
            try {
                return passes();
            } catch (RateLimitedException refused) {
                return false;
            }
        }
    }

    /** One with a key. */
    private static final class ColdHoldfast implements Limiter {

        @RateLimited(permits = 10, key = "{key}", name = "cold")
        private int passes(int key) {
            return key;
        }

        @Override
        public boolean take(int key) {
            try {
                return passes(key) == key;
            } catch (RateLimitedException refused) {
                return false;
            }
        }
    }
}
