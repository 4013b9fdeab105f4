package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * {@code within}: until when a call may still begin to wait. It holds for retries further down the same thread, too: the budget of
 * an inner call is never more than what is left of the outer one.
 *
 * <p>Thread-safe. The thread-local refers to nothing of the application.
 */
final class Budget implements Policy {

    private static final ThreadLocal<Deadline> OWN = ThreadLocal.withInitial(Deadline::new);

    /** Until when the calls of one thread may wait; touched by that thread alone. */
    private static final class Deadline {
        boolean isSet;
        long nanos;
    }

    private final long withinNanos;
    private final Time time;

    Budget(long withinNanos, Time time) {
        this.withinNanos = withinNanos;
        this.time = time;
    }

    /** Whether a wait that begins now ends within all budgets that this thread is under. */
    static boolean allows(long waitNanos, Time time) {
        Deadline deadline = OWN.get();
        // By difference on both sides: neither the clock nor the wait can be added to without overflow.
        return !deadline.isSet || waitNanos <= deadline.nanos - time.nanoTime();
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Deadline deadline = OWN.get();
        boolean outerIsSet = deadline.isSet;
        long outerNanos = deadline.nanos;
        long now = time.nanoTime();
        if (!outerIsSet || withinNanos < outerNanos - now) {
            deadline.nanos = now + withinNanos;
            deadline.isSet = true;
        }
        try {
            return call.proceed();
        } finally {
            // Calls nothing: after a stack overflow there may be no room for it.
            deadline.nanos = outerNanos;
            deadline.isSet = outerIsSet;
        }
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }
}
