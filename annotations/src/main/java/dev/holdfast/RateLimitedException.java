package dev.holdfast;

import java.time.Duration;

/**
 * A limit has no permit for the call, now or within the time that it may wait; see {@link RateLimited}. Here {@link #retryAfter} is always
 * present: after that time there is a permit again, if nobody else has taken it.
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
