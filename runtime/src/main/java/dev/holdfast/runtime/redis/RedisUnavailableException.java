package dev.holdfast.runtime.redis;

import org.jspecify.annotations.Nullable;

/** Redis gave no answer that could be used. Without a stack trace, as it may be made for every call while Redis is away. */
public final class RedisUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    RedisUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
