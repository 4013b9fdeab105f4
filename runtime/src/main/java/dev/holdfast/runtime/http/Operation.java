package dev.holdfast.runtime.http;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A public method of an API that is not on our class path. Immutable. */
public final class Operation {

    private final Method method;

    private Operation(Method method) {
        this.method = method;
    }

    /**
     * Finds it. No type of the API stands in the look-up but the one that has it, so two applications that each have the API do not get in
     * each other's way.
     *
     * @param type public, and in a package that its module exports
     */
    public static Operation of(Class<?> type, String name, Class<?>... parameters) throws NoSuchMethodException {
        return new Operation(type.getMethod(name, parameters));
    }

    /** The type of what it gives. */
    Class<?> returns() {
        return method.getReturnType();
    }

    /**
     * Calls it. What it throws is thrown as it is.
     *
     * @param target null if the method is static
     */
    public @Nullable Object on(@Nullable Object target, @Nullable Object... arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
