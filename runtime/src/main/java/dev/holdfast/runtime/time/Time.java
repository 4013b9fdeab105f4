package dev.holdfast.runtime.time;

import java.util.concurrent.Semaphore;

/**
 * Time as the policies see it: a monotonic clock, waits, and tasks that run later. Tests hand in one that they turn by hand.
 * Thread-safe.
 */
public interface Time {

    /** The JVM's own time. */
    Time SYSTEM = new SystemTime();

    /** Nanoseconds since an arbitrary origin, monotonic; compare by difference only. */
    long nanoTime();

    /**
     * Waits, holding no lock and pinning no carrier of virtual threads.
     *
     * @param nanos how long; 0 or less returns at once
     * @throws InterruptedException when the thread is interrupted before or while it waits; the flag is then cleared
     */
    void sleep(long nanos) throws InterruptedException;

    /** Gets ready what {@link #schedule} needs, so that it is not the first one, deep in some call, that has to. */
    void prepare();

    /**
     * Waits as {@link #sleep} does, unless somebody releases the signal before.
     *
     * @return whether the signal was released; it is taken then
     * @throws InterruptedException when the thread is interrupted before or while it waits; the flag is then cleared
     */
    boolean await(Semaphore signal, long nanos) throws InterruptedException;

    /** The time of day in milliseconds since the epoch, for what goes by the calendar. It may jump. */
    long epochMillis();

    /** Runs a short task, one that does not block, after so many nanoseconds on a thread of the agent's. */
    Scheduled schedule(long delayNanos, Runnable task);

    /** As {@link #schedule}, for a task that may take its time, such as code of the application's: it has a worker to itself. */
    Scheduled scheduleWork(long delayNanos, Runnable task);

    /** A task that was scheduled. */
    interface Scheduled {

        /** Keeps it from running, if it has not begun, and lets go of it. */
        void cancel();
    }
}
