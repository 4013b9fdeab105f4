package dev.holdfast.runtime.session;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.http.ErrorAnswer;
import dev.holdfast.runtime.http.HttpArguments;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * Answers 503 where a method has failed because its session is away, and no {@code @Recover} says what is to become of that. Other failures it leaves
 * alone; and it leaves this one to the outer call where there is one with a session, which could not go on as if all were well, and to the server where
 * the response has begun. Thread-safe.
 */
final class SessionAnswer extends ErrorAnswer {

    private static final String UNAVAILABLE = "dev.holdfast.SessionUnavailableException";

    SessionAnswer(HttpArguments http, GuardedMethod method, Time time) {
        super(http, method, time);
    }

    @Override
    protected boolean isMeant(Throwable failure, @Nullable Object[] everything) {
        return isFor(failure, UNAVAILABLE) && !hasBegun(everything);
    }

    @Override
    protected boolean isInner() {
        return Attempt.isUnderWay();
    }
}
