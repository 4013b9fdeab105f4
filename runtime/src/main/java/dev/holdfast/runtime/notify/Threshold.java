package dev.holdfast.runtime.notify;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * {@code after} and {@code within}: whether there were so many failures in so much time. It keeps the times of the last {@code after - 1}
 * failures in a ring: the one that a failure puts its own time in place of is the one so many before it.
 *
 * <p>Thread-safe, without locks. Given the time; never blocks.
 */
final class Threshold {

    private final int after;
    private final long withinNanos;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLongArray nanos;
    private volatile boolean reached;

    Threshold(int after, long withinNanos) {
        this.after = after;
        this.withinNanos = withinNanos;
        this.nanos = new AtomicLongArray(after - 1);
    }

    /** Whether it counts so many within so much time. */
    boolean is(int after, long withinNanos) {
        return this.after == after && this.withinNanos == withinNanos;
    }

    /**
     * Counts a failure.
     *
     * @return for how many it stands if it is to be told, those before it that were not told included; 0 if it is not
     */
    int count(long nowNanos) {
        if (after == 1) {
            return 1;
        }
        long number = failures.getAndIncrement();
        long before = nanos.getAndSet((int) (number % (after - 1)), nowNanos);
        boolean reaches = number >= after - 1 && nowNanos - before <= withinNanos;
        if (!reaches) {
            reached = false;
            return 0;
        }
        if (reached) {
            return 1;
        }
        reached = true;
        return after;
    }
}
