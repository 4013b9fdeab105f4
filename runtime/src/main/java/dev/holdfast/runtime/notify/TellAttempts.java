package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/** Tells of each attempt that failed. Thread-safe. */
final class TellAttempts implements Policy {

    private final Tellers tellers;
    private final Time time;

    TellAttempts(Tellers tellers, Time time) {
        this.tellers = tellers;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        int before = call.attempts();
        long begun = time.nanoTime();
        Throwable failure = call.proceed();
        if (failure != null) {
            // An attempt that the wrapper had run before, and one that was not admitted, took no time in here.
            boolean seen = call.attempts() > before;
            tellers.tell(call, failure, null, seen ? time.nanoTime() - begun : Tellers.NOT_SEEN);
        }
        return failure;
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        long begun = time.nanoTime();
        rest.proceed((result, failure) -> {
            if (failure != null && !call.isCancelled()) {
                tellers.tell(call, failure, null, time.nanoTime() - begun);
            }
            then.ended(result, failure);
        });
    }

    @Override
    public boolean guardsEntry() {
        return false;
    }
}
