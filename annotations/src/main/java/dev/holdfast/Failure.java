package dev.holdfast;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A call that failed, as a {@link RecoveryHandler} is told of it. Immutable.
 *
 * @param cause what the last attempt threw, never null
 * @param method the annotated method, never null
 * @param target the receiver of the call; null for a static method
 * @param arguments the arguments as the caller passed them, unmodifiable; elements may be null
 * @param attempts how often the body was executed; 0 if a breaker or a limit rejected every attempt
 * @param elapsed the time since the call began, waits included
 */
public record Failure(
        Throwable cause, Method method, Object target, List<Object> arguments, int attempts, Duration elapsed) {

    /** Copies the arguments. */
    public Failure {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(elapsed, "elapsed");
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    }
}
