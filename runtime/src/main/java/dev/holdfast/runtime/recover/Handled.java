package dev.holdfast.runtime.recover;

import java.util.List;

/**
 * Which failures a definition means: {@code on} less {@code except}, by assignability. Immutable.
 */
record Handled(List<Class<?>> on, List<Class<?>> except) {

    Handled {
        on = List.copyOf(on);
        except = List.copyOf(except);
    }

    /** Whether it may be retried and recovered from. */
    boolean recovers(Throwable failure) {
        return !isSevere(failure) && !(failure instanceof InterruptedException) && names(failure);
    }

    /** Whether a breaker counts it as a failure. */
    boolean counts(Throwable failure) {
        return isSevere(failure) || names(failure);
    }

    private boolean names(Throwable failure) {
        return anyIsInstance(on, failure) && !anyIsInstance(except, failure);
    }

    /** By index: an iterator would be the only thing that the failing path allocates here. */
    private static boolean anyIsInstance(List<Class<?>> types, Throwable failure) {
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).isInstance(failure)) {
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
}
