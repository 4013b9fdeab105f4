package dev.holdfast.runtime.session.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bytes that grow. Whole numbers are written in groups of 7 bits, the least first, where they may be small. Not thread-safe. */
final class Output {

    private byte[] bytes = new byte[64];
    private int count;
    private final long most;

    /** Names and shapes that stand there already, by the order in which they came; null for none. */
    private @Nullable Map<Object, Integer> known;

    /** @param most bytes that there may be */
    Output(long most) {
        this.most = most;
    }

    void one(int b) {
        room(1);
        bytes[count++] = (byte) b;
    }

    void all(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, count, more.length);
        count += more.length;
    }

    void fixed(long value, int width) {
        room(width);
        for (int i = width - 1; i >= 0; i--) {
            bytes[count++] = (byte) (value >>> (8 * i));
        }
    }

    /** 0 or more, small ones short; of a negative one all bits. */
    void unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            one((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        one((int) rest);
    }

    /** Near 0 on either side, short. */
    void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    void sized(byte[] more) {
        unsigned(more.length);
        all(more);
    }

    void text(String text) {
        sized(text.getBytes(UTF_8));
    }

    /**
     * Writes where something stood that is known by now, or notes that it comes next.
     *
     * @return whether it has to be written
     */
    boolean comesNew(Object what) {
        Map<Object, Integer> map = known;
        if (map == null) {
            map = new HashMap<>();
            known = map;
        }
        Integer before = map.putIfAbsent(what, map.size() + 1);
        unsigned(before == null ? 0 : before);
        return before == null;
    }

    /**
     * Makes sure of room for so many bytes at least.
     *
     * @throws TooLargeException if there may not be as many
     */
    void requireRoom(long more) {
        if (more > most - count) {
            throw new TooLargeException(most);
        }
    }

    private void room(int more) {
        requireRoom(more);
        if (bytes.length - count < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(count, more)));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, count);
    }
}
