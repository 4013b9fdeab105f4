package dev.holdfast.runtime.notify.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One event in a journal.
 *
 * @param number ascending by one within a journal, from 1
 * @param millis when it was taken, milliseconds since the epoch
 * @param channels to whom it goes, by name
 * @param note why it is dead; empty if it is not
 * @param event the message, as it is sent
 */
public record Entry(long number, long millis, List<String> channels, String note, String event) {

    public Entry {
        channels = List.copyOf(channels);
    }

    /** The same event for these channels alone. */
    public Entry forOnly(List<String> others) {
        return new Entry(number, millis, others, note, event);
    }

    /** What a record carries of it beside number and time. */
    byte[] payload() {
        List<byte[]> names = new ArrayList<>();
        byte[] why = note.getBytes(UTF_8);
        byte[] message = event.getBytes(UTF_8);
        int size = 2 + Integer.BYTES + why.length + message.length;
        for (String channel : channels) {
            byte[] name = channel.getBytes(UTF_8);
            names.add(name);
            size += 2 + name.length;
        }
        ByteBuffer payload = ByteBuffer.allocate(size);
        payload.putShort((short) names.size());
        for (byte[] name : names) {
            payload.putShort((short) name.length).put(name);
        }
        return payload.putInt(why.length).put(why).put(message).array();
    }

    /** Reads what {@link #payload} wrote, and a checksum has shown to be whole. */
    static Entry of(long number, long millis, ByteBuffer payload) {
        List<String> channels = new ArrayList<>();
        for (int left = payload.getShort(); left > 0; left--) {
            channels.add(new String(bytes(payload, payload.getShort()), UTF_8));
        }
        String note = new String(bytes(payload, payload.getInt()), UTF_8);
        String event = new String(bytes(payload, payload.remaining()), UTF_8);
        return new Entry(number, millis, channels, note, event);
    }

    private static byte[] bytes(ByteBuffer from, int count) {
        byte[] bytes = new byte[count];
        from.get(bytes);
        return bytes;
    }
}
