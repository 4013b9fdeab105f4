package dev.holdfast.agent.attach;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The runtime's one entry, reached by reflection: the two parts are built without sight of each other. */
final class ReflectedEntry implements RuntimeEntry {

    private static final String NAME = "dev.holdfast.runtime.Entry";

    private final Class<?> entry;
    private final Method check;
    private final Method log;

    /** Loads the runtime's entry, for which the bridge must be there. */
    ReflectedEntry() throws ReflectiveOperationException {
        entry = Class.forName(NAME, true, ReflectedEntry.class.getClassLoader());
        check = entry.getMethod("check", Class.class, String.class, String.class, String.class);
        log = entry.getMethod("log", String.class, ClassLoader.class, String.class, Throwable.class);
    }

    @Override
    public void start(Map<String, String> systemProperties, Map<String, String> environment) {
        invoke(method("start", Map.class, Map.class), systemProperties, environment);
    }

    @Override
    public boolean enabled() {
        return Boolean.TRUE.equals(invoke(method("enabled")));
    }

    @Override
    @SuppressWarnings("unchecked") // its type arguments are part of what the two have agreed on
    public Predicate<String> weaves() {
        Object weaves = invoke(method("weaves"));
        if (weaves == null) {
            throw new IllegalStateException(NAME + ".weaves() gave null");
        }
        return (Predicate<String>) weaves;
    }

    @Override
    public void check(Class<?> type, String method, String descriptor, String definition) {
        invoke(check, type, method, descriptor, definition);
    }

    @Override
    public void log(String level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        invoke(log, level, loader, message, cause);
    }

    private Method method(String name, Class<?>... parameters) {
        try {
            return entry.getMethod(name, parameters);
        } catch (NoSuchMethodException notAsAgreed) {
            throw new IllegalStateException(notAsAgreed);
        }
    }

    private static @Nullable Object invoke(Method method, @Nullable Object... arguments) {
        try {
            return method.invoke(null, arguments);
        } catch (IllegalAccessException notAsAgreed) {
            throw new IllegalStateException(notAsAgreed);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(cause);
        }
    }
}
