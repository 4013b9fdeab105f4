package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each attempt that failed. Where a breaker, a limit or a session further in has rejected one, the body was not executed, and it is none.
 * Thread-safe.
 */
final class TellAttempts implements Policy.Clock {

    private final Tellers tellers;
    private final Stages stages;
    private final Time time;

    TellAttempts(Tellers tellers, Stages stages, Time time) {
        this.tellers = tellers;
        this.stages = stages;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        boolean isOver = call.isAttemptOver();
        int before = isOver ? call.attempts() - 1 : call.attempts();
        long begun = time.nanoTime();
        Throwable failure = call.proceed();
        if (failure != null && call.attempts() == before) {
            return stages.hold(call, failure);
        }
        if (failure != null) {
            // The wrapper may have run the first attempt, which then took no time in here.
            long now = time.nanoTime();
            long duration = isOver ? Begun.durationNanos(call.begunNanos(), now) : now - begun;
            tellers.tell(call, null, failure, null, duration, now);
        } else {
            stages.watch(call, late -> {
                long now = time.nanoTime();
                tellers.tell(call, null, late, null, now - begun, now);
            });
        }
        return stages.hold(call, failure);
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        int before = call.isAttemptOver() ? call.attempts() - 1 : call.attempts();
        long begun = time.nanoTime();
        rest.proceed((result, failure) -> {
            if (failure != null && call.attempts() != before && !call.isCancelled()) {
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

    /** A stage that completes later must be seen when the body returns it. */
    @Override
    public boolean guardsEntry() {
        return stages.isReturned();
    }

    @Override
    public boolean watchesStages() {
        return true;
    }

    @Override
    public long enter() {
        return stages.isReturned() ? Begun.LONG_WAY : Begun.enter(time);
    }
}
