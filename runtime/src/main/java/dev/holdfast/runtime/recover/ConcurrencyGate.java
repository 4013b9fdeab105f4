package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Takes a permit for each attempt; how deep the thread is in is the ticket. Thread-safe. */
final class ConcurrencyGate implements Policy.Gate {

    private static final long REJECTED = -1;

    private final ConcurrencyLimit limit;
    private final int most;
    private final GuardedMethod method;
    private final ExceptionType rejection;

    ConcurrencyGate(ConcurrencyLimit limit, int most, GuardedMethod method) {
        this.limit = limit;
        this.most = most;
        this.method = method;
        this.rejection = ExceptionType.in(method.loader(), "ConcurrencyLimitException", Duration.class);
    }

    @Override
    public long enter() {
        int entered = limit.enter();
        return entered == 0 ? REJECTED : entered;
    }

    @Override
    public void exit(long ticket) {
        limit.exit((int) ticket);
    }

    @Override
    public void abandon(long ticket) {
        limit.exit((int) ticket);
    }

    @Override
    public boolean takesTicketsOf(Policy.Gate earlier) {
        return earlier instanceof ConcurrencyGate other && other.limit == limit;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        int over = (int) call.takeTicket();
        if (over != 0) {
            // That attempt is over, and what is left of it here needs no permit.
            limit.exit(over);
            return call.proceed();
        }
        int entered = limit.enter();
        if (entered == 0) {
            return rejected();
        }
        try {
            return call.proceed();
        } finally {
            limit.exit(entered);
        }
    }

    /** Its permit belongs to no thread. */
    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        if (!limit.tryAcquireDetached()) {
            then.ended(null, rejected());
            return;
        }
        rest.proceed((result, failure) -> {
            limit.releaseDetached();
            then.ended(result, failure);
        });
    }

    private Throwable rejected() {
        return rejection.make(
                method.place() + ": @Recover maxConcurrent " + most + " attempts are under way; try again later", null);
    }
}
