package dev.holdfast.runtime.ratelimit.local;

import dev.holdfast.Algorithm;
import dev.holdfast.definition.ratelimit.RateSettings;
import java.util.concurrent.TimeUnit;

/**
 * By what all tallies of one limit go. Immutable.
 *
 * <p>The time for one permit, per / permits, is rarely a whole number of nanoseconds. It is counted exactly all the same: {@code wholeNanos}
 * and {@code rest / parts} of one. For 3 permits a second: 333,333,333 and 1/3. {@code RateLimitReader} admits only what fits.
 */
final class Rules {

    private final RateSettings rate;

    /** Of the time for one permit. */
    final long wholeNanos;

    final long rest;
    final long parts;

    /** The most that a bucket can be behind: the time in which so many permits come that it is full but for one. */
    final long slackNanos;

    final long slackRest;

    /** Of a window. */
    final long perMillis;

    final long permits;
    final long capacity;

    /** How many may be taken ahead to be used one by one; few or 0 where each is looked at on its own. */
    final long mostInChunks;

    Rules(RateSettings rate) {
        this.rate = rate;
        this.permits = rate.permits();
        this.capacity = rate.capacity();
        long divisor = greatestCommonDivisor(permits, rate.perNanos());
        this.parts = permits / divisor;
        this.wholeNanos = rate.perNanos() / permits;
        this.rest = rate.perNanos() / divisor % parts;
        this.perMillis = TimeUnit.NANOSECONDS.toMillis(rate.perNanos());
        boolean isBucket = !byCalendar();
        this.slackNanos = isBucket ? nanosFor(capacity - 1) : 0;
        this.slackRest = isBucket ? restFor(capacity - 1) : 0;
        boolean apart = rate.algorithm() == Algorithm.LEAKY_BUCKET;
        this.mostInChunks = apart ? 0 : capacity / LocalMeter.SHARE;
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    RateSettings rate() {
        return rate;
    }

    /** Whether tallies go by the time of day, rather than by nanoseconds. */
    boolean byCalendar() {
        return rate.algorithm() == Algorithm.FIXED_WINDOW || rate.algorithm() == Algorithm.SLIDING_WINDOW;
    }

    /** Whole nanoseconds in which so many permits come, 0 to the capacity. */
    long nanosFor(long count) {
        return count * wholeNanos + (rest == 0 ? 0 : count * rest / parts);
    }

    /** What comes on top of {@link #nanosFor}, in parts of a nanosecond. */
    long restFor(long count) {
        return rest == 0 ? 0 : count * rest % parts;
    }

    /** Nanoseconds in which so many permits come, rounded; the most that there are if it is longer. */
    long about(double count) {
        return (long) Math.ceil(count * ((double) rate.perNanos() / permits));
    }

    /** The time after which nothing that was taken counts any more. */
    long forgottenAfterNanos() {
        return byCalendar() ? 2 * rate.perNanos() : nanosFor(capacity) + 1;
    }
}
