package dev.holdfast.runtime.ratelimit.cluster;

import java.util.concurrent.TimeUnit;

/**
 * Which part of what all nodes get this one gets, of late. Each answer of a ledger tells how much was granted to all; so the parts that the nodes know of add
 * up to about one, without their knowing each other. Not thread-safe.
 */
final class Part {

    /**
     * Of a node that has never had an answer: a tenth. Too little for a node that is alone, about right for ten, and it has to be guessed by a
     * node that knows nothing.
     */
    static final double NEVER_SEEN = 0.1;

    /** What was thought before weighs as much as that many permits. */
    private static final double WEIGHT_BEFORE = 4;

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private double before;
    private double own;
    private double all;
    private long sinceNanos;

    /**
     * Knows nothing yet.
     *
     * @param before what is thought until then
     */
    Part(double before, long nowNanos) {
        this.before = before;
        this.sinceNanos = nowNanos;
    }

    /** So many permits were granted since the last time, and so many of them to this node. */
    void granted(long own, long all, long nowNanos) {
        if (nowNanos - sinceNanos >= PERIOD_NANOS) {
            before = part();
            this.own = 0;
            this.all = 0;
            sinceNanos = nowNanos;
        }
        this.own += own;
        this.all += Math.max(own, all);
    }

    /** Above 0, at most 1. */
    double part() {
        return (own + WEIGHT_BEFORE * before) / (all + WEIGHT_BEFORE);
    }
}
