package dev.holdfast.runtime.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The time, for those who must not pay for it at each of many calls: to read {@link System#nanoTime} costs 20 to 50 ns, to read this some
 * nanoseconds on average. A few readings are exact; who reads more often gets the time as it was some milliseconds ago, which a thread writes
 * down for as long as somebody asks. So it is exact but for what runs so often that the difference can be seen nowhere but in the sum.
 *
 * <p>Thread-safe. What is read may be late by the tick, and by more where the thread gets no processor; never early.
 */
public final class CoarseClock {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** So many readings a tick are exact: 20,000 a second, for a thousandth of a processor. */
    private static final int EXACT = 100;

    private static final int TICKS_AWAKE = 200;
    private static final long ASLEEP = 0;

    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static final Thread TICKER = DaemonThreads.unstarted("holdfast-clock", CoarseClock::tick);

    /** Read as it is, by each call; written by {@link #NOW}. */
    private static volatile long now = ASLEEP;

    private static final VarHandle NOW;

    static {
        try {
            NOW = MethodHandles.lookup().findStaticVarHandle(CoarseClock.class, "now", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Written only where it is false, so that threads which ask do not fight for it. */
    private static volatile boolean asked;

    /** How many more are exact. A race for it makes one more or less so. */
    private static int exact = EXACT;

    private CoarseClock() {}

    /** As {@link Time#nanoTime}; of a time that is not the JVM's it is just that. */
    public static long nanoTime(Time time) {
        return time == Time.SYSTEM ? read() : time.nanoTime();
    }

    private static long read() {
        int left = exact;
        if (left > 0) {
            exact = left - 1;
            return System.nanoTime();
        }
        long read = now;
        if (!asked) {
            asked = true;
        }
        return read == ASLEEP ? wake() : read;
    }

    /**
     * Sees to it that what is read from now on is later than that time, which was read just now: who must know whether something began before that
     * or after it can tell by the readings, however coarse they are.
     */
    public static void passed(Time time, long nanos) {
        long to = (nanos + 2) | 1;
        long from = now;
        // While it sleeps, whoever reads it reads the exact time; and to wake it is not for this thread.
        while (time == Time.SYSTEM && from != ASLEEP && to - from > 0 && !NOW.compareAndSet(from, to)) {
            from = now;
        }
    }

    /** Not back, where {@link #passed} has moved it on meanwhile; and never to what means that it sleeps. */
    private static void tick(long nanos) {
        long to = nanos | 1;
        long from = now;
        while ((from == ASLEEP || to - from > 0) && !NOW.compareAndSet(from, to)) {
            from = now;
        }
    }

    private static long wake() {
        // At once, so that others need not wake it as well, for as long as it waits for a processor.
        long read = System.nanoTime();
        tick(read);
        if (STARTED.compareAndSet(false, true)) {
            start();
        } else {
            LockSupport.unpark(TICKER);
        }
        return read;
    }

    /** Where there is no thread to be had, that is not for who asks for the time: it is read as it is, and tried again later. */
    private static void start() {
        try {
            TICKER.start();
        } catch (OutOfMemoryError noThread) {
            now = ASLEEP;
            exact = EXACT * TICKS_AWAKE;
            STARTED.set(false);
        }
    }

    private static void tick() {
        while (true) {
            asked = false;
            for (int i = 0; i < TICKS_AWAKE; i++) {
                tick(System.nanoTime());
                exact = EXACT;
                LockSupport.parkNanos(TICK_NANOS);
            }
            if (!asked) {
                now = ASLEEP;
                exact = EXACT;
                LockSupport.park(); // until somebody has used these up, and wakes it
            }
        }
    }
}
