package dev.holdfast.agent.attach;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's one entry, found by its name: the two parts are built without sight of each other. By method handles, which the
 * JDK keeps ready: for a reflective call a newer JDK first makes code, 5 ms worth of it for each kind of method.
 */
final class ReflectedEntry implements RuntimeEntry {

    private static final String NAME = "dev.holdfast.runtime.Entry";

    private final MethodHandle start;
    private final MethodHandle enabled;
    private final MethodHandle redis;
    private final MethodHandle weaves;
    private final MethodHandle check;
    private final MethodHandle log;

    /** Loads the runtime's entry, for which the bridge must be there. */
    ReflectedEntry() throws ReflectiveOperationException {
        Class<?> entry = Class.forName(NAME, true, ReflectedEntry.class.getClassLoader());
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        start = lookup.findStatic(entry, "start", methodType(void.class, Map.class, Map.class));
        enabled = lookup.findStatic(entry, "enabled", methodType(boolean.class));
        redis = lookup.findStatic(entry, "redis", methodType(String.class));
        weaves = lookup.findStatic(entry, "weaves", methodType(Predicate.class));
        check = lookup.findStatic(
                entry, "check", methodType(void.class, Class.class, String.class, String.class, String.class));
        log = lookup.findStatic(
                entry, "log", methodType(void.class, String.class, ClassLoader.class, String.class, Throwable.class));
    }

    /**
     * Reads the configuration and takes over the linking of sites.
     *
     * @throws IllegalArgumentException if the configuration is invalid; the message is for the user as it stands
     */
    void start(Map<String, String> systemProperties, Map<String, String> environment) {
        try {
            start.invokeExact(systemProperties, environment);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public boolean enabled() {
        try {
            return (boolean) enabled.invokeExact();
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public String redis() {
        try {
            return (String) redis.invokeExact();
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // its type argument is part of what the two have agreed on
    public Predicate<String> weaves() {
        try {
            return (Predicate<String>) weaves.invokeExact();
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void check(Class<?> type, String method, String descriptor, String definition) {
        try {
            check.invokeExact(type, method, descriptor, definition);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void log(String level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        try {
            log.invokeExact(level, loader, message, cause);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    /** None of the methods declares a checked exception. */
    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }
}
