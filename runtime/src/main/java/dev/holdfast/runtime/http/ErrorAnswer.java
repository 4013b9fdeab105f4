package dev.holdfast.runtime.http;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import java.lang.reflect.Array;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Answers clients for failures of one method, over the exchange or response that it was handed. The call then returns: nothing where it returns nothing, else what Java puts into a field that nobody has set.
 *
 * <p>Thread-safe.
 */
public abstract class ErrorAnswer implements Policy {

    private final HttpArguments http;
    private final GuardedMethod method;
    private final FailureAnswer answer;

    /** @param http what the method is handed */
    protected ErrorAnswer(HttpArguments http, GuardedMethod method, Time time) {
        this.http = http;
        this.method = method;
        this.answer = new FailureAnswer(method, time);
    }

    /** Whether a failure is one that it answers for. */
    protected abstract boolean isMeant(Throwable failure, @Nullable Object[] everything);

    /** Whether to answer is left to a call around this one. Asked on the thread that called. */
    protected boolean isInner() {
        return false;
    }

    @Override
    public final @Nullable Throwable apply(Call call) {
        Throwable failure = call.proceed();
        if (failure == null || call.isEnded() || isInner() || !takes(call.everything(), failure)) {
            return failure;
        }
        call.recovered(failure, Invocation.BY_ANSWER);
        call.result(nothing());
        return null;
    }

    /** Inside of a stage, nothing is null. */
    @Override
    public final void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        boolean isInner = isInner();
        rest.proceed((result, failure) -> {
            if (failure == null || call.isEnded() || isInner || !takes(call.everything(), failure)) {
                then.ended(result, failure);
            } else {
                call.recovered(failure, Invocation.BY_ANSWER);
                then.ended(result, null);
            }
        });
    }

    @Override
    public final boolean guardsEntry() {
        return false;
    }

    private boolean takes(@Nullable Object[] everything, Throwable failure) {
        return isMeant(failure, everything) && answers(everything, failure);
    }

    /** Whether a failure is of one of our types, or is what a framework has wrapped around one. */
    protected static boolean isFor(Throwable failure, String type) {
        return Verdict.isOf(failure, type);
    }

    /** Whether the response of a call has begun, so that its client has a status already. */
    protected final boolean hasBegun(@Nullable Object[] everything) {
        return http.hasBegun(everything);
    }

    /**
     * Gives the client its answer.
     *
     * @param everything the receiver and the arguments of the call
     * @return false if it has none, and the failure is the caller's
     */
    private boolean answers(@Nullable Object[] everything, Throwable failure) {
        // An interruptible channel is closed by a thread that carries the flag, and then nothing is answered.
        boolean interrupted = Thread.interrupted();
        try {
            Response response = http.response(everything);
            return response != null && answer.give(response, failure);
        } catch (VirtualMachineError severe) {
            throw severe;
        } catch (Throwable unanswerable) {
            Log.warn(method.loader(), method.place() + ": its failure could not be answered over HTTP", unanswerable);
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable Object nothing() {
        Class<?> type = method.method().getReturnType();
        if (type.isPrimitive() && type != void.class) {
            return Array.get(Array.newInstance(type, 1), 0);
        }
        return type == Future.class ? CompletableFuture.completedFuture(null) : null;
    }
}
