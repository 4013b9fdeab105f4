package dev.holdfast.runtime.recover;

/** Where a {@link Breaker} stands. */
enum BreakerState {
    /** Every call is let through and counted. */
    CLOSED,
    /** No call is let through. */
    OPEN,
    /** A few calls are let through, to see. */
    HALF_OPEN
}
