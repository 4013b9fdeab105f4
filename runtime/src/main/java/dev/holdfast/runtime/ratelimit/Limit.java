package dev.holdfast.runtime.ratelimit;

import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import org.jspecify.annotations.Nullable;

/** What one limit counts, and who waits for it; of one method, or shared by name. Thread-safe. */
final class Limit {

    private final String id;
    private final Meters.Source source;
    private final Lines lines = new Lines();

    private volatile RateSettings settings;
    private volatile Meters meters;

    /** Of the limit that has no key. */
    private volatile @Nullable Meter only;

    Limit(String id, RateSettings settings, Meters.Source source) {
        this.id = id;
        this.source = source;
        this.settings = settings;
        this.meters = source.open(id, settings);
        this.only = settings.keyed() ? null : meters.meter("");
    }

    /**
     * Goes by other settings from now on; what was taken stays taken, and who waits goes on waiting.
     *
     * @return whether it can; one that counts elsewhere, or by something else, is another limit
     */
    synchronized boolean follow(RateSettings changed) {
        RateSettings before = settings;
        if (changed.equals(before)) {
            return true;
        }
        if (changed.keyed() != before.keyed() || changed.cluster() != before.cluster()) {
            return false;
        }
        if (changed.cluster() && changed.algorithm() != before.algorithm()) {
            meters = source.open(id, changed);
            only = changed.keyed() ? null : meters.meter("");
        } else {
            meters.settings(changed);
        }
        settings = changed;
        return true;
    }

    RateSettings settings() {
        return settings;
    }

    /** The permits for one value of its key. */
    Meter meter(String key) {
        Meter one = only;
        return one == null ? meters.meter(key) : one;
    }

    /** The same if it is at hand, else null. */
    @Nullable
    Meter near(String key) {
        return meters.near(key);
    }

    Lines lines() {
        return lines;
    }
}
