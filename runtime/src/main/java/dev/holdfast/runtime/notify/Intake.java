package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.notify.channel.SenderThreads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between the threads that fail and the one that tells. What does not fit is dropped and counted.
 *
 * <p>Thread-safe: any thread puts in, without locks, and one takes out. Waking that one costs a system call, so for a while after each failure it
 * looks by itself every now and then, and is woken only out of its deep sleep.
 */
final class Intake {

    /** With a captured exception each: some megabytes at the most. */
    static final int MOST = 8_192;

    private final Queue<Captured> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    /** Who sleeps until there is something; null while nobody does. */
    private volatile @Nullable Thread sleeper;

    /** What a thread that fails has to wait for, as the JVM ends; null until it does. */
    private volatile @Nullable Runnable last;

    /** Whether what fails on this thread is to be told: not if that comes of telling, or it would never end. */
    static boolean isOpenHere() {
        return !SenderThreads.isOwn() && !Teller.isFillingIn();
    }

    /** Puts in a failure, or drops it. */
    void take(Captured failure) {
        if (size.incrementAndGet() > MOST) {
            size.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        queue.add(failure);
        wake();
        Runnable waits = last;
        if (waits != null) {
            waits.run();
        }
    }

    /** From now on each thread that fails does that at its end: the JVM may be gone at any moment. */
    void last(Runnable waits) {
        last = waits;
    }

    /** Wakes who sleeps. */
    void wake() {
        Thread sleeping = sleeper;
        if (sleeping != null) {
            sleeper = null;
            LockSupport.unpark(sleeping);
        }
    }

    /** Counts one that could not even be taken down. */
    void drop() {
        dropped.incrementAndGet();
    }

    /** The next one; null if there is none. By the thread that tells, and at the end of the JVM by another. */
    @Nullable
    Captured next() {
        Captured next = queue.poll();
        if (next != null) {
            size.decrementAndGet();
        }
        return next;
    }

    boolean isEmpty() {
        return size.get() == 0;
    }

    /** How many were dropped since this was last asked, with those that were given back. By the thread that tells. */
    long takeDropped() {
        return dropped.getAndSet(0);
    }

    /** Gives back a count that could not be told. */
    void putBack(long count) {
        dropped.addAndGet(count);
    }

    /** Sleeps until there is something, or spuriously. By the thread that tells. */
    void sleep() {
        sleeper = Thread.currentThread();
        if (isEmpty()) {
            LockSupport.park(this);
        }
        sleeper = null;
    }
}
