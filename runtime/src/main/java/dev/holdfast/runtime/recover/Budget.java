package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * {@code within}: until when a call may still begin to wait. It holds for retries further down the same thread, too: the budget of
 * an inner call is never more than what is left of the outer one.
 *
 * <p>Thread-safe. The thread-local refers to nothing of the application, and is gone when the outermost call is.
 */
final class Budget implements Policy {

    private static final ThreadLocal<@Nullable Deadline> INNERMOST = new ThreadLocal<>();

    /** A moment of the clock. */
    private record Deadline(long nanos) {}

    private final long withinNanos;
    private final Time time;

    Budget(long withinNanos, Time time) {
        this.withinNanos = withinNanos;
        this.time = time;
    }

    /** Whether a wait that begins now ends within all budgets that this thread is under. */
    static boolean allows(long waitNanos, Time time) {
        Deadline deadline = INNERMOST.get();
        // By difference on both sides: neither the clock nor the wait can be added to without overflow.
        return deadline == null || waitNanos <= deadline.nanos - time.nanoTime();
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Deadline outer = INNERMOST.get();
        long now = time.nanoTime();
        if (outer == null || withinNanos < outer.nanos - now) {
            INNERMOST.set(new Deadline(now + withinNanos));
        }
        try {
            return call.proceed();
        } finally {
            if (outer == null) {
                INNERMOST.remove();
            } else {
                INNERMOST.set(outer);
            }
        }
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }
}
