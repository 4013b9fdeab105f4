package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/** Tells how calls end: those that failed, and those that did not only because something took the failure. Thread-safe. */
final class TellCalls implements Policy {

    private final Tellers tellers;
    private final Time time;

    TellCalls(Tellers tellers, Time time) {
        this.tellers = tellers;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        // Where the wrapper has run the first attempt itself, nobody looked at the clock before.
        boolean seen = call.attempts() == 0;
        long begun = seen ? time.nanoTime() : 0;
        Throwable failure = call.proceed();
        ended(call, failure, seen, begun);
        return failure;
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        boolean seen = call.attempts() == 0;
        long begun = seen ? time.nanoTime() : 0;
        rest.proceed((result, failure) -> {
            if (!call.isCancelled()) { // who has cancelled it need not be told
                ended(call, failure, seen, begun);
            }
            then.ended(result, failure);
        });
    }

    private void ended(Invocation call, @Nullable Throwable failure, boolean seen, long begun) {
        Throwable told = failure;
        String by = null;
        if (told == null) {
            Invocation.Recovered recovered = call.recovered();
            if (recovered == null) {
                return;
            }
            told = recovered.failure();
            by = recovered.by();
        }
        tellers.tell(call, told, by, seen ? time.nanoTime() - begun : Tellers.NOT_SEEN);
    }

    @Override
    public boolean guardsEntry() {
        return false;
    }
}
