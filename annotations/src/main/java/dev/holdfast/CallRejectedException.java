package dev.holdfast;

import java.time.Duration;
import java.util.Optional;

/** A call that was not let through to the body: the limit, the breaker or the concurrency limit said no. */
public abstract class CallRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Null where unknown; {@link Optional} is not serializable. */
    private final Duration retryAfter;

    /**
     * For the subclasses.
     *
     * @param message place, rule and value
     * @param retryAfter when a call may be let through again; null where that is not known
     */
    protected CallRejectedException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** How long to wait before a call may be let through again; empty where that is not known. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
