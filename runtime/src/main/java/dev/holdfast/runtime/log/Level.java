package dev.holdfast.runtime.log;

import org.jspecify.annotations.Nullable;

/** How much a message matters, the most important first. */
public enum Level {
    /** Something is broken: a definition that is invalid, a failure that nobody else will tell. */
    ERROR,
    /** What a user should act on. */
    WARN,
    /** What happened, once for each time that it matters. */
    INFO,
    /** A decision about one call. */
    DEBUG;

    /** What a logger calls it. Spelt out, for in Turkish INFO is not info in upper case. */
    String methodName() {
        return switch (this) {
            case ERROR -> "error";
            case WARN -> "warn";
            case INFO -> "info";
            case DEBUG -> "debug";
        };
    }

    /** The level of that name, in any case; null if there is none. */
    public static @Nullable Level of(String name) {
        for (Level level : values()) {
            if (level.name().equalsIgnoreCase(name)) {
                return level;
            }
        }
        return null;
    }
}
