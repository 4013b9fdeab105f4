package dev.holdfast.runtime.session.codec;

import org.jspecify.annotations.Nullable;

/** Bytes of which no value can be made. Without a stack trace, for whoever asks goes on without the value. */
public final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** With the reason, to follow a colon. */
    UnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
