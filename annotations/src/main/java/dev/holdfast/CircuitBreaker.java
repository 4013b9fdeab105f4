package dev.holdfast;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Stops calling what keeps failing, see {@link Recover#breaker}. Closed, it lets every attempt through and keeps count. Open, it
 * rejects with {@link BreakerOpenException} at once. After {@link #openFor} it lets a few probes through: if all pass it closes,
 * if one fails it opens again.
 *
 * <p>It counts by {@link Recover#on} and {@link Recover#except}: what the one does not name or the other does is a success. The
 * errors that are never recovered count as failures.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface CircuitBreaker {

    /** Percent of failures at which it opens, above 0 and up to 100. */
    double failureRate() default 50;

    /** Percent of slow calls at which it opens, above 0 and up to 100; needs {@link #slowerThan}. */
    double slowRate() default 100;

    /** The duration from which on a call is slow; empty for never. */
    String slowerThan() default "";

    /** The last so many calls are looked at, 1 to 1,000,000. Excludes {@link #windowTime}. */
    int window() default 100;

    /** The calls of the last so much time are looked at instead, a duration; empty to go by {@link #window}. */
    String windowTime() default "";

    /**
     * Rates mean nothing before so many calls, 1 or more. Where it is not given and {@link #window} is smaller, the window counts.
     */
    int minCalls() default 20;

    /** How long it stays open before it probes, a duration above 0. */
    String openFor() default "10s";

    /** How many probes it lets through half-open; all must pass. 1 or more. */
    int probes() default 3;

    /** Methods that give the same name share one breaker; empty for one of the method's own. */
    String name() default "";
}
