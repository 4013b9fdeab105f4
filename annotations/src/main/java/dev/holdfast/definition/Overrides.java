package dev.holdfast.definition;

import org.jspecify.annotations.Nullable;

/** What the configuration says of one annotation of one method, beyond what its class file says. */
@FunctionalInterface
public interface Overrides {

    /** Nothing is overridden. */
    Overrides NONE = attribute -> null;

    /** The value for an attribute (nested ones as {@code breaker/openFor}); null where the class file decides. */
    @Nullable
    Given find(String attribute);

    /** Whether the configuration gives a key such as {@code holdfast.redis}; null where no configuration is known. */
    default @Nullable Boolean isConfigured(String key) {
        return null;
    }

    /**
     * A value that was given.
     *
     * @param value as it was typed
     * @param from the key and where it stands, for messages
     */
    record Given(String value, String from) {}
}
