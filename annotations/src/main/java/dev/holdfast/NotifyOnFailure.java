package dev.holdfast;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tells people and queues of a failure, without delay for the caller, and without losing it.
 *
 * <pre>{@code
 * @NotifyOnFailure(channels = "ops", severity = Severity.CRITICAL, message = "no quote for {tenant}: {failure.message}")
 * Quote quote(String tenant, String id) { ... }
 * }</pre>
 *
 * <p>Channels are configured by name: {@code -Dholdfast.channel.ops=https://host/path}. Without any, the failure is told to the log.
 *
 * <p>The thread that failed only notes what happened. The rest is done by threads of the agent's: an event is written to disk, and from there
 * handed to each channel until that has taken it, so it may come twice but is not lost when the JVM is killed or the channel is away. What
 * is dropped, as there are too many or the disk is full, is counted, and the count is told.
 *
 * <p>A failure that passes through several annotated methods is told once, by the innermost of those that it concerns; also if it is wrapped
 * on the way.
 *
 * <p>What is out of range is an invalid definition: an error is logged when the class is loaded, and each call throws
 * {@link InvalidPolicyException} (see the setting {@code holdfast.invalid}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(NotifyOnFailure.List.class)
public @interface NotifyOnFailure {

    /** The failures that are told, subclasses included. */
    Class<? extends Throwable>[] on() default Throwable.class;

    /** Failures that are not told all the same; beats {@link #on}. */
    Class<? extends Throwable>[] except() default {};

    /** Names of the channels; none for those in the setting {@code holdfast.notify}. */
    String[] channels() default {};

    /** At which end of a call it is told. */
    When when() default When.FAILED;

    /** It is told from this failure on, of those {@link #within} so much time: 1 to 10,000. */
    int after() default 1;

    /** The time in which there must be so many failures, a duration above 0. */
    String within() default "1m";

    /** How much it matters. */
    Severity severity() default Severity.ERROR;

    /**
     * A template for what is said, in place of the failure's own message. Beside parameters there are {@code {failure}}, such as
     * {@code {failure.message}}, {@code {this}} and {@code {method}}. Steps such as {@code {user.id}} are taken by the thread that failed; texts are
     * made of what they give by another one, moments later. If that goes wrong, the failure's own message is told.
     */
    String message() default "";

    /**
     * Whether the values of the arguments are told: those of simple types, collections, arrays and records, bounded, and without those whose
     * name says that they are secret. If not, only their types are.
     */
    boolean arguments() default false;

    /** Several on one element; it need not be written. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    @interface List {

        /** Each of them tells on its own. */
        NotifyOnFailure[] value();
    }
}
