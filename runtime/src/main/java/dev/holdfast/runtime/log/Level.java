package dev.holdfast.runtime.log;

import org.jspecify.annotations.Nullable;

/** How much a message matters, the most important first. */
public enum Level {
    /** Something is broken: a definition that is invalid, a failure that nobody else will tell. */
    ERROR("error"),
    /** What a user should act on. */
    WARN("warn"),
    /** What happened, once for each time that it matters. */
    INFO("info"),
    /** A decision about one call. */
    DEBUG("debug");

    private final String methodName;

    /** @param methodName spelt out, for in Turkish INFO is not info in upper case */
    Level(String methodName) {
        this.methodName = methodName;
    }

    /** What a logger calls it. */
    String methodName() {
        return methodName;
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
