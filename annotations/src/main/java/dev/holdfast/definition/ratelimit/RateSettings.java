package dev.holdfast.definition.ratelimit;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;

/**
 * How a limit counts, checked before. Methods that share a limit by its name agree on it.
 *
 * @param algorithm by which it counts
 * @param permits 1 or more
 * @param perNanos the time in which there are so many permits, above 0; for a window whole milliseconds
 * @param capacity the most that one call can ever take: for a bucket of tokens its burst, else {@code permits}
 * @param keyed whether there is one limit for each value of a key, rather than one
 * @param cluster whether it counts over all nodes, rather than in this JVM
 * @param whenUnavailable what holds while Redis cannot be reached
 */
public record RateSettings(
        Algorithm algorithm,
        long permits,
        long perNanos,
        long capacity,
        boolean keyed,
        boolean cluster,
        Unavailable whenUnavailable) {}
