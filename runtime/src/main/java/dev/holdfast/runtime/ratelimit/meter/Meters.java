package dev.holdfast.runtime.ratelimit.meter;

import dev.holdfast.definition.ratelimit.RateSettings;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one limit, for all values of its key. What it remembers of them is bounded. Thread-safe.
 */
public interface Meters {

    /**
     * Those for one value.
     *
     * @param key the empty text where the limit has none
     * @return to be used for one call; for a limit without a key it may be kept
     */
    Meter meter(String key);

    /**
     * Those for one value, if they are at hand: to look for them calls nothing that must not be left half done, and asks nobody.
     *
     * @return to be used for one call; null if they are not
     */
    default @Nullable Meter near(String key) {
        return null;
    }

    /** Goes by other settings from now on; what was consumed stays consumed. Only how many, in what time, and what holds without Redis change. */
    void settings(RateSettings settings);

    /** Makes them. */
    interface Source {

        /**
         * Of one limit that begins. Asks nobody, and opens no connection.
         *
         * @param id what the limit is called on every node, other than any other limit: {@code name:…} for one with a name, else
         *     {@code method:…} with the class, the method, its parameters, and which of the method's limits it is
         */
        Meters open(String id, RateSettings settings);
    }
}
