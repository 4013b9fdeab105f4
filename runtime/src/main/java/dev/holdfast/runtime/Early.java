package dev.holdfast.runtime;

/**
 * Initialises classes before any call needs them. A class whose initialiser meets the end of a stack cannot be used any more, by nobody: so it is not
 * to be left to a call, which may be the deepest of its thread.
 */
public final class Early {

    private Early() {}

    /** Initialises these, if nobody has. */
    public static void initialise(Class<?>... types) {
        for (Class<?> type : types) {
            try {
                Class.forName(type.getName(), true, type.getClassLoader());
            } catch (ClassNotFoundException impossible) {
                throw new IllegalStateException(type + " is there", impossible);
            }
        }
    }
}
