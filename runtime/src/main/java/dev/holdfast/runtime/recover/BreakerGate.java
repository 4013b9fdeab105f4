package dev.holdfast.runtime.recover;

import dev.holdfast.definition.DurationText;
import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Asks the breaker before each attempt, and tells it how the attempt ended. Thread-safe. */
final class BreakerGate implements Policy.Gate {

    private final Handled handled;
    private final Breaker breaker;
    private final GuardedMethod method;
    private final ExceptionType rejection;

    BreakerGate(Handled handled, Breaker breaker, GuardedMethod method) {
        this.handled = handled;
        this.breaker = breaker;
        this.method = method;
        this.rejection = ExceptionType.in(method.loader(), "BreakerOpenException", Duration.class);
    }

    @Override
    public long enter() {
        return breaker.enter();
    }

    @Override
    public void exit(long ticket) {
        breaker.succeeded(ticket);
    }

    @Override
    public void abandon(long ticket) {
        breaker.failed(ticket);
    }

    /** A breaker knows its own tickets: those of another change nothing. */
    @Override
    public boolean takesTicketsOf(Policy.Gate earlier) {
        return earlier instanceof BreakerGate;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        long ticket = call.takeTicket();
        if (ticket == 0) {
            ticket = breaker.enter();
            if (ticket == Breaker.REJECTED) {
                return rejected();
            }
        }
        Throwable failure;
        try {
            failure = call.proceed();
        } catch (Throwable withinPolicies) {
            breaker.failed(ticket);
            throw withinPolicies;
        }
        if (failure != null && handled.counts(failure)) {
            breaker.failed(ticket);
        } else {
            breaker.succeeded(ticket);
        }
        return failure;
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        long ticket = breaker.enter();
        if (ticket == Breaker.REJECTED) {
            then.ended(null, rejected());
            return;
        }
        rest.proceed((result, failure) -> {
            if (failure instanceof CancellationException && rest.call().isCancelled()) {
                breaker.withdraw(ticket); // it says nothing of what is called
            } else if (failure != null && handled.counts(failure)) {
                breaker.failed(ticket);
            } else {
                breaker.succeeded(ticket);
            }
            then.ended(result, failure);
        });
    }

    private Throwable rejected() {
        long retryAfterNanos = breaker.retryAfterNanos();
        if (retryAfterNanos < 0) {
            return rejection.make(
                    method.place() + ": the circuit breaker is half-open and its probes are under way; try again later",
                    null);
        }
        return rejection.make(
                method.place() + ": the circuit breaker is open and lets no call through; try again in "
                        + shown(retryAfterNanos),
                Duration.ofNanos(retryAfterNanos));
    }

    /** To the millisecond, rounded up, so that whoever waits so long does not come too early. */
    private static String shown(long nanos) {
        return DurationText.text((nanos + 999_999) / 1_000_000 * 1_000_000);
    }
}
