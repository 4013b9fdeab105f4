package dev.holdfast.runtime.notify.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure of a call, as it is told.
 *
 * @param id the same however often it is sent, and no other event's
 * @param source which application, as a URI reference
 * @param subject the method, as in {@code com.acme.Quotes#quote}
 * @param millis when, milliseconds since the epoch
 * @param failure type of the throwable, by its binary name
 * @param message what it says, scrubbed, or what the template makes of it; null if it says nothing
 * @param rootCause type and scrubbed message of the innermost cause; null if there is no cause
 * @param stack frames, the innermost first, without Holdfast's own
 * @param attempts how often the body was executed
 * @param durationMillis of the call; null where its beginning was not seen
 * @param recoveredBy what the caller got instead: {@code lastGood}, {@code fallback}, {@code handler}; null if it got the failure
 * @param thread name of the thread that failed
 * @param host name of the machine
 * @param fingerprint the same for failures of one kind
 * @param count how many failures it stands for
 * @param severity {@code INFO}, {@code WARNING}, {@code ERROR} or {@code CRITICAL}
 * @param arguments of the call, in order
 */
public record Event(
        String id,
        String source,
        String subject,
        long millis,
        String failure,
        @Nullable String message,
        @Nullable String rootCause,
        List<String> stack,
        int attempts,
        @Nullable Long durationMillis,
        @Nullable String recoveredBy,
        String thread,
        String host,
        String fingerprint,
        long count,
        String severity,
        List<Argument> arguments) {

    /** Type of the events that tell of a failure; another version has another type. */
    public static final String FAILED = "dev.holdfast.method.failed.v1";

    /** Type of the events that tell how many others were lost. */
    public static final String DROPPED = "dev.holdfast.events.dropped.v1";

    public Event {
        stack = List.copyOf(stack);
        arguments = List.copyOf(arguments);
    }

    /**
     * One argument of the call.
     *
     * @param name of the parameter, or {@code #0} where it is not known
     * @param type of the parameter
     * @param value as text, bounded and redacted; null unless the annotation asks for values
     */
    public record Argument(
            String name, String type, @Nullable String value) {}
}
