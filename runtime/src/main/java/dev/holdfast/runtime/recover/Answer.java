package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.http.ErrorAnswer;
import dev.holdfast.runtime.http.HttpArguments;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * {@code respond}: answers a client where nothing else took the failure. What is not recovered from is not answered either: errors of the JVM, and whatever
 * ends a call that somebody wants to stop. Thread-safe.
 */
final class Answer extends ErrorAnswer {

    Answer(HttpArguments http, GuardedMethod method, Time time) {
        super(http, method, time);
    }

    @Override
    protected boolean isMeant(Throwable failure, @Nullable Object[] everything) {
        return Handled.mayBeTaken(failure);
    }
}
