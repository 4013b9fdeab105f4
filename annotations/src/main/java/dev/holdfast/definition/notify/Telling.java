package dev.holdfast.definition.notify;

import dev.holdfast.Severity;
import dev.holdfast.When;
import dev.holdfast.definition.template.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code @NotifyOnFailure} says of one method, read and checked. Classes by their binary names.
 *
 * @param on failures that are told
 * @param except failures that are not told all the same
 * @param channels by name; empty for those that are configured
 * @param when at which end of a call
 * @param after it is told from this failure on, of those {@code within}; 1 or more
 * @param withinNanos the time in which there must be so many
 * @param severity how much it matters
 * @param message what is said; null for the failure's own message
 * @param arguments whether the values of arguments are told
 */
public record Telling(
        List<String> on,
        List<String> except,
        List<String> channels,
        When when,
        int after,
        long withinNanos,
        Severity severity,
        @Nullable Template message,
        boolean arguments) {

    public Telling {
        on = List.copyOf(on);
        except = List.copyOf(except);
        channels = List.copyOf(channels);
    }
}
