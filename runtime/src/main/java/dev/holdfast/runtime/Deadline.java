package dev.holdfast.runtime;

import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * Until when a call, and the calls further down, may still begin to wait. Immutable.
 *
 * <p>Each thread is under the deadlines of the calls that it is in, of which the earliest counts. The thread-local refers to nothing of the
 * application.
 */
public final class Deadline {

    private static final ThreadLocal<OfThread> OWN = ThreadLocal.withInitial(OfThread::new);

    private final long atNanos;
    private final Time time;

    private Deadline(long atNanos, Time time) {
        this.atNanos = atNanos;
        this.time = time;
    }

    /** What one thread is under; touched by that thread alone. To be put back as it was, whatever happens. */
    public static final class OfThread {

        /** Null for none. */
        public @Nullable Deadline now;
    }

    /** Of the thread that asks. */
    public static OfThread ofThread() {
        return OWN.get();
    }

    /** The earlier one of an outer deadline, null for none, and the one that is so many nanoseconds away. */
    public static Deadline within(long nanos, @Nullable Deadline outer, Time time) {
        long now = time.nanoTime();
        // By difference: the clock cannot be compared otherwise, and a budget may be longer than it counts.
        return outer == null || nanos < outer.atNanos - now ? new Deadline(now + nanos, time) : outer;
    }

    /** Whether a wait that begins now ends by then; null for no deadline. */
    public static boolean allows(long waitNanos, @Nullable Deadline deadline) {
        return deadline == null || waitNanos <= deadline.atNanos - deadline.time.nanoTime();
    }
}
