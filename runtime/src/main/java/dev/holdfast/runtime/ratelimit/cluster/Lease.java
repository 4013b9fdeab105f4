package dev.holdfast.runtime.ratelimit.cluster;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Permits that this node holds: granted, paid for, and good until a time by this node's clock that lies before the one at which the ledger takes
 * them for used. Thread-safe, without locks.
 */
final class Lease {

    /** Whoever gives permits back has taken them no longer ago than that, unless something got in his way. */
    private static final long AT_ONCE_NANOS = 5_000_000;

    private final AtomicLong left;
    private final long sinceNanos;
    private final long renewNanos;
    private final long diesNanos;
    private final long stamp;

    /**
     * Of so many permits.
     *
     * @param sinceNanos when it was got
     * @param renewNanos from when on nobody takes any, so that they can be brought back while they are good
     * @param diesNanos when they are not good any more
     * @param stamp by which the ledger knows them
     */
    Lease(long permits, long sinceNanos, long renewNanos, long diesNanos, long stamp) {
        this.left = new AtomicLong(permits);
        this.sinceNanos = sinceNanos;
        this.renewNanos = renewNanos;
        this.diesNanos = diesNanos;
        this.stamp = stamp;
    }

    /** Takes all of them or none. */
    boolean take(long cost, long nowNanos) {
        if (nowNanos - renewNanos >= 0) {
            return false;
        }
        long before = left.get();
        while (before >= cost) {
            if (left.compareAndSet(before, before - cost)) {
                return true;
            }
            before = left.get();
        }
        return false;
    }

    /** Whether a {@link #take} would succeed. */
    boolean has(long cost, long nowNanos) {
        return nowNanos - renewNanos < 0 && left.get() >= cost;
    }

    /**
     * Puts permits back that were just taken from it.
     *
     * @return false if they may be from the lease before, which ends earlier, or are not good any more
     */
    boolean giveBack(long cost, long nowNanos) {
        if (nowNanos - sinceNanos < AT_ONCE_NANOS || nowNanos - diesNanos >= 0) {
            return false;
        }
        left.addAndGet(cost);
        return true;
    }

    /** Takes whatever is left, to bring it back. */
    long drain() {
        return left.getAndSet(0);
    }

    /** How many permits there are. */
    long left() {
        return left.get();
    }

    long stamp() {
        return stamp;
    }
}
