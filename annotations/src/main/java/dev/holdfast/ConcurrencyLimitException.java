package dev.holdfast;

import java.time.Duration;

/** As many attempts are under way as {@link Recover#maxConcurrent} allows. */
public final class ConcurrencyLimitException extends CallRejectedException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by Holdfast, and by tests of code that catches it.
     *
     * @param message place, rule and value
     * @param retryAfter null: when an attempt ends is not known
     */
    public ConcurrencyLimitException(String message, Duration retryAfter) {
        super(message, retryAfter);
    }
}
