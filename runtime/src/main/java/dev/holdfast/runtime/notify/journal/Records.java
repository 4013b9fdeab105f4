package dev.holdfast.runtime.notify.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How an entry lies in a file:
 *
 * <pre>{@code
 * u32 mark | u32 length of the payload | u32 CRC-32C of all that follows and of the length | u64 number | u64 time | payload
 * }</pre>
 *
 * <p>The mark holds a byte that no UTF-8 text has. So where a length is damaged, the next record is found again by looking for
 * the mark, and a checksum that fits says that it is one. Pure: no file is touched here.
 */
final class Records {

    /** {@code 0xFF}, then "HF1", the 1 being the version of the format. */
    static final int MARK = 0xFF484631;

    static final int HEADER = 3 * Integer.BYTES + 2 * Long.BYTES;

    /** A longer one is taken for a damaged length. Events are cut long before. */
    static final int MOST_PAYLOAD = 4 << 20;

    private Records() {}

    /** An entry as the bytes of its record. */
    static ByteBuffer encode(Entry entry) {
        byte[] payload = entry.payload();
        if (payload.length > MOST_PAYLOAD) {
            throw new IllegalArgumentException("an event of " + payload.length + " bytes; at most " + MOST_PAYLOAD);
        }
        ByteBuffer record = ByteBuffer.allocate(HEADER + payload.length);
        record.putInt(MARK).putInt(payload.length).putInt(0);
        record.putLong(entry.number()).putLong(entry.millis()).put(payload).flip();
        return record.putInt(2 * Integer.BYTES, checksum(record, payload.length));
    }

    /** What stands at the position of a buffer. */
    enum Found {
        /** A whole record; the position is behind it. */
        ENTRY,
        /** The beginning of a record, maybe: with more bytes it might be one. The position is where it was. */
        PART,
        /** No record. The position is where it was. */
        NONE
    }

    /** Takes one record after the other from a buffer; skips what is damaged. */
    static final class Scanner {

        private final ByteBuffer bytes;
        private int skipped;

        Scanner(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        /** Bytes so far that belong to no whole record. */
        int skipped() {
            return skipped;
        }

        /**
         * The next whole record.
         *
         * @return null if there is none; what remains in the buffer then might become one with more bytes, where there are any
         */
        @Nullable
        Entry next() {
            int part = -1;
            while (bytes.remaining() > 0) {
                int at = bytes.position();
                switch (look(bytes)) {
                    case ENTRY -> {
                        // What looked like the beginning of a longer record was none, if there is a whole one in it.
                        skipped += part < 0 ? 0 : at - part;
                        Entry entry = entry(at);
                        return entry;
                    }
                    case PART -> {
                        part = part < 0 ? at : part;
                        bytes.position(at + 1);
                    }
                    case NONE -> {
                        skipped += part < 0 ? 1 : 0;
                        bytes.position(at + 1);
                    }
                }
            }
            if (part >= 0) {
                bytes.position(part);
            }
            return null;
        }

        private Entry entry(int at) {
            int length = bytes.getInt(at + Integer.BYTES);
            long number = bytes.getLong(at + 3 * Integer.BYTES);
            long millis = bytes.getLong(at + 3 * Integer.BYTES + Long.BYTES);
            return Entry.of(number, millis, bytes.slice(at + HEADER, length));
        }
    }

    private static Found look(ByteBuffer bytes) {
        int at = bytes.position();
        int there = bytes.remaining();
        for (int i = 0; i < Math.min(there, Integer.BYTES); i++) {
            if (bytes.get(at + i) != (byte) (MARK >>> (24 - 8 * i))) {
                return Found.NONE;
            }
        }
        if (there < HEADER) {
            return Found.PART;
        }
        int length = bytes.getInt(at + Integer.BYTES);
        if (length < 0 || length > MOST_PAYLOAD) {
            return Found.NONE;
        }
        if (there < HEADER + length) {
            return Found.PART;
        }
        if (bytes.getInt(at + 2 * Integer.BYTES) != checksum(bytes.slice(at, HEADER + length), length)) {
            return Found.NONE;
        }
        bytes.position(at + HEADER + length);
        return Found.ENTRY;
    }

    private static int checksum(ByteBuffer record, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(record.slice(Integer.BYTES, Integer.BYTES));
        checksum.update(record.slice(3 * Integer.BYTES, HEADER - 3 * Integer.BYTES + length));
        return (int) checksum.getValue();
    }
}
