package dev.holdfast.runtime.session.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Makes bytes of values, and values of bytes. Thread-safe. */
public final class Codec {

    /**
     * A value that was read.
     *
     * @param fixed whether nothing can be changed in it, so that it need not be looked at again
     */
    public record Decoded(@Nullable Object value, boolean fixed) {}

    /**
     * A value that was written.
     *
     * @param bytes nobody writes to them any more
     * @param fixed whether nothing can be changed in the value
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Encoded(byte[] bytes, boolean fixed) {}

    /**
     * Makes bytes of a value.
     *
     * @throws IllegalArgumentException if it cannot be stored; the message says what in it cannot, and what to do
     */
    public Encoded encode(Object value) {
        if (value instanceof String text) {
            return new Encoded(text.getBytes(UTF_8), true);
        }
        throw new IllegalArgumentException("is of type " + value.getClass().getName() + ", which cannot be stored");
    }

    /**
     * Makes a value of bytes.
     *
     * @throws UnreadableException if it cannot be done
     */
    public Decoded decode(byte[] bytes) throws UnreadableException {
        if (bytes.length == 0) {
            throw new UnreadableException("it is empty", null);
        }
        return new Decoded(new String(bytes, UTF_8), true);
    }
}
