package dev.holdfast.runtime.session.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link Output} has written, and trusts none of it. Not thread-safe. */
final class Input {

    private final byte[] bytes;
    private int at;
    private final List<Object> known = new ArrayList<>();

    Input(byte[] bytes) {
        this.bytes = bytes;
    }

    int one() throws UnreadableException {
        require(1);
        return bytes[at++] & 0xff;
    }

    long fixed(int width) throws UnreadableException {
        require(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    long unsigned() throws UnreadableException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = one();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new UnreadableException("it has a number of too many bytes", null);
    }

    long signed() throws UnreadableException {
        long value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    int signedInt() throws UnreadableException {
        long value = signed();
        if (value != (int) value) {
            throw new UnreadableException("it has a number that is too large", null);
        }
        return (int) value;
    }

    /** A number of things that take a byte each at least, so that none is believed for which there are not bytes enough. */
    int count() throws UnreadableException {
        long count = unsigned();
        if (count < 0 || count > bytes.length - at) {
            throw new UnreadableException("it ends too early", null);
        }
        return (int) count;
    }

    byte[] sized() throws UnreadableException {
        int length = count();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    String text() throws UnreadableException {
        int length = count();
        at += length;
        return new String(bytes, at - length, length, UTF_8);
    }

    /** What stood before; null if it comes now, to be told by {@link #know}. */
    @Nullable
    Object before() throws UnreadableException {
        long index = unsigned();
        if (index < 0 || index > known.size()) {
            throw new UnreadableException("it names what it does not have", null);
        }
        return index == 0 ? null : known.get((int) index - 1);
    }

    void know(Object what) {
        known.add(what);
    }

    void requireEnd() throws UnreadableException {
        if (at != bytes.length) {
            throw new UnreadableException("it goes on behind its end", null);
        }
    }

    private void require(int count) throws UnreadableException {
        if (count > bytes.length - at) {
            throw new UnreadableException("it ends too early", null);
        }
    }
}
