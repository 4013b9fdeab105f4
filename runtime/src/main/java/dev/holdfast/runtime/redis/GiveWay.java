package dev.holdfast.runtime.redis;

import java.util.concurrent.TimeUnit;

/**
 * When a thread that is about to send a command had better give way to others, so that what they have to send goes in one write with it, which costs Redis
 * and the JVM less than a write for each. Where processors are busy with other work, a thread that gives way has its turn again after milliseconds only;
 * then nobody does for a while.
 *
 * <p>Pure. Thread-safe, without locks.
 */
final class GiveWay {

    /** More than some dozens of threads need that do nothing but send, and less than a turn of one that has work to do. */
    static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    static final long WHILE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private volatile long againNanos;

    GiveWay(long nowNanos) {
        againNanos = nowNanos;
    }

    /** Whether to give way. */
    boolean isDue(long nowNanos) {
        return nowNanos - againNanos >= 0;
    }

    /** Somebody gave way, and had his turn again. */
    void done(long sinceNanos, long nowNanos) {
        if (nowNanos - sinceNanos > LONG_NANOS) {
            againNanos = nowNanos + WHILE_NANOS;
        }
    }
}
