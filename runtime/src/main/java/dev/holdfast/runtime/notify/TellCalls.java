package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/** Tells how calls end: those that failed, and those that did not only because something took the failure. Thread-safe. */
final class TellCalls implements Policy.Clock {

    private final Tellers tellers;
    private final Stages stages;
    private final Time time;

    TellCalls(Tellers tellers, Stages stages, Time time) {
        this.tellers = tellers;
        this.stages = stages;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        boolean isBeginning = call.attempts() == 0;
        long begun = isBeginning ? time.nanoTime() : 0;
        Throwable failure = call.proceed();
        if (failure != null || call.recovered() != null) {
            long now = time.nanoTime();
            ended(call, failure, isBeginning ? now - begun : Begun.durationNanos(call.begunNanos(), now), now);
        } else {
            stages.watch(call, late -> {
                long now = time.nanoTime();
                ended(call, late, now - begun, now);
            });
        }
        return stages.hold(call, failure);
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

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        boolean isBeginning = call.attempts() == 0;
        long begun = isBeginning ? time.nanoTime() : 0;
        rest.proceed((result, failure) -> {
            if (!call.isCancelled()) { // who has cancelled it need not be told
                long now = time.nanoTime();
                ended(call, failure, isBeginning ? now - begun : Tellers.NOT_SEEN, now);
            }
            then.ended(result, failure);
        });
    }

    private void ended(Invocation call, @Nullable Throwable failure, long durationNanos, long nowNanos) {
        Throwable seen = failure;
        String by = null;
        if (failure == null) {
            Invocation.Recovered recovered = call.recovered();
            if (recovered == null) {
                return;
            }
            by = recovered.by();
            seen = by.equals(Invocation.BY_ANSWER) ? recovered.failure() : null;
        }
        tellers.tell(call, call.attempted(), seen, by, durationNanos, nowNanos);
    }
}
