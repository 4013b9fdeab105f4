package dev.holdfast.runtime.redis;

import java.util.concurrent.TimeUnit;

/**
 * When a thread that hears messages had better sleep for a moment. Where thousands are told in a second, each would wake it, and to be woken costs a processor more
 * than to hear: what is told while it sleeps is heard at once. Where messages are rare, or already there, it never sleeps.
 *
 * <p>Pure; not thread-safe.
 */
final class Doze {

    /** How much later something may be heard. */
    static final long NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Who waits for less was not woken: the message was there. */
    private static final long NOT_WOKEN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private long doneNanos;

    Doze(long nowNanos) {
        doneNanos = nowNanos;
    }

    /** Whether to sleep after a message that has come just now. */
    boolean isDue(long nowNanos) {
        long waitedNanos = nowNanos - doneNanos;
        return waitedNanos > NOT_WOKEN_NANOS && waitedNanos < NANOS;
    }

    /** Ready for the next one. */
    void done(long nowNanos) {
        doneNanos = nowNanos;
    }
}
