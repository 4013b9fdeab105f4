package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/** Tells of each attempt that failed. Thread-safe. */
final class TellAttempts implements Policy.Clock {

    private final Tellers tellers;
    private final Time time;

    TellAttempts(Tellers tellers, Time time) {
        this.tellers = tellers;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        boolean isOver = call.isAttemptOver();
        long begun = time.nanoTime();
        Throwable failure = call.proceed();
        if (failure != null) {
            // The wrapper may have run the first attempt, which then took no time in here.
            long now = time.nanoTime();
            long duration = isOver ? Begun.durationNanos(call.begunNanos(), now) : now - begun;
            tellers.tell(call, null, failure, null, duration, now);
        }
        return failure;
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        long begun = time.nanoTime();
        rest.proceed((result, failure) -> {
            if (failure != null && !call.isCancelled()) {
                long now = time.nanoTime();
                tellers.tell(call, null, failure, null, now - begun, now);
            }
            then.ended(result, failure);
        });
    }

    @Override
    public void severe(Throwable severe, long begunNanos) {
        long now = time.nanoTime();
        tellers.tellSevere(severe, Begun.durationNanos(begunNanos, now), now);
    }

    @Override
    public long enter() {
        return Begun.enter(time);
    }
}
