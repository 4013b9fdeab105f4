package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Takes a permit for each attempt. Thread-safe. */
final class ConcurrencyGate implements Policy.Gate {

    /** There is nothing to tell one permit from another. */
    private static final long TICKET = 1;

    private final ConcurrencyLimit limit;
    private final int most;
    private final GuardedMethod method;
    private final ExceptionType rejection;

    ConcurrencyGate(int most, GuardedMethod method) {
        this.limit = new ConcurrencyLimit(most);
        this.most = most;
        this.method = method;
        this.rejection = ExceptionType.in(method.loader(), "ConcurrencyLimitException", Duration.class);
    }

    @Override
    public long enter() {
        return limit.tryEnter() ? TICKET : -1;
    }

    @Override
    public void exit(long ticket) {
        limit.exit();
    }

    @Override
    public void abandon(long ticket) {
        limit.exit();
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        if (call.takeTicket() != 0) {
            // That attempt is over, and what is left of it here needs no permit.
            limit.exit();
            return call.proceed();
        }
        if (!limit.tryEnter()) {
            return rejection.make(
                    method.place() + ": @Recover maxConcurrent " + most + " attempts are under way; try again later",
                    null);
        }
        try {
            return call.proceed();
        } finally {
            limit.exit();
        }
    }
}
