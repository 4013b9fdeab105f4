package dev.holdfast;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method survive failures: retry it, break the circuit, limit its time and its concurrency, and answer with
 * something better than an exception when all of that was not enough.
 *
 * <pre>{@code
 * @Recover(on = IOException.class, attempts = 3, fallback = "cached")
 * Quote quote(String id) throws IOException { ... }
 *
 * private Quote cached(String id, IOException failure) { ... }
 * }</pre>
 *
 * <p>A <em>call</em> is one invocation by the caller, an <em>attempt</em> one execution of the body within a call. Around one
 * call, outermost first: {@link #lastGood}, {@link #fallback} and {@link #handler}; retry; {@link #breaker};
 * {@link #maxConcurrent}; {@link #timeout}; the body.
 *
 * <p>After the last attempt the first that applies wins: {@link #lastGood}, {@link #fallback}, {@link #handler}, the HTTP answer
 * of {@link #respond}. Where nothing applies the caller gets the throwable of the last attempt, the very object, with those of
 * earlier attempts suppressed on it.
 *
 * <p>{@link InterruptedException} is never retried or recovered, nor are {@link VirtualMachineError}, {@link LinkageError} and
 * {@code ThreadDeath}, whatever {@link #on} says. A wait between attempts that is interrupted ends the call with the failure of
 * the last attempt and the interrupt flag set.
 *
 * <p>An annotation with which nothing could ever be recovered is an invalid definition, as is any attribute outside the range
 * given below: an error is logged when the class is loaded, and each call throws {@link InvalidPolicyException} (see the
 * setting {@code holdfast.invalid}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Recover {

    /** The failures that it handles, by assignability. Others reach the caller untouched. */
    Class<? extends Throwable>[] on() default Exception.class;

    /** The failures that it lets through untouched, by assignability; beats {@link #on}. */
    Class<? extends Throwable>[] except() default {};

    /** Executions per call, the first included: 1 or more; 1 means no retry. */
    int attempts() default 1;

    /** The wait before the second attempt, a duration; {@code "0s"} retries at once. */
    String delay() default "100ms";

    /** How the wait grows from one attempt to the next. */
    Backoff backoff() default Backoff.EXPONENTIAL;

    /** The factor of {@link Backoff#EXPONENTIAL}, 1 or more. */
    double multiplier() default 2.0;

    /** The cap of one wait, jitter included, a duration. */
    String maxDelay() default "10s";

    /** How far a wait is spread, 0 to 1: each is uniform in delay × [1 − jitter, 1 + jitter]. */
    double jitter() default 0.5;

    /**
     * The budget of the whole call, a duration; empty for none. A wait that would overrun it is not begun. Inside another woven
     * call that has a budget, never more than is left of that.
     */
    String within() default "";

    /**
     * The limit of one attempt, a duration; empty for none. An attempt that takes longer is interrupted and fails with
     * {@link CallTimeoutException}. The body runs on the caller's thread all the same: one that ignores interrupts is waited for.
     */
    String timeout() default "";

    /**
     * Attempts under way at once in this JVM; 0 for no limit. One more fails with {@link ConcurrencyLimitException}. A thread
     * that is already inside the method passes and is not counted again.
     */
    int maxConcurrent() default 0;

    /** None or one circuit breaker. */
    CircuitBreaker[] breaker() default {};

    /**
     * On failure, give the last good result for equal arguments if it is not older than this duration; empty for never. Arguments
     * are compared by {@code equals}, arrays by content, the receiver by identity. A null result counts as a result.
     */
    String lastGood() default "";

    /**
     * The name of a method of the same class, a superclass or an interface that gives the result instead; empty for none. It has the same
     * parameters and optionally one more, the failure; of several the one with the most specific failure type is called. It may
     * be private. What it throws goes to the caller, with the failure suppressed on it.
     */
    String fallback() default "";

    /** A class that gives the result instead; {@code RecoveryHandler} itself stands for none. */
    Class<? extends RecoveryHandler> handler() default RecoveryHandler.class;

    /**
     * Whether a method that is handed an HTTP exchange or a servlet response answers an unrecovered failure instead of throwing
     * it.
     */
    boolean respond() default true;
}
