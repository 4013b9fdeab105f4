package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.DurationText;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/** Limits the time of one attempt, on the caller's own thread. Thread-safe. */
final class Timeout implements Policy {

    private final long timeoutNanos;
    private final Time time;
    private final String message;
    private final ExceptionType exception;

    Timeout(long timeoutNanos, GuardedMethod method, Time time) {
        this.timeoutNanos = timeoutNanos;
        this.time = time;
        this.message = method.place() + ": an attempt took longer than the @Recover timeout "
                + DurationText.text(timeoutNanos);
        this.exception = ExceptionType.in(method.loader(), "CallTimeoutException", Throwable.class);
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        TimeLimit.Watch watch = TimeLimit.start(timeoutNanos, time);
        Throwable failure;
        try {
            failure = call.proceed();
        } catch (Throwable withinPolicies) {
            watch.finish(withinPolicies);
            throw withinPolicies;
        }
        if (!watch.finish(failure) || (failure != null && Handled.isSevere(failure))) {
            return failure;
        }
        return exception.make(message, failure);
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }
}
