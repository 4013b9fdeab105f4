package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Deadline;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * {@code within}: until when a call may still begin to wait. It holds for retries further down, too: the budget of an inner call is
 * never more than what is left of the outer one. Thread-safe.
 */
final class Budget implements Policy {

    private final long withinNanos;
    private final Time time;

    Budget(long withinNanos, Time time) {
        this.withinNanos = withinNanos;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Deadline.OfThread under = Deadline.ofThread();
        Deadline outer = under.now;
        under.now = Deadline.within(withinNanos, outer, time);
        try {
            return call.proceed();
        } finally {
            under.now = outer; // calls nothing: after a stack overflow there may be no room for it
        }
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        call.deadline(Deadline.within(withinNanos, call.deadline(), time));
        rest.proceed(then);
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }
}
