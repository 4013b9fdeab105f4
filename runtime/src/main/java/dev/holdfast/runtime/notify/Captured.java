package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.notify.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the thread that failed took it down. What costs time, such as the stack trace, is looked at later by another thread.
 *
 * @param durationNanos of the call; -1 where its beginning was not seen
 * @param recoveredBy null if the caller saw the failure
 * @param message what the template gives; null where there is none, or it failed
 * @param templateFailure why it failed; null if it did not
 * @param count how many failures it stands for
 */
record Captured(
        Throwable failure,
        Teller teller,
        int attempts,
        long durationNanos,
        @Nullable String recoveredBy,
        String thread,
        long millis,
        @Nullable String message,
        @Nullable Throwable templateFailure,
        long count,
        List<Event.Argument> arguments) {}
