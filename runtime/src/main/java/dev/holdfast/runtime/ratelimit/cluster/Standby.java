package dev.holdfast.runtime.ratelimit.cluster;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of one ledger for the times when it cannot ask it, and the share that it goes by then. Thread-safe; the lock is held for a
 * few statements.
 */
final class Standby {

    private static final double UNKNOWN = -1;

    private final ClusterLimit limit;
    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by the lock.
    private final Part part;
    private long ever = -1;
    private double free = UNKNOWN;
    private long freeAtNanos;
    private @Nullable Share share;
    private @Nullable Terms shared;

    Standby(ClusterLimit limit, long nowNanos) {
        this.limit = limit;
        this.part = new Part(limit.part(), nowNanos);
    }

    /** The ledger has answered: there is no share any more, and it is known again who gets how much. */
    void answered(Grant grant, long nowNanos) {
        lock.lock();
        try {
            long all = ever < 0 || grant.ever() < ever ? grant.permits() : grant.ever() - ever;
            part.granted(grant.permits(), all, nowNanos);
            limit.granted(grant.permits(), Math.max(all, grant.permits()), nowNanos);
            ever = grant.ever();
            free = grant.free();
            freeAtNanos = nowNanos;
            share = null;
        } finally {
            lock.unlock();
        }
    }

    /** What was used of the share and the ledger does not know of. */
    long debt(long nowNanos) {
        lock.lock();
        try {
            return share == null ? 0 : share.debt(nowNanos);
        } finally {
            lock.unlock();
        }
    }

    /** From the share, as {@link Share#take}. */
    long take(Terms terms, long cost, long nowNanos) {
        lock.lock();
        try {
            return share(terms, nowNanos).take(cost, nowNanos);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link Share#waitFor}. */
    long waitFor(Terms terms, long ahead, long cost, long nowNanos) {
        lock.lock();
        try {
            return share(terms, nowNanos).waitFor(ahead, cost, nowNanos);
        } finally {
            lock.unlock();
        }
    }

    /** To the share, if there is one. */
    void giveBack(long cost) {
        lock.lock();
        try {
            if (share != null) {
                share.giveBack(cost);
            }
        } finally {
            lock.unlock();
        }
    }

    private Share share(Terms terms, long nowNanos) {
        Share now = share;
        if (now == null || !terms.equals(shared)) {
            double filled = free == UNKNOWN
                    ? UNKNOWN
                    : Math.min((double) terms.capacity(), free + Math.max(0, nowNanos - freeAtNanos) * terms.rate());
            now = new Share(terms, part.part(), filled, nowNanos);
            share = now;
            shared = terms;
        }
        return now;
    }
}
