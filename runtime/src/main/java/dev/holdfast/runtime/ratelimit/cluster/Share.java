package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.Algorithm;

/**
 * This node's share of a limit for as long as the ledger cannot be asked: a bucket that fills at the node's part of the rate, and holds its part
 * of the capacity. It begins with the node's part of what was free. What was used from it is remembered: the ledger is told when it is back.
 *
 * <p>It is about right, and not strict: nobody can be strict alone. Not thread-safe.
 */
final class Share {

    /** Nodes that hardly ever got anything get a little. */
    private static final double LEAST_PART = 0.001;

    private final boolean leaky;
    private final double rate;

    private double most;
    private double level;
    private double used;
    private long atNanos;
    private final long drainsFromNanos;

    /**
     * Begins.
     *
     * @param part of the limit that is this node's
     * @param free permits that are free now as far as is known; below 0 if it is not
     */
    Share(Terms terms, double part, double free, long nowNanos) {
        double own = Math.max(LEAST_PART, part);
        this.leaky = terms.algorithm() == Algorithm.LEAKY_BUCKET;
        this.rate = own * terms.rate();
        double capacity = leaky ? 1 : terms.capacity();
        this.most = Math.max(1, own * capacity);
        this.level = free < 0 ? most : Math.min(most, own * free);
        this.atNanos = nowNanos;
        // What the ledger knows of drains first, as it does there.
        this.drainsFromNanos = nowNanos + (free < 0 ? 0 : terms.nanosOf(Math.max(0, capacity - free)));
    }

    /**
     * Takes all of them or none.
     *
     * @return 0 if they are taken, else in how many nanoseconds they can be had
     */
    long take(long cost, long nowNanos) {
        double needed = leaky ? 1 : cost;
        most = Math.max(most, needed); // or else it could never be had
        pass(nowNanos);
        if (level >= needed) {
            level -= cost;
            used += cost;
            return 0;
        }
        return waitFor(0, cost, nowNanos);
    }

    /** In how many nanoseconds they can be had after some others; 1 or more. */
    long waitFor(long ahead, long cost, long nowNanos) {
        double needed = leaky ? ahead + 1 : (double) ahead + cost;
        double missing = needed - Math.min(most, level + (nowNanos - atNanos) * rate);
        return Math.max(1, (long) Math.ceil(Math.min(Long.MAX_VALUE / 4.0, missing / rate)));
    }

    /** Puts back what was not used. */
    void giveBack(long cost) {
        level += cost;
        used = Math.max(0, used - cost);
    }

    private void pass(long nowNanos) {
        level = Math.min(most, level + (nowNanos - atNanos) * rate);
        long drained = nowNanos - Math.max(atNanos, drainsFromNanos);
        used = Math.max(0, used - Math.max(0, drained) * rate);
        atNanos = nowNanos;
    }

    /** What of its use would still count if the ledger knew of it. */
    long debt(long nowNanos) {
        pass(nowNanos);
        return (long) Math.ceil(used - 1e-6);
    }
}
