package dev.holdfast.runtime.log;

import org.jspecify.annotations.Nullable;

/**
 * Tells what happened: through the SLF4J that a class loader sees, as logger {@code dev.holdfast}, whose level then decides too;
 * or else on stderr. Nothing here ever throws, and what logging itself causes to be logged goes to stderr.
 *
 * <p>Thread-safe. Loaders are held weakly. A null loader stands for the JDK's own classes, which have no SLF4J.
 */
public final class Log {

    /** The level of a JVM whose configuration has not been read yet. */
    private static volatile Level least = Level.INFO;

    private Log() {}

    /** Gets ready what telling something needs, so that it is not a call that has to, deep down in its thread. */
    public static void prepare() {
        Outlet.prepare();
    }

    /** Sets the least important level that is told. */
    public static void level(Level least) {
        Log.least = least;
    }

    /** Whether anything of that level is told; for messages that cost something to put together. */
    public static boolean tells(Level level) {
        return level.compareTo(least) <= 0;
    }

    public static void error(@Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        log(Level.ERROR, loader, message, cause);
    }

    public static void warn(@Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        log(Level.WARN, loader, message, cause);
    }

    public static void info(@Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        log(Level.INFO, loader, message, cause);
    }

    public static void debug(@Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        log(Level.DEBUG, loader, message, cause);
    }

    /** Tells it now, on this thread. Wakes the application's logging if nobody has yet. */
    public static void log(Level level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        if (tells(level)) {
            Outlet.HERE.tell(loader, Message.now(level, message, cause));
        }
    }

    /** As {@link #log}, whatever the least level that is told: what was ordered, and is no news of ours. */
    public static void always(Level level, @Nullable ClassLoader loader, String message) {
        Outlet.HERE.tell(loader, Message.now(level, message, null));
    }

    /**
     * Tells it where the application's logging must not be woken: before its main has run, which may be what configures logging,
     * and while a class is being loaded, which may be one that logging waits for. For a loader that has an SLF4J it is told a
     * moment later by a thread of ours, or at the next message through that loader, or at the end of the JVM; else at once.
     */
    public static void later(Level level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        if (tells(level)) {
            Outlet.HERE.tellLater(loader, Message.now(level, message, cause));
        }
    }

    /** What a failure says of itself, for a message; its class, where it cannot: its code is the application's. */
    public static String text(Throwable failure) {
        try {
            return String.valueOf(failure);
        } catch (RuntimeException | StackOverflowError | LinkageError speechless) {
            return failure.getClass().getName();
        }
    }
}
