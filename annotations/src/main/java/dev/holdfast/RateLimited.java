package dev.holdfast;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how often a method is called: in this JVM, or over all nodes that share a Redis.
 *
 * <pre>{@code
 * @RateLimited(permits = 100, per = "1s")                              // all callers together
 * @RateLimited(permits = 10, per = "1m", key = "{user.id}")            // and each of them
 * List<Quote> search(User user, String text) { ... }
 * }</pre>
 *
 * <p>A call that gets no permit, now or within {@link #maxWait}, ends with {@link RateLimitedException}, and its body does not run. A call takes its
 * permits once, however often {@link Recover} attempts it. Where several limits stand on a method, all of them must allow the call, and it
 * takes from all or none.
 *
 * <p>{@link #key} and {@link #cost} are templates: text with holes such as {@code {user.id}}. A hole is a parameter, by name or as {@code #0},
 * followed by steps: {@code .name} is a record accessor, getter or public field, {@code .name('literal')} a public method given string
 * literals. There are also {@code {this}} and {@code {method}}. A null on the way gives the text {@code null}. Two braces stand for one.
 *
 * <p>What is out of range is an invalid definition: an error is logged when the class is loaded, and each call throws
 * {@link InvalidPolicyException} (see the setting {@code holdfast.invalid}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(RateLimited.List.class)
public @interface RateLimited {

    /** How many permits there are {@link #per} so much time, 1 or more. */
    long permits();

    /** The time in which there are so many {@link #permits}, a duration above 0; for the two windows whole milliseconds. */
    String per() default "1s";

    /** The most permits that gather while there are no calls; 0 for as many as {@link #permits}. For {@link Algorithm#TOKEN_BUCKET} only. */
    long burst() default 0;

    /** How it counts, and so what it promises. */
    Algorithm algorithm() default Algorithm.TOKEN_BUCKET;

    /** A template: there is one limit for each of its values. Empty: there is one for the method. */
    String key() default "";

    /**
     * The permits that a call takes: a number, or a hole that yields one, as in {@code {batch.size}}. A call for which it yields 0 or less, or
     * more than the limit can ever have, ends with {@link IllegalArgumentException}.
     */
    String cost() default "1";

    /**
     * How long a call waits for permits, a duration; empty to be rejected at once. Who came first goes first; who cannot be served in time is
     * rejected at once. No thread waits where the method returns a stage. An interrupt ends a wait with {@link RateLimitedException} and the flag
     * set, and takes nothing.
     */
    String maxWait() default "";

    /** Where the permits are counted. */
    Scope scope() default Scope.AUTO;

    /**
     * Methods that give the same name share one limit; empty for one of the method's own. They must agree on all but cost, wait and the text of the
     * key.
     */
    String name() default "";

    /** What holds while Redis cannot be reached, for a limit over the cluster. */
    Unavailable whenUnavailable() default Unavailable.LOCAL_SHARE;

    /** Several limits on one element; it need not be written. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    @interface List {

        /** All of them must allow a call. */
        RateLimited[] value();
    }
}
