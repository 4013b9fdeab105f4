package dev.holdfast.runtime.ratelimit.local;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import dev.holdfast.runtime.time.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one limit in this JVM.
 *
 * <p><b>Memory.</b> Up to {@link #MOST} keys have a meter each; a key that was not asked for until all that it took is forgotten goes,
 * and is as good as new when it comes again. Beyond that number Caffeine's W-TinyLFU chooses who goes, and what such a key has taken is remembered
 * in {@link Remembered}, some bytes each: when it comes again, it goes on from there. So nobody gets a full bucket by having been
 * forgotten.
 *
 * <p>Thread-safe.
 */
public final class LocalMeters implements Meters {

    /** Keys of one limit, at some 250 bytes each. */
    static final int MOST = 65_536;

    /** Where a limit has no key, so many threads take of it without getting in each other's way. */
    static final int PLACES =
            Integer.highestOneBit(Math.min(8, 2 * Runtime.getRuntime().availableProcessors() - 1));

    /** So many keys are found by one look; 4 KB for each limit. A power of 2. */
    private static final int NEAR = 1024;

    private final Time time;
    private final Remembered remembered = new Remembered();
    private final @Nullable LocalMeter only;
    private final @Nullable Cache<String, LocalMeter> byKey;

    /**
     * Meters of keys that were asked for lately, each at a place that the hash of its key says. Threads that write to one at once lose nothing but
     * a short cut.
     */
    private final AtomicReferenceArray<@Nullable LocalMeter> near;

    private final Function<String, LocalMeter> begins = this::begin;
    private volatile Rules rules;

    /** Of one limit. */
    public LocalMeters(RateSettings settings, Time time) {
        this.time = time;
        this.rules = new Rules(settings);
        this.only = settings.keyed() ? null : begin("", PLACES);
        this.byKey = settings.keyed() ? cache() : null;
        this.near = new AtomicReferenceArray<>(settings.keyed() ? NEAR : 0);
    }

    private Cache<String, LocalMeter> cache() {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(rules.forgottenAfterNanos(), TimeUnit.NANOSECONDS)
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .<String, LocalMeter>evictionListener((key, meter, why) -> evicted(key, meter))
                .build();
    }

    /** Caffeine lets nobody begin another meter for that key meanwhile. */
    private void evicted(@Nullable String key, @Nullable LocalMeter meter) {
        if (key != null && meter != null) {
            Rules rules = this.rules;
            long now = now(rules);
            double counted = meter.retire(rules, now);
            if (counted > 0) {
                remembered.put(key, counted, now, rules);
            }
        }
    }

    private LocalMeter begin(String key) {
        return begin(key, 1);
    }

    private LocalMeter begin(String key, int places) {
        Rules rules = this.rules;
        long now = now(rules);
        Tally tally = remembered.take(key, rules);
        return new LocalMeter(this, key, rules, tally == null ? Tally.begin(rules, now) : tally, now, places);
    }

    @Override
    public Meter meter(String key) {
        LocalMeter one = only;
        if (one != null) {
            return one;
        }
        return byKey(key);
    }

    private LocalMeter byKey(String key) {
        Cache<String, LocalMeter> meters = byKey;
        if (meters == null) {
            throw new IllegalStateException("no keys");
        }
        LocalMeter meter = meters.get(key, begins);
        if (meter == null) {
            throw new IllegalStateException("a meter is always made");
        }
        near.setRelease(place(key), meter);
        return meter;
    }

    @Override
    public @Nullable Meter near(String key) {
        LocalMeter meter = near.getAcquire(place(key));
        return meter != null && meter.isNear(key) ? meter : null;
    }

    private static int place(String key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (NEAR - 1);
    }

    /** How many keys have a meter. */
    long keys() {
        Cache<String, LocalMeter> meters = byKey;
        if (meters == null) {
            return 0;
        }
        meters.cleanUp();
        return meters.estimatedSize();
    }

    /** Those in force. */
    Rules rules() {
        return rules;
    }

    /** By which tallies under these rules go. */
    long now(Rules rules) {
        return rules.byCalendar() ? time.epochMillis() : time.nanoTime();
    }

    @Override
    public void settings(RateSettings settings) {
        Rules before = rules;
        Rules changed = new Rules(settings);
        rules = changed;
        if (only != null) {
            only.rules(changed);
        }
        if (byKey != null) {
            for (LocalMeter meter : byKey.asMap().values()) {
                meter.rules(changed);
            }
            remembered.rules(before, now(before), changed, now(changed));
            byKey.policy()
                    .expireAfterAccess()
                    .ifPresent(expiry -> expiry.setExpiresAfter(changed.forgottenAfterNanos(), TimeUnit.NANOSECONDS));
        }
    }
}
