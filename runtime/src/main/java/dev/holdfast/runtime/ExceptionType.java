package dev.holdfast.runtime;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One of Holdfast's exceptions as an application knows it. Each may carry a copy of its own of {@code dev.holdfast}, and what it
 * catches is that copy's class. Where it has none, or one that does not fit, there is the agent's. Immutable.
 */
public final class ExceptionType {

    private static final String PACKAGE = "dev.holdfast.";

    private final MethodHandle constructor;

    private ExceptionType(MethodHandle constructor) {
        this.constructor = constructor;
    }

    /**
     * Finds it.
     *
     * @param loader of the application; null for the JVM's own
     * @param name simple, as in {@code BreakerOpenException}
     * @param more what its constructor takes beside the message, if it takes anything
     */
    public static ExceptionType in(@Nullable ClassLoader loader, String name, Class<?>... more) {
        Class<?>[] parameters = new Class<?>[more.length + 1];
        parameters[0] = String.class;
        System.arraycopy(more, 0, parameters, 1, more.length);
        MethodType type = methodType(void.class, parameters);
        try {
            return new ExceptionType(find(loader, name, type));
        } catch (ReflectiveOperationException | LinkageError notTheirs) {
            try {
                return new ExceptionType(find(ExceptionType.class.getClassLoader(), name, type));
            } catch (ReflectiveOperationException incomplete) {
                throw new IllegalStateException("no " + name + Arrays.toString(parameters), incomplete);
            }
        }
    }

    private static MethodHandle find(@Nullable ClassLoader loader, String name, MethodType type)
            throws ReflectiveOperationException {
        Class<?> found = Class.forName(PACKAGE + name, false, loader);
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodHandle constructor = lookup.findConstructor(found, type);
        if (!Throwable.class.isAssignableFrom(found) || Modifier.isAbstract(found.getModifiers())) {
            throw new ClassNotFoundException(found + " cannot be thrown");
        }
        // Now, and not where the first one is made: that may be at the end of a stack.
        lookup.ensureInitialized(found);
        for (Class<?> parameter : type.parameterArray()) {
            lookup.ensureInitialized(parameter);
        }
        MethodType generic = MethodType.genericMethodType(type.parameterCount()).changeReturnType(Throwable.class);
        return constructor.asType(generic);
    }

    /** Makes one that has a message alone. */
    public Throwable make(String message) {
        try {
            return (Throwable) constructor.invokeExact((Object) message);
        } catch (Throwable failed) {
            throw unexpected(failed);
        }
    }

    /** Makes one that has something beside the message; null is allowed. */
    public Throwable make(String message, @Nullable Object second) {
        try {
            return (Throwable) constructor.invokeExact((Object) message, second);
        } catch (Throwable failed) {
            throw unexpected(failed);
        }
    }

    /** Makes one that has two things beside the message. */
    public Throwable make(String message, @Nullable Object second, @Nullable Object third) {
        try {
            return (Throwable) constructor.invokeExact((Object) message, second, third);
        } catch (Throwable failed) {
            throw unexpected(failed);
        }
    }

    private static RuntimeException unexpected(Throwable failed) {
        if (failed instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("cannot make an exception", failed);
    }
}
