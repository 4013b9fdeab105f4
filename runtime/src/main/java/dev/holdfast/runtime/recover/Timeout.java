package dev.holdfast.runtime.recover;

import dev.holdfast.definition.DurationText;
import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.time.Time;
import java.util.concurrent.atomic.AtomicReference;
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
        time.prepare();
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

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        TimeLimit.Watch watch = TimeLimit.start(timeoutNanos, time);
        StagedAttempt attempt = new StagedAttempt(rest.call(), then);
        try {
            rest.proceed(attempt);
        } catch (Throwable withinPolicies) {
            watch.finish(withinPolicies);
            throw withinPolicies;
        }
        attempt.begun(watch);
    }

    /**
     * One attempt that goes on after the body has returned: until then it is limited like any other, after by the clock alone. Its first end is
     * its end; if that comes while the body is still running, it is kept until the watch over the thread is over.
     */
    private final class StagedAttempt implements StagedCall.Ending {

        private final StagedCall call;
        private final StagedCall.Once then;
        private final long endNanos = time.nanoTime() + timeoutNanos;

        /** How the attempt ended while the body was running; {@link #RUNNING} and {@link #RETURNED} say where it is else. */
        private final AtomicReference<Outcome> early = new AtomicReference<>(RUNNING);

        private volatile Time.@Nullable Scheduled timer;

        StagedAttempt(StagedCall call, StagedCall.Ending then) {
            this.call = call;
            this.then = new StagedCall.Once(then);
        }

        @Override
        public void ended(@Nullable Object result, @Nullable Throwable failure) {
            if (!early.compareAndSet(RUNNING, new Outcome(true, result, failure)) && then.claim()) {
                end(result, failure);
            }
        }

        /** The body has returned. */
        void begun(TimeLimit.Watch watch) {
            Outcome outcome = early.getAndSet(RETURNED);
            boolean isOver = outcome.isEnd();
            boolean late = watch.finish(isOver ? outcome.failure() : null);
            if (late && !(isOver && outcome.failure() != null && Handled.isSevere(outcome.failure()))) {
                timedOut(isOver ? outcome.failure() : null);
            } else if (isOver) {
                then.ended(outcome.result(), outcome.failure());
            } else {
                Time.Scheduled set = call.scheduleWork(Math.max(0, endNanos - time.nanoTime()), () -> timedOut(null));
                timer = set;
                if (then.isOver()) {
                    set.cancel(); // it ended before it could see the timer
                }
            }
        }

        private void end(@Nullable Object result, @Nullable Throwable failure) {
            Time.Scheduled set = timer;
            if (set != null) {
                set.cancel();
            }
            then.pass(result, failure);
        }

        private void timedOut(@Nullable Throwable failure) {
            if (then.claim()) {
                call.stopAttempt();
                then.pass(null, exception.make(message, failure));
            }
        }
    }

    /** How an attempt ended, if it has. */
    private record Outcome(
            boolean isEnd,
            @Nullable Object result,
            @Nullable Throwable failure) {}

    private static final Outcome RUNNING = new Outcome(false, null, null);
    private static final Outcome RETURNED = new Outcome(false, null, null);
}
