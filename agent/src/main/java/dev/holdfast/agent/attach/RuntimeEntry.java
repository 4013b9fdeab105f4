package dev.holdfast.agent.attach;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The runtime, as far as the agent speaks to it. Implementations are thread-safe. */
interface RuntimeEntry {

    /** Whether anything shall be woven at all. */
    boolean enabled();

    /** Where Redis is, without its password; empty if there is none. */
    String redis();

    /** Which classes shall be woven, by binary name. */
    Predicate<String> weaves();

    /** Logs an error if the definition is invalid, once per method. Does not throw. */
    void check(Class<?> type, String method, String descriptor, String definition);

    /**
     * Logs where the user looks for messages. Does not throw.
     *
     * @param level error, warn, info or debug
     * @param loader whose logging is used if it has one; null for the standard error stream
     */
    void log(String level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause);
}
