package dev.holdfast.runtime.session;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The {@code Session} that an application knows, of which each may have a copy of its own. Immutable. */
final class SessionType {

    private final MethodHandle enter;
    private final MethodHandle leave;

    private SessionType(MethodHandle enter, MethodHandle leave) {
        this.enter = enter;
        this.leave = leave;
    }

    /**
     * Finds it.
     *
     * @param loader of the application; null for the JVM's own
     * @return null if the application has none, and so does not ask for the current one either
     * @throws ReflectiveOperationException if it is not one of this version
     */
    static @Nullable SessionType in(@Nullable ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type;
        try {
            type = Class.forName("dev.holdfast.Session", false, loader);
        } catch (ClassNotFoundException none) {
            return null;
        }
        return new SessionType(hidden(type, "enter", BiFunction.class), hidden(type, "leave", Object.class));
    }

    private static MethodHandle hidden(Class<?> type, String name, Class<?> parameter)
            throws ReflectiveOperationException {
        Method method = type.getDeclaredMethod(name, parameter);
        method.setAccessible(true); // its module is open to that
        return MethodHandles.lookup().unreflect(method);
    }

    /**
     * Makes a session the current one of this thread.
     *
     * @return the one before, for {@link #leave}
     */
    @Nullable
    Object enter(OpenSession session) {
        try {
            return (Object) enter.invokeExact((BiFunction<?, ?, ?>) session);
        } catch (Throwable failed) {
            throw unexpected(failed);
        }
    }

    /** Makes the one before the current one again. */
    void leave(@Nullable Object before) {
        try {
            leave.invokeExact(before);
        } catch (Throwable failed) {
            throw unexpected(failed);
        }
    }

    private static RuntimeException unexpected(Throwable failed) {
        if (failed instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a session cannot be made the current one", failed);
    }
}
