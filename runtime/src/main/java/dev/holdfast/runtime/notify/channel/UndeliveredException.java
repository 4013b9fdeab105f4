package dev.holdfast.runtime.notify.channel;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A receiver has refused a letter. */
public final class UndeliveredException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int delivered;
    private final boolean forGood;
    private final transient @Nullable Duration retryAfter;

    private UndeliveredException(String message, int delivered, boolean forGood, @Nullable Duration retryAfter) {
        super(message);
        this.delivered = delivered;
        this.forGood = forGood;
        this.retryAfter = retryAfter;
    }

    /**
     * It will never be taken.
     *
     * @param delivered how many before it were
     */
    public static UndeliveredException forGood(String message, int delivered) {
        return new UndeliveredException(message, delivered, true, null);
    }

    /**
     * It may be taken another time.
     *
     * @param retryAfter when the receiver wants it again, at the earliest; null if it does not say
     */
    public static UndeliveredException forNow(String message, int delivered, @Nullable Duration retryAfter) {
        return new UndeliveredException(message, delivered, false, retryAfter);
    }

    /** How many letters before the refused one were taken. */
    public int delivered() {
        return delivered;
    }

    /** Whether sending it again is of no use. */
    public boolean isForGood() {
        return forGood;
    }

    /** When to send it again, at the earliest; null if the receiver does not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
