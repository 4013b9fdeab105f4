package dev.holdfast.runtime.notify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the thread that failed took it down. What costs time, such as the stack trace, is looked at later by another thread.
 *
 * @param channels that are to be told
 * @param durationNanos of the call; -1 where its beginning was not seen
 * @param recoveredBy null if the caller saw the failure
 * @param said what the template is made of; null where there is none, or it failed
 * @param templateFailure why it failed; null if it did not
 * @param count how many failures it stands for
 */
record Captured(
        Throwable failure,
        Teller teller,
        List<String> channels,
        int attempts,
        long durationNanos,
        @Nullable String recoveredBy,
        String thread,
        long millis,
        @Nullable Said said,
        @Nullable Throwable templateFailure,
        long count,
        List<Argument> arguments) {

    /** What is in the holes of a template. */
    static final class Said {

        private final @Nullable Object[] taken;

        Said(@Nullable Object[] taken) {
            this.taken = taken;
        }

        @Nullable
        Object[] taken() {
            return taken;
        }
    }

    /**
     * One argument of the call.
     *
     * @param value as text, bounded and redacted; null if it is not told
     * @param later a value of which another thread makes the text; null if there is none to make
     */
    record Argument(
            String name,
            String type,
            @Nullable String value,
            @Nullable Object later) {}
}
