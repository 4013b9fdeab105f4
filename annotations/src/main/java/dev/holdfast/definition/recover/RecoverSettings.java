package dev.holdfast.definition.recover;

import dev.holdfast.definition.MethodKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code @Recover} says of one method, read and checked. Classes by their binary names, durations in nanoseconds, 0 for none.
 *
 * @param on failures that it is for
 * @param except failures that it lets through all the same
 * @param attempts 1 or more
 * @param waits between attempts
 * @param withinNanos budget of the whole call
 * @param timeoutNanos limit of one attempt
 * @param maxConcurrent attempts under way at once; 0 = no limit
 * @param breaker null for none
 * @param breakerName empty for a breaker of its own
 * @param lastGoodNanos age up to which a result is good enough
 * @param fallbacks in the order of their failure types, most specific first; the one that takes no failure last; may be empty
 * @param handler null for none
 * @param respond whether a failure is answered over HTTP, on a method that is handed an exchange
 */
public record RecoverSettings(
        List<String> on,
        List<String> except,
        int attempts,
        WaitSettings waits,
        long withinNanos,
        long timeoutNanos,
        int maxConcurrent,
        @Nullable BreakerSettings breaker,
        String breakerName,
        long lastGoodNanos,
        List<MethodKey> fallbacks,
        @Nullable String handler,
        boolean respond) {

    public RecoverSettings {
        on = List.copyOf(on);
        except = List.copyOf(except);
        fallbacks = List.copyOf(fallbacks);
    }

    /** The same, of a method that has nobody to answer to. */
    RecoverSettings withoutAnswer() {
        return new RecoverSettings(
                on,
                except,
                attempts,
                waits,
                withinNanos,
                timeoutNanos,
                maxConcurrent,
                breaker,
                breakerName,
                lastGoodNanos,
                fallbacks,
                handler,
                false);
    }
}
