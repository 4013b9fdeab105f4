package dev.holdfast;

import java.time.Duration;

/** The circuit breaker is open, or half-open with all its probes under way; see {@link CircuitBreaker}. */
public final class BreakerOpenException extends CallRejectedException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by Holdfast, and by tests of code that catches it.
     *
     * @param message place, rule and value
     * @param retryAfter what is left of {@link CircuitBreaker#openFor}; null where probes are under way
     */
    public BreakerOpenException(String message, Duration retryAfter) {
        super(message, retryAfter);
    }
}
