package dev.holdfast;

import java.time.Duration;

/**
 * A limit has no permit for the call, now or within the time that it may wait; see {@link RateLimited}. Here {@link #retryAfter} is always
 * present and true: a call that comes before is rejected, too, and one that comes after it is let through, or let wait where the limit has
 * {@link RateLimited#maxWait}, if nobody else was faster.
 */
public final class RateLimitedException extends CallRejectedException {

    private static final long serialVersionUID = 1L;

    private final String limit;

    /**
     * Made by Holdfast, and by tests of code that catches it.
     *
     * @param message place, rule and value
     * @param retryAfter how long to wait before a call may be let through again
     * @param limit the name of the limit, or the method that it stands on
     */
    public RateLimitedException(String message, Duration retryAfter, String limit) {
        super(message, retryAfter);
        this.limit = limit;
    }

    /** {@link RateLimited#name} of the limit that said no; where it has none the method, as in {@code com.acme.Quotes.quote}. */
    public String limit() {
        return limit;
    }
}
