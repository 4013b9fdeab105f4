package dev.holdfast.it.programs;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The assertions of the programs, which use no library. */
public final class Expect {

    private Expect() {}

    public static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("expected that " + what);
        }
    }

    public static void equal(Object expected, Object actual) {
        if (!Objects.deepEquals(expected, actual)) {
            throw new AssertionError("expected <" + text(expected) + "> but was <" + text(actual) + ">");
        }
    }

    public static void same(Object expected, Object actual) {
        if (expected != actual) {
            AssertionError different = new AssertionError(
                    "expected the very object <" + text(expected) + "> but was <" + text(actual) + ">");
            if (actual instanceof Throwable) {
                different.initCause((Throwable) actual);
            }
            throw different;
        }
    }

    public static void between(long low, long high, long actual) {
        if (actual < low || actual > high) {
            throw new AssertionError("expected " + low + " to " + high + " but was " + actual);
        }
    }

    public static void contains(String part, String text) {
        if (text == null || !text.contains(part)) {
            throw new AssertionError("expected <" + part + "> in <" + text + ">");
        }
    }

    /** Runs an action that must throw, of this type or a subclass. */
    public static <X extends Throwable> X thrown(Class<X> type, Action action) {
        Throwable thrown = outcome(action);
        if (type.isInstance(thrown)) {
            return type.cast(thrown);
        }
        throw new AssertionError(
                "expected " + type.getName() + " but " + (thrown == null ? "nothing was thrown" : "was " + thrown),
                thrown);
    }

    /** Runs an action that must throw this very object. */
    public static void thrown(Throwable expected, Action action) {
        same(expected, outcome(action));
    }

    /** What an action throws; null for nothing. */
    public static Throwable outcome(Action action) {
        try {
            action.run();
            return null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    /** Waits, looking every now and then, until something holds; the case's own deadline is the limit. */
    public static void eventually(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            LockSupport.parkNanos(200_000);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting");
            }
        }
    }

    /** Throws whatever it is, past the compiler. */
    public static RuntimeException sneak(Throwable thrown) {
        throw Expect.<RuntimeException>unchecked(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> X unchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private static String text(Object value) {
        if (value instanceof Object[]) {
            return java.util.Arrays.deepToString((Object[]) value);
        }
        return String.valueOf(value);
    }
}
