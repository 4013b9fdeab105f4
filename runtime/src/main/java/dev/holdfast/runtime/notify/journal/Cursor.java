package dev.holdfast.runtime.notify.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * How far a channel has come, on disk. Two places are written by turns, each with a checksum, so that one is whole whenever the
 * process ends. It is never forced: after a loss of power a channel may send again what it has sent.
 */
final class Cursor implements Closeable {

    private static final String PREFIX = "cursor-";
    private static final int PLACE = 2 * Long.BYTES;

    private final Path path;
    private final ReentrantLock lock = new ReentrantLock();
    private FileChannel file;
    private int turn;
    private volatile boolean closed;

    Cursor(Path folder, String channel) throws IOException {
        this.path = folder.resolve(PREFIX + channel);
        this.file = open();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Begins anew, where somebody may have deleted its file. */
    void begin() throws IOException {
        lock.lock();
        try {
            file.close();
            file = open();
        } finally {
            lock.unlock();
        }
    }

    void write(long number) throws IOException {
        lock.lock();
        try {
            writeAnyhow(number);
        } finally {
            lock.unlock();
        }
    }

    private void writeAnyhow(long number) throws IOException {
        turn ^= 1;
        try {
            writePlace(number);
        } catch (ClosedChannelException interrupted) {
            if (closed) {
                throw interrupted;
            }
            // Somebody has interrupted the thread, though it is ours: a channel of the application's can get hold of
            // it.
            Thread.interrupted();
            file = open();
            writePlace(number);
        }
    }

    private void writePlace(long number) throws IOException {
        ByteBuffer place = ByteBuffer.allocate(PLACE).putLong(number).putLong(checksum(number));
        place.flip();
        file.write(place, (long) turn * PLACE);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        file.close();
    }

    /** How far a channel had come in a folder; 0 if that is not to be read. */
    static long read(Path folder, String channel) {
        long number = 0;
        try {
            ByteBuffer places = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(PREFIX + channel)));
            while (places.remaining() >= PLACE) {
                long one = places.getLong();
                if (places.getLong() == checksum(one)) {
                    number = Math.max(number, one);
                }
            }
        } catch (IOException none) {
            // It had sent nothing yet, or it sends everything again.
        }
        return number;
    }

    private static long checksum(long number) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        return checksum.getValue() ^ 0x5A5A5A5AL;
    }
}
