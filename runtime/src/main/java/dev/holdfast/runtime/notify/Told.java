package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.time.Time;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The failures that were told lately, so that one that passes through several methods is told once, by the innermost. Known by identity, also
 * as the cause of another.
 *
 * <p>The same object at the same method is another failure, for some programs throw one object again and again; but not where it passes
 * through the levels of a recursion, which takes no time and no other thread.
 *
 * <p>Thread-safe, without locks: a table of which a place may be overwritten. The price is that a failure may be told twice where two share a
 * place.
 */
final class Told {

    private static final int PLACES = 512;
    private static final int DEEPEST = 16;
    private static final long LATELY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long RECURSION_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicReferenceArray<@Nullable Mark> marks = new AtomicReferenceArray<>(PLACES);
    private final Time time;

    Told(Time time) {
        this.time = time;
    }

    private record Mark(WeakReference<Throwable> failure, String method, boolean ofAttempt, long thread, long nanos) {}

    /**
     * Whether a failure is to be told; it counts as told then.
     *
     * @param method where it is seen now
     * @param ofAttempt whether it is that of an attempt, which is told beside its call
     */
    boolean claim(Throwable failure, String method, boolean ofAttempt) {
        long nanos = time.nanoTime();
        Throwable one = failure;
        for (int i = 0; one != null && i < DEEPEST; i++) {
            Mark mark = marks.get(place(one));
            if (mark != null && mark.failure().get() == one && isSame(mark, method, ofAttempt, nanos)) {
                return false;
            }
            one = one.getCause();
        }
        marks.set(
                place(failure),
                new Mark(
                        new WeakReference<>(failure),
                        method,
                        ofAttempt,
                        Thread.currentThread().getId(),
                        nanos));
        return true;
    }

    private static boolean isSame(Mark mark, String method, boolean ofAttempt, long nanos) {
        long age = nanos - mark.nanos();
        if (!mark.method().equals(method)) {
            return age < LATELY_NANOS;
        }
        return !ofAttempt
                && !mark.ofAttempt()
                && mark.thread() == Thread.currentThread().getId()
                && age < RECURSION_NANOS;
    }

    private static int place(Throwable failure) {
        return System.identityHashCode(failure) & (PLACES - 1);
    }
}
