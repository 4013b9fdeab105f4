package dev.holdfast.runtime.recover;

/**
 * The recent calls that a {@link Breaker} goes by. Not thread-safe, but for {@link #settled}.
 */
sealed interface Window permits CountWindow, TimeWindow {

    /** Adds a call that ended now; a failed call can be slow too. */
    void record(boolean failed, boolean slow, long nowNanos);

    /** Calls in the window, as of the last record; never negative, as the others. */
    long calls();

    long failures();

    long slowCalls();

    /**
     * Whether one more call that neither failed nor was slow would change nothing. Any thread may ask, without a lock: an
     * answer of true was true at the time.
     */
    boolean settled();
}
