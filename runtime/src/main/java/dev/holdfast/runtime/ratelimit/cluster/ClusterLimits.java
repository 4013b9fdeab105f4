package dev.holdfast.runtime.ratelimit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.util.function.Supplier;

/** Opens limits that all nodes share, over one Redis. Thread-safe. */
public final class ClusterLimits implements Meters.Source {

    private final Time time;
    private final Supplier<Settings> settings;
    private final Supplier<Redis> redis;

    /**
     * In that time.
     *
     * @param settings those in force, asked for when the first limit is asked for permits
     * @param redis that they are kept in, asked for when the first limit is asked for permits
     */
    public ClusterLimits(Time time, Supplier<Settings> settings, Supplier<Redis> redis) {
        this.time = time;
        this.settings = settings;
        this.redis = redis;
    }

    @Override
    public Meters open(String id, RateSettings settings) {
        boolean isWindow = Terms.of(settings).isWindow();
        return new ClusterLimit(settings, key -> new RedisLedger(redis.get(), redisKey(isWindow, id, key)), time);
    }

    private String prefix() {
        return settings.get().get(Keys.REDIS_PREFIX);
    }

    /**
     * The hash tag is of the limit and the key, so that a cluster spreads the keys of one limit over its servers. Different pairs of these
     * never give the same.
     */
    private byte[] redisKey(boolean isWindow, String id, String key) {
        String name = escaped(id).replace("/", "%2F") + (key.isEmpty() ? "" : "/" + escaped(key));
        return (prefix() + "limit:" + (isWindow ? "window" : "bucket") + ":{" + name + "}").getBytes(UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace("}", "%7D");
    }
}
