package dev.holdfast.runtime.ratelimit.cluster;

import java.util.concurrent.TimeUnit;

/**
 * How fast this node uses permits, smoothed: each counts less the longer ago it was, by a factor of e in {@link #SMOOTHING_NANOS}. Begins at nothing, so that
 * leases begin small and grow with each one that was used. Not thread-safe.
 */
final class Demand {

    static final double SMOOTHING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private double weight;
    private long atNanos;

    /** Permits were used; fewer than none if some came back that were counted before. */
    void used(long permits, long nowNanos) {
        weight = Math.max(0, weightAt(nowNanos) + permits);
        atNanos = nowNanos;
    }

    private double weightAt(long nowNanos) {
        return weight == 0 ? 0 : weight * Math.exp(-Math.max(0, nowNanos - atNanos) / SMOOTHING_NANOS);
    }

    /** Permits in a nanosecond. */
    double rate(long nowNanos) {
        return weightAt(nowNanos) / SMOOTHING_NANOS;
    }

    /** As if nothing had ever been used. */
    void forget() {
        weight = 0;
    }
}
