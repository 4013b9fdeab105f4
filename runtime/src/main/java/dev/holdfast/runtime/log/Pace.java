package dev.holdfast.runtime.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one message through in a while and counts the others, so that a flood of requests is not one of log lines too. Thread-safe, without
 * locks: of threads that come at once, one passes.
 */
public final class Pace {

    /** What {@link #admit} gives for a message that is to be left out. */
    public static final long LEFT_OUT = -1;

    private final long intervalNanos;
    private final AtomicLong nextNanos;
    private final AtomicLong leftOut = new AtomicLong();

    /** The first one passes at once. */
    public Pace(long intervalNanos, long nowNanos) {
        this.intervalNanos = intervalNanos;
        this.nextNanos = new AtomicLong(nowNanos);
    }

    /**
     * Asks for one message.
     *
     * @return {@link #LEFT_OUT}, or how many were left out since the last one
     */
    public long admit(long nowNanos) {
        long next = nextNanos.get();
        if (nowNanos - next < 0 || !nextNanos.compareAndSet(next, nowNanos + intervalNanos)) {
            leftOut.incrementAndGet();
            return LEFT_OUT;
        }
        return leftOut.getAndSet(0);
    }
}
