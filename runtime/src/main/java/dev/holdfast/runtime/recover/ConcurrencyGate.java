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

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        int entered = limit.enter();
        if (entered == 0) {
            then.ended(null, rejected());
            return;
        }
        StagedAttempt attempt = new StagedAttempt(entered, then);
        try {
            rest.proceed(attempt);
        } finally {
            attempt.leaveThread();
        }
    }

    /** An attempt that goes on after the body has returned: while the body runs its permit is the thread's, from then on nobody's. */
    private final class StagedAttempt implements StagedCall.Ending {

        private final int entered;
        private final StagedCall.Ending then;
        private final Thread thread = Thread.currentThread();

        /** Touched by that thread alone. */
        private boolean onThread = true;

        StagedAttempt(int entered, StagedCall.Ending then) {
            this.entered = entered;
            this.then = then;
        }

        void leaveThread() {
            if (onThread) {
                onThread = false;
                limit.detach(entered);
            }
        }

        @Override
        public void ended(@Nullable Object result, @Nullable Throwable failure) {
            if (Thread.currentThread() == thread) {
                leaveThread(); // before another attempt begins on it
            }
            if (entered == 1) {
                limit.releaseDetached();
            }
            then.ended(result, failure);
        }
    }

    private Throwable rejected() {
        return rejection.make(
                method.place() + ": @Recover maxConcurrent " + most + " attempts are under way; try again later", null);
    }
}
