package dev.holdfast.servlets.jakarta;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How long a body is said to be, and how much of it the container was given: with the last byte the client has the whole of it. Characters count as the bytes that they
 * take at most. Not thread-safe, guarded by who has it.
 */
final class BodyLength {

    private static final int UNKNOWN = -1;

    private long length = UNKNOWN;
    private long given;

    /** That is the length, in digits; null or what is no number for none. */
    void is(@Nullable String text) {
        try {
            length = text == null ? UNKNOWN : Long.parseLong(text.trim());
        } catch (NumberFormatException none) {
            length = UNKNOWN;
        }
    }

    /** Nobody has said or given anything. */
    void forget() {
        length = UNKNOWN;
        given = 0;
    }

    /** The container is given so many bytes. */
    void give(long bytes) {
        given += bytes;
    }

    /** Whether it is whole, as far as is known. */
    boolean isWhole() {
        return length >= 0 && given >= length;
    }

    /** Whether so many bytes or characters more are all of it for certain. */
    boolean isReachedBy(long more) {
        return length > 0 && given + more >= length;
    }

    /** How many of so many bytes leave it without its end for certain. */
    int withoutEnd(int count) {
        return length < 0 || count < length - given ? count : (int) Math.max(0, length - given - 1);
    }

    /** The same for characters. */
    int withoutEnd(char[] content, int from, int count, Charset charset) {
        if (length < 0) {
            return count;
        }
        long left = length - given;
        int most = most(charset);
        for (int i = 0; i < count; i++) {
            left -= most == 0 ? inUtf8(content[from + i]) : most;
            if (left <= 0) {
                return i;
            }
        }
        return count;
    }

    /** How many of so many bytes or characters, which are the first, can be of it; each is a byte at least. */
    int withoutExcess(int count) {
        return length < 0 || given > 0 ? count : (int) Math.min(count, length);
    }

    /** The container is given these. */
    void give(CharSequence content, Charset charset) {
        if (length >= 0) {
            int most = most(charset);
            given +=
                    most == 0 ? content.chars().mapToLong(c -> inUtf8((char) c)).sum() : (long) most * content.length();
        }
    }

    /** How many bytes a character takes at most; 0 where each is looked at. */
    private static int most(Charset charset) {
        return charset.equals(StandardCharsets.UTF_8)
                ? 0
                : (int) Math.ceil(charset.newEncoder().maxBytesPerChar());
    }

    /** Half of a pair counts as much as others, which is more than it takes. */
    private static int inUtf8(char c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }
}
