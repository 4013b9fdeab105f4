package dev.holdfast.runtime.recover;

import static java.lang.invoke.MethodType.methodType;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one instance of a method's {@code RecoveryHandler}, made at the first failure that it is needed for. Handler and failure are types of
 * the application's own copy of {@code dev.holdfast}.
 *
 * <p>Thread-safe. The lock is held while the constructor runs, so that there is one instance; never while the handler does.
 */
final class Handler {

    private static final String INTERFACE = "dev.holdfast.RecoveryHandler";

    private static final String FAILURE = "dev.holdfast.Failure";

    private final GuardedMethod method;
    private final Class<?> type;
    private final MethodHandle constructor;

    /** Of type (Throwable, Method, Object, List, int, Duration)Object: makes the failure. */
    private final MethodHandle makeFailure;

    /** Of type (Object, Object)Object: handler, failure. */
    private final MethodHandle recover;

    /** Of type (Object)Object: casts what the handler gave, as the wrapper is going to. */
    private final MethodHandle cast;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Object instance;

    Handler(Class<?> type, GuardedMethod method) throws ReflectiveOperationException {
        this.method = method;
        this.type = type;
        this.constructor = constructor(type, method.lookup()).asType(methodType(Object.class));
        ClassLoader loader = type.getClassLoader();
        Class<?> failure = Class.forName(FAILURE, false, loader);
        Class<?> handler = Class.forName(INTERFACE, false, loader);
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodType components = methodType(
                void.class, Throwable.class, Method.class, Object.class, List.class, int.class, Duration.class);
        this.makeFailure =
                lookup.findConstructor(failure, components).asType(components.changeReturnType(Object.class));
        this.recover = lookup.findVirtual(handler, "recover", methodType(Object.class, failure))
                .asType(MethodType.genericMethodType(2));
        // Not MethodHandles.identity: that is the whole JVM's, and remembers the last type that it was asked for.
        this.cast = MethodHandles.lookup()
                .findStatic(Handler.class, "same", MethodType.genericMethodType(1))
                .asType(methodType(method.method().getReturnType(), Object.class))
                .asType(MethodType.genericMethodType(1));
    }

    private static MethodHandle constructor(Class<?> type, MethodHandles.Lookup lookup)
            throws ReflectiveOperationException {
        MethodType withNothing = methodType(void.class);
        try {
            // As the method itself could: another module need only export a public handler, not open it.
            return lookup.findConstructor(type, withNothing);
        } catch (IllegalAccessException isPrivate) {
            return MethodHandles.privateLookupIn(type, lookup).findConstructor(type, withNothing);
        }
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private static @Nullable Object same(@Nullable Object object) {
        return object;
    }

    /** The class of the handler. */
    Class<?> type() {
        return type;
    }

    /** What the handler makes of a failure; what it throws, or what its constructor throws, goes through. */
    @Nullable
    Object recover(Invocation call, Throwable failure, long elapsedNanos) throws Throwable {
        Object given = given(call, failure, elapsedNanos);
        if (method.method().getReturnType() == void.class) {
            return null;
        }
        try {
            return (Object) cast.invokeExact(given);
        } catch (ClassCastException | NullPointerException unfit) {
            throw new ClassCastException(method.place() + ": @Recover handler " + type.getName()
                    + " must return " + method.method().getReturnType().getName() + ", was "
                    + (given == null ? "null" : given.getClass().getName()));
        }
    }

    /** As {@link #recover}, where the method returns a stage: the handler may give one, or what it would complete with. */
    CompletionStage<?> recoverStaged(Invocation call, Throwable failure, long elapsedNanos) throws Throwable {
        Object given = given(call, failure, elapsedNanos);
        return given instanceof CompletionStage<?> stage ? stage : CompletableFuture.completedFuture(given);
    }

    private @Nullable Object given(Invocation call, Throwable failure, long elapsedNanos) throws Throwable {
        List<@Nullable Object> arguments = Arrays.asList(call.arguments());
        Object told = (Object) makeFailure.invokeExact(
                failure, method.method(), call.receiver(), arguments, call.attempts(), Duration.ofNanos(elapsedNanos));
        return (Object) recover.invokeExact(instance(), told);
    }

    private Object instance() throws Throwable {
        Object made = instance;
        if (made != null) {
            return made;
        }
        lock.lock();
        try {
            made = instance;
            if (made == null) {
                made = (Object) constructor.invokeExact();
                instance = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }
}
