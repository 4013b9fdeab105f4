package dev.holdfast.definition.recover;

/**
 * What a circuit breaker goes by, checked before.
 *
 * @param failureRate percent of failures at which it opens, above 0 and up to 100
 * @param slowRate percent of slow calls at which it opens, above 0 and up to 100
 * @param slowerThanNanos from which on a call is slow; 0 = none is
 * @param window the last so many calls are looked at, 1 or more; ignored with {@code windowTimeNanos}
 * @param windowTimeNanos the calls of the last so much time are looked at instead; 0 = by count
 * @param minCalls rates mean nothing before so many calls, 1 or more, at most {@code window} where that counts
 * @param openForNanos how long it stays open, above 0
 * @param probes calls that are let through half-open and must all pass, 1 or more
 */
public record BreakerSettings(
        double failureRate,
        double slowRate,
        long slowerThanNanos,
        int window,
        long windowTimeNanos,
        int minCalls,
        long openForNanos,
        int probes) {}
