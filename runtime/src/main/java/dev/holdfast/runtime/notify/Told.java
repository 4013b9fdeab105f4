package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.GuardedMethod;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The failures that were told lately, so that one that passes through several methods is told once, by the innermost. Known by identity, also
 * as the cause of another.
 *
 * <p>The same object at the same method is another failure, for some programs throw one object again and again; but not where it passes
 * through the levels of a recursion: as often as the method stands in its stack trace, on the same thread. An object that was found to be
 * thrown again is from then on another failure at other methods too, unless it comes there at once.
 *
 * <p>Thread-safe, without locks: a table of which a place may be overwritten. The price is that a failure may be told twice where two share a
 * place. No code of the application's runs here: of an exception with a {@code getCause} of its own the causes are not looked at.
 */
final class Told {

    private static final int PLACES = 512;
    private static final int DEEPEST = 16;
    private static final long LATELY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String BODY = "$holdfast";

    /** So many frames a stack trace has at most, unless the JVM is told otherwise. */
    private static final int MOST_FRAMES = 1_024;

    private static final int NOT_COUNTED = -1;

    private final AtomicReferenceArray<@Nullable Mark> marks = new AtomicReferenceArray<>(PLACES);

    /**
     * @param levels through how many more calls of the method it may pass, or {@link #NOT_COUNTED}
     * @param again whether it was thrown more than once
     */
    private record Mark(
            WeakReference<Throwable> failure,
            Place method,
            boolean ofAttempt,
            long thread,
            long nanos,
            int levels,
            boolean again) {

        Mark passing(int left) {
            return new Mark(failure, method, ofAttempt, thread, nanos, left, again);
        }
    }

    /**
     * A method.
     *
     * @param text as messages name it, which tells it from all others
     * @param body what its moved body is called
     */
    record Place(String text, String type, String body) {

        static Place of(GuardedMethod method) {
            return new Place(
                    method.place(),
                    method.owner().getName(),
                    method.method().getName().concat(BODY));
        }

        /** How often its body stands in a stack trace. */
        int levels(Throwable failure) {
            if (!Inquiry.isPlain(failure)) {
                return 1;
            }
            StackTraceElement[] trace = failure.getStackTrace();
            if (trace.length >= MOST_FRAMES) {
                return Integer.MAX_VALUE; // nobody knows
            }
            int levels = 0;
            for (StackTraceElement frame : trace) {
                if (frame.getMethodName().equals(body) && frame.getClassName().equals(type)) {
                    levels++;
                }
            }
            return levels;
        }
    }

    /**
     * Whether a failure is to be told; it counts as told then.
     *
     * @param method where it is seen now
     * @param ofAttempt whether it is that of an attempt, which is told beside its call
     * @param nanos the time
     */
    boolean claim(Throwable failure, Place method, boolean ofAttempt, long nanos) {
        boolean again = false;
        Throwable one = failure;
        for (int i = 0; one != null && i < DEEPEST; i++) {
            int place = place(one);
            Mark mark = marks.get(place);
            if (mark != null && mark.failure().get() == one) {
                if (isPassing(mark, place, one, method, ofAttempt, nanos)) {
                    return false;
                }
                again |= one == failure && !ofAttempt && !mark.ofAttempt();
            }
            one = Inquiry.isPlain(one) ? one.getCause() : null;
        }
        // Reads the mark of this very failure again: its levels may have been counted just now.
        Mark before = again ? marks.get(place(failure)) : null;
        int levels = before != null && before.failure().get() == failure ? before.levels() : NOT_COUNTED;
        marks.set(
                place(failure),
                new Mark(
                        new WeakReference<>(failure),
                        method,
                        ofAttempt,
                        Thread.currentThread().getId(),
                        nanos,
                        levels,
                        again));
        return true;
    }

    /** Whether it is the failure that was told, on its way out. */
    private boolean isPassing(Mark mark, int place, Throwable failure, Place method, boolean ofAttempt, long nanos) {
        long age = nanos - mark.nanos();
        boolean here = mark.thread() == Thread.currentThread().getId();
        if (!mark.method().text().equals(method.text())) {
            return mark.again() ? here && age < AT_ONCE_NANOS : age < LATELY_NANOS;
        }
        if (ofAttempt || mark.ofAttempt() || !here || age >= LATELY_NANOS) {
            return false;
        }
        int levels = mark.levels() == NOT_COUNTED ? method.levels(failure) - 1 : mark.levels();
        if (levels > 0) {
            marks.set(place, mark.passing(levels == Integer.MAX_VALUE ? levels : levels - 1));
            return true;
        }
        marks.set(place, mark.passing(0));
        return false;
    }

    private static int place(Throwable failure) {
        return System.identityHashCode(failure) & (PLACES - 1);
    }
}
