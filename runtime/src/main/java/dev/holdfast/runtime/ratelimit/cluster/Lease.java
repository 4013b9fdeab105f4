package dev.holdfast.runtime.ratelimit.cluster;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Permits that this node holds: granted, paid for, and good until a time by this node's clock that lies before the one at which the ledger takes
 * them for used. Thread-safe, without locks.
 */
final class Lease {

    /** {@link #oldestStamp}: there is none. */
    static final long UNKNOWN = -1;

    /** So many leases are known, the last one among them; who gives back what he took before them has waited for long. */
    private static final int KNOWN = 8;

    private static final Lease FORGOTTEN = new Lease(0, 0, 0, 0, null);

    private final AtomicLong left;
    private final boolean hadAny;
    private final long renewNanos;
    private final long diesNanos;
    private final long stamp;

    /** From when on nobody takes of the one before any more. */
    private volatile long sinceNanos;

    private volatile boolean isPublished;

    /** The one before; null if there was none. Becomes {@link #FORGOTTEN} under who reads it, and either is right. */
    private @Nullable Lease before;

    /**
     * Of so many permits.
     *
     * @param renewNanos from when on nobody takes any, so that they can be brought back while they are good
     * @param diesNanos when they are not good any more
     * @param stamp by which the ledger knows them
     * @param before the one that it takes the place of
     */
    Lease(long permits, long renewNanos, long diesNanos, long stamp, @Nullable Lease before) {
        this.left = new AtomicLong(permits);
        this.hadAny = permits > 0;
        this.renewNanos = renewNanos;
        this.diesNanos = diesNanos;
        this.stamp = stamp;
        this.before = before;
        Lease last = this;
        for (int i = 1; i < KNOWN && last.before != null; i++) {
            last = last.before;
        }
        if (last.before != null) {
            last.before = FORGOTTEN;
        }
    }

    /** Everybody sees it from then on. */
    void publishedAt(long nowNanos) {
        sinceNanos = nowNanos;
        isPublished = true;
    }

    /** Whether permits that were taken after that moment can be of no lease before this one. */
    private boolean isBefore(long nanos) {
        return isPublished && nanos - sinceNanos > 0;
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
     * Puts permits back that were taken after that moment, where they can be of this lease alone.
     *
     * @return false if they may be from one before, which ends earlier, or are not good any more
     */
    boolean giveBack(long cost, long takenAfterNanos, long nowNanos) {
        if (!hadAny || !isBefore(takenAfterNanos) || nowNanos - diesNanos >= 0) {
            return false;
        }
        left.addAndGet(cost);
        return true;
    }

    /**
     * The oldest stamp that permits may have which were taken after that moment, of this lease or of those before. To bring them back by a younger one could bring
     * back what somebody uses.
     *
     * @return {@link #UNKNOWN} if there is none, or it is not known any more
     */
    long oldestStamp(long takenAfterNanos) {
        long oldest = Long.MAX_VALUE;
        Lease one = this;
        while (one != null && !one.isBefore(takenAfterNanos)) {
            if (one == FORGOTTEN) {
                return UNKNOWN;
            }
            oldest = Math.min(oldest, one.stamp);
            one = one.before;
        }
        if (one != null && one.hadAny && takenAfterNanos - one.renewNanos < 0) {
            oldest = Math.min(oldest, one.stamp);
        }
        return oldest == Long.MAX_VALUE ? UNKNOWN : oldest;
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
