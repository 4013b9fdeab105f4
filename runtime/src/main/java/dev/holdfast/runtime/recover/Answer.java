package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.http.ErrorAnswer;
import org.jspecify.annotations.Nullable;

/**
 * {@code respond}: answers a client, over the exchange or response that the method was handed, where nothing else took the failure. The
 * log is told of the failure, the client its status and no more. The call then returns: nothing where it returns nothing, else what Java puts
 * into a field that nobody has set.
 *
 * <p>What is not recovered from is not answered either: errors of the JVM, and whatever ends a call that somebody wants to stop.
 *
 * <p>Thread-safe.
 */
final class Answer implements Policy {

    private final ErrorAnswer answer;

    Answer(ErrorAnswer answer) {
        this.answer = answer;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Throwable failure = call.proceed();
        if (failure == null || call.isEnded() || !answers(call.everything(), failure)) {
            return failure;
        }
        call.recovered(failure, Invocation.BY_ANSWER);
        call.result(answer.nothing());
        return null;
    }

    /** Inside of a stage, nothing is null. */
    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        rest.proceed((result, failure) -> {
            boolean answered = failure != null && !call.isEnded() && answers(call.everything(), failure);
            if (failure != null && answered) {
                call.recovered(failure, Invocation.BY_ANSWER);
            }
            then.ended(result, answered ? null : failure);
        });
    }

    private boolean answers(@Nullable Object[] everything, Throwable failure) {
        return Handled.mayBeTaken(failure) && answer.answers(everything, failure);
    }

    @Override
    public boolean guardsEntry() {
        return false;
    }
}
