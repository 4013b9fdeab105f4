package dev.holdfast.runtime.redis;

import dev.holdfast.runtime.time.Time;

/**
 * Waits on when its thread is interrupted, which has its flag again afterwards. For what takes a short time at most, as the waits for a connection do: an
 * interrupt says nothing of Redis, and a call that is interrupted can be answered like any other.
 */
final class Unmoved {

    private Unmoved() {}

    /** Something to wait for, until it has come or the time is over. */
    interface Wait {

        boolean await(long nanos) throws InterruptedException;
    }

    /** Whether it has come in time. */
    static boolean await(Time time, long nanos, Wait what) {
        long until = time.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return what.await(until - time.nanoTime());
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
