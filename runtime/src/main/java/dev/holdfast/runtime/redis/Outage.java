package dev.holdfast.runtime.redis;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether Redis is away: so many failures in a row say that it is, and a probe that somebody sends now and then that it is back. While it is
 * away nobody asks it but the probe. Thread-safe, without locks.
 */
final class Outage {

    private final int failuresInRow;
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
     * It has not.
     *
     * @return whether that was the one too many: it is away, and the caller is who shall see to the probes
     */
    boolean failed() {
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
