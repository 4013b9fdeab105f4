package dev.holdfast.runtime.recover;

import dev.holdfast.definition.recover.RecoverSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which failures a definition means: {@code on} less {@code except}, by assignability. Immutable; equal if it names the same in the same
 * order.
 *
 * <p>Arrays, not lists: it is asked about each failed attempt, by each policy, and two lists are of different classes as soon as
 * they differ in length.
 */
final class Handled {

    private final Class<?>[] on;
    private final Class<?>[] except;

    Handled(List<Class<?>> on, List<Class<?>> except) {
        this.on = on.toArray(new Class<?>[0]);
        this.except = except.toArray(new Class<?>[0]);
    }

    /**
     * What a definition names.
     *
     * @param loader of the method's class
     */
    static Handled of(RecoverSettings settings, @Nullable ClassLoader loader) throws ClassNotFoundException {
        return new Handled(types(settings.on(), loader), types(settings.except(), loader));
    }

    private static List<Class<?>> types(List<String> names, @Nullable ClassLoader loader)
            throws ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        for (String name : names) {
            types.add(Class.forName(name, false, loader));
        }
        return types;
    }

    /** Whether it may be retried and recovered from. */
    boolean recovers(Throwable failure) {
        return mayBeTaken(failure) && names(failure);
    }

    /** Whether a definition can mean it at all. */
    static boolean mayBeTaken(Throwable failure) {
        return !isSevere(failure) && !(failure instanceof InterruptedException);
    }

    /** Whether a breaker counts it as a failure. */
    boolean counts(Throwable failure) {
        return isSevere(failure) || names(failure);
    }

    private boolean names(Throwable failure) {
        return anyIsInstance(on, failure) && !anyIsInstance(except, failure);
    }

    private static boolean anyIsInstance(Class<?>[] types, Throwable failure) {
        for (Class<?> type : types) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the JVM or the program's build is broken, which no second attempt mends and no fallback should hide. */
    @SuppressWarnings("removal") // ThreadDeath is thrown by JDKs up to 19, which we run on
    static boolean isSevere(Throwable failure) {
        return failure instanceof Error
                && (failure instanceof VirtualMachineError
                        || failure instanceof LinkageError
                        || failure instanceof ThreadDeath);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Handled handled
                && Arrays.equals(on, handled.on)
                && Arrays.equals(except, handled.except);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(on) + Arrays.hashCode(except);
    }

    @Override
    public String toString() {
        return "on " + Arrays.toString(on) + ", except " + Arrays.toString(except);
    }
}
