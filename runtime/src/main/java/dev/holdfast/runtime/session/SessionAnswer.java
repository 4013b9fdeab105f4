package dev.holdfast.runtime.session;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.http.ErrorAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Answers 503 where a method has failed because its session is away, and no {@code @Recover} says what is to become of that. Other failures it leaves
 * alone; and it leaves this one to the outer call where there is one with a session, which could not go on as if all were well, and to the server where
 * the response has begun. Thread-safe.
 */
final class SessionAnswer implements Policy {

    private static final String UNAVAILABLE = "dev.holdfast.SessionUnavailableException";

    private final ErrorAnswer answer;

    SessionAnswer(ErrorAnswer answer) {
        this.answer = answer;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Throwable failure = call.proceed();
        if (failure == null || call.isEnded() || Attempt.isUnderWay() || !answers(call.everything(), failure)) {
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
        boolean isInner = Attempt.isUnderWay();
        rest.proceed((result, failure) -> {
            boolean answered = failure != null && !isInner && !call.isEnded() && answers(call.everything(), failure);
            if (failure != null && answered) {
                call.recovered(failure, Invocation.BY_ANSWER);
            }
            then.ended(result, answered ? null : failure);
        });
    }

    private boolean answers(@Nullable Object[] everything, Throwable failure) {
        return ErrorAnswer.isFor(failure, UNAVAILABLE)
                && !answer.hasBegun(everything)
                && answer.answers(everything, failure);
    }

    @Override
    public boolean guardsEntry() {
        return false;
    }
}
