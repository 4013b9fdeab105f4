package dev.holdfast.runtime.recover;

import static java.lang.invoke.MethodType.methodType;

import dev.holdfast.definition.MethodKey;
import dev.holdfast.runtime.GuardedMethod;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The methods that stand in for one that failed: by the type of the failure the most specific one, or the one that takes no failure if
 * none of them fits. Immutable.
 */
final class Fallback {

    private final Variant[] variants;

    /**
     * One of the methods.
     *
     * @param takes the failures that it is for
     * @param handle of type (Object[], Throwable)Object
     */
    record Variant(Class<?> takes, MethodHandle handle) {

        /**
         * Calls it.
         *
         * @param everything receiver and arguments of the call
         */
        @Nullable
        Object recover(@Nullable Object[] everything, Throwable failure) throws Throwable {
            return (Object) handle.invokeExact(everything, failure);
        }
    }

    private Fallback(Variant[] variants) {
        this.variants = variants;
    }

    /**
     * Binds the methods.
     *
     * @param methods most specific failure first, the one without last
     * @throws NoSuchMethodException if the class is another one than it was when its definition was read
     * @throws IllegalAccessException if one lies in a superclass of another module that is not open to the class
     */
    static Fallback link(List<MethodKey> methods, GuardedMethod guarded)
            throws NoSuchMethodException, IllegalAccessException {
        Variant[] variants = new Variant[methods.size()];
        for (int i = 0; i < variants.length; i++) {
            Method method = guarded.find(methods.get(i));
            MethodHandle handle = guarded.isWide()
                    ? reflective(method)
                    : guarded.spreadWithFailure(withFailure(find(method, guarded), method, guarded));
            variants[i] = new Variant(failureOf(method, guarded), handle);
        }
        return new Fallback(variants);
    }

    /** Which failures it is for. */
    private static Class<?> failureOf(Method method, GuardedMethod guarded) {
        int count = method.getParameterCount();
        return count == guarded.method().getParameterCount() ? Throwable.class : method.getParameterTypes()[count - 1];
    }

    private static MethodHandle find(Method method, GuardedMethod guarded) throws IllegalAccessException {
        try {
            return guarded.lookup().unreflect(method);
        } catch (IllegalAccessException notInherited) {
            return MethodHandles.privateLookupIn(method.getDeclaringClass(), guarded.lookup())
                    .unreflect(method);
        }
    }

    /** Gives a handle that takes no failure one that it drops. */
    private static MethodHandle withFailure(MethodHandle handle, Method method, GuardedMethod guarded) {
        return method.getParameterCount() == guarded.method().getParameterCount()
                ? MethodHandles.dropArguments(
                        handle.asFixedArity(), handle.type().parameterCount(), Throwable.class)
                : handle.asFixedArity();
    }

    /** For a method with more parameters than a method handle can take: by reflection. */
    private static MethodHandle reflective(Method method) throws IllegalAccessException {
        method.setAccessible(true);
        try {
            return MethodHandles.lookup()
                    .findStatic(
                            Fallback.class,
                            "invoke",
                            methodType(Object.class, Method.class, Object[].class, Throwable.class))
                    .bindTo(method);
        } catch (NoSuchMethodException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @SuppressWarnings("UnusedMethod") // reached by a handle
    private static @Nullable Object invoke(Method method, @Nullable Object[] everything, Throwable failure)
            throws Throwable {
        // With the failure in the last place, if there is one.
        Object[] arguments = Arrays.copyOfRange(everything, 1, 1 + method.getParameterCount());
        if (arguments.length == everything.length) {
            arguments[arguments.length - 1] = failure;
        }
        try {
            return method.invoke(everything[0], arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    /** The one that is for the failure; null if none is. */
    @Nullable
    Variant find(Throwable failure) {
        for (Variant variant : variants) {
            if (variant.takes.isInstance(failure)) {
                return variant;
            }
        }
        return null;
    }
}
