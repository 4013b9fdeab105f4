package dev.holdfast.runtime.recover;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts earlier failures of a call on the one that its caller gets, for the stack trace to tell the whole story.
 *
 * <p>Exception objects may be shared: thrown by every attempt, or allocated once and thrown for ever. So the same one is put
 * there once, none on itself, none where it would close a circle (attempt 1 throws A, attempt 2 B, and in the next call the other way
 * round: the JDK prints such a pair, other loggers recurse), and no exception carries more than {@link #MOST}.
 *
 * <p>Thread-safe. Threads that throw the same object at the same time may pass the bound by their number, and may close a circle.
 */
final class Suppressed {

    /** Failures on one exception: as many as anybody reads, and the most that an exception thrown for ever can hold on to. */
    static final int MOST = 20;

    /** Exceptions looked at in search of a circle; what hangs together with more is not added. */
    private static final int MOST_LOOKED_AT = 1_000;

    private Suppressed() {}

    /**
     * Adds one failure to a later one. Does nothing if the later one disabled suppression.
     *
     * @return the later one
     */
    static <T extends Throwable> T add(T failure, Throwable earlier) {
        Throwable[] present = failure.getSuppressed();
        if (present.length < MOST && !contains(present, earlier) && !reaches(earlier, failure)) {
            failure.addSuppressed(earlier);
        }
        return failure;
    }

    private static boolean contains(Throwable[] present, Throwable sought) {
        for (Throwable one : present) {
            if (one == sought) {
                return true;
            }
        }
        return false;
    }

    /** Whether the one is the other or has it among its causes and suppressed ones, theirs, and so on. */
    private static boolean reaches(Throwable from, Throwable sought) {
        if (from == sought) {
            return true;
        }
        if (isLeaf(from)) {
            return false;
        }
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>();
        open.add(from);
        for (Throwable next = open.poll(); next != null; next = open.poll()) {
            if (next == sought || seen.size() > MOST_LOOKED_AT) {
                return true;
            }
            if (seen.add(next)) {
                Throwable cause = cause(next);
                if (cause != null) {
                    open.add(cause);
                }
                Collections.addAll(open, next.getSuppressed());
            }
        }
        return false;
    }

    private static boolean isLeaf(Throwable failure) {
        return cause(failure) == null && failure.getSuppressed().length == 0;
    }

    /** The cause by a method that applications may override; one that throws has none. */
    static @Nullable Throwable cause(Throwable failure) {
        try {
            return failure.getCause();
        } catch (RuntimeException unknown) {
            return null;
        }
    }
}
