package dev.holdfast.runtime.notify;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure says of itself, where asking it may run code of the application's. Immutable. */
final class Facts {

    /** Null if it has none. */
    final @Nullable String message;

    /** Type of the innermost cause; null if there is no cause. */
    final @Nullable String root;

    /** What that says; null if nothing. */
    final @Nullable String rootMessage;

    /** Not to be changed. */
    final StackTraceElement[] trace;

    private Facts(
            @Nullable String message, @Nullable String root, @Nullable String rootMessage, StackTraceElement[] trace) {
        this.message = message;
        this.root = root;
        this.rootMessage = rootMessage;
        this.trace = trace;
    }

    private static final int DEEPEST = 1_000;

    /** Longer messages are cut before anybody looks at them. */
    private static final int MOST_CHARACTERS = 8_000;

    private static final StackTraceElement[] NO_TRACE = new StackTraceElement[0];

    /** Asks a failure, on a thread beside if its class, or that of a cause, has its own way to answer. */
    static Facts of(Throwable failure, Inquiry inquiry) {
        if (isPlain(failure)) {
            return ask(failure);
        }
        Facts silence = new Facts(
                "(its message is not known, as " + failure.getClass().getName() + " or a cause of it does not answer)",
                null,
                null,
                NO_TRACE);
        return inquiry.ask(failure.getClass(), () -> ask(failure), silence);
    }

    private static boolean isPlain(Throwable failure) {
        Throwable one = failure;
        for (int i = 0; i < DEEPEST && one != null; i++) {
            if (!Inquiry.isPlain(one)) {
                return false;
            }
            one = one.getCause();
        }
        return true;
    }

    private static Facts ask(Throwable failure) {
        Throwable root = failure;
        try {
            Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>()); // their equals is theirs
            for (Throwable one = failure; one != null && seen.size() < DEEPEST && seen.add(one); one = one.getCause()) {
                root = one;
            }
        } catch (Throwable broken) {
            // As far as it goes.
        }
        StackTraceElement[] trace = NO_TRACE;
        try {
            StackTraceElement[] told = failure.getStackTrace();
            if (told != null && !Arrays.asList(told).contains(null)) {
                trace = told;
            }
        } catch (Throwable broken) {
            // There is none, then.
        }
        return new Facts(
                message(failure),
                root == failure ? null : root.getClass().getName(),
                root == failure ? null : message(root),
                trace);
    }

    private static @Nullable String message(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null || message.length() <= MOST_CHARACTERS
                    ? message
                    : message.substring(0, MOST_CHARACTERS);
        } catch (Throwable broken) {
            return "(its message is not known: getMessage() threw "
                    + broken.getClass().getName() + ")";
        }
    }
}
