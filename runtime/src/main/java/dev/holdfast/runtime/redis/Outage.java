package dev.holdfast.runtime.redis;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether Redis is away: so many failures in a row say that it is, and a probe that somebody sends now and then that it is back. While it is
 * away nobody asks it but the probe. Thread-safe, without locks.
 */
final class Outage {

    private final int failuresInRow;
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean begun = new AtomicBoolean();

    Outage(int failuresInRow) {
        this.failuresInRow = failuresInRow;
    }

    /** Whether it is away. */
    boolean isUnderWay() {
        return begun.get();
    }

    /** It has answered. */
    void answered() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /**
     * It has not. Of those who had asked when the last one was told so none counts: a moment in which nothing comes is one failure, however many wait.
     *
     * @param sinceNanos when it was asked
     * @return whether that was the one too many: it is away, and the caller is who shall see to the probes
     */
    boolean failed(long sinceNanos, long nowNanos) {
        long last = lastNanos.get();
        if ((failures.get() > 0 && sinceNanos - last < 0) || !lastNanos.compareAndSet(last, nowNanos)) {
            return false;
        }
        if (failures.incrementAndGet() < failuresInRow) {
            return false;
        }
        return begun.compareAndSet(false, true);
    }

    /** A probe was answered. */
    void end() {
        failures.set(0);
        begun.set(false);
    }
}
