package dev.holdfast.runtime.notify.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of a journal, while it is written. Guarded by the journal's lock, but for {@link #path}, {@link #first} and
 * {@link #read}.
 */
final class Segment {

    private static final String PREFIX = "events-";
    private static final String SUFFIX = ".log";

    /** Digits of the first number in the name, so that names sort as numbers do. */
    private static final int DIGITS = 19;

    final Path path;

    /** The number that its first entry has, or would have. */
    final long first;

    private final Disk.Out out;

    /** Open from the start: what was appended can be read also where somebody deletes the file. No channel, which an interrupt would close. */
    private final RandomAccessFile in;

    private final ReentrantLock reading = new ReentrantLock();

    /** Bytes of whole records. */
    long length;

    /** The number of its last entry; one less than {@link #first} while there is none. */
    long last;

    /** How many of its entries are for a channel. */
    final Map<String, Integer> entries = new HashMap<>();

    private boolean broken;

    Segment(Path folder, long first, Disk disk) throws IOException {
        this.path = folder.resolve(name(first));
        this.first = first;
        this.last = first - 1;
        this.out = disk.create(path);
        try {
            this.in = new RandomAccessFile(path.toFile(), "r");
        } catch (IOException | Error gone) {
            // No file descriptor may be left for it. The next try is for the same name.
            try (out) {
                Files.deleteIfExists(path);
            } catch (IOException alsoBroken) {
                gone.addSuppressed(alsoBroken);
            }
            throw gone;
        }
    }

    /** Whether its name is still there. */
    boolean exists() {
        return Files.exists(path);
    }

    /** Reads bytes of it; fewer than asked for where it ends. By any thread, without the journal's lock. */
    ByteBuffer read(long from, int count) throws IOException {
        byte[] bytes = new byte[count];
        int all = 0;
        reading.lock();
        try {
            in.seek(from);
            for (int some = 0; some >= 0 && all < count; all += Math.max(some, 0)) {
                some = in.read(bytes, all, count - all);
            }
        } finally {
            reading.unlock();
        }
        return ByteBuffer.wrap(bytes, 0, all);
    }

    static String name(long first) {
        String number = Long.toString(first);
        return PREFIX + "0".repeat(DIGITS - number.length()) + number + SUFFIX;
    }

    /**
     * Writes a whole record or nothing.
     *
     * @throws IOException if it did not fit; if {@link #isBroken} after that, the file takes no more
     */
    void append(Entry entry) throws IOException {
        ByteBuffer record = Records.encode(entry);
        int size = record.remaining();
        try {
            while (record.hasRemaining()) {
                out.write(record);
            }
        } catch (IOException full) {
            try {
                if (record.position() > 0) {
                    out.truncate(length);
                }
            } catch (IOException alsoBroken) {
                // What is half written there counts as damaged when it is read; more must not be put behind it.
                broken = true;
                full.addSuppressed(alsoBroken);
            }
            throw full;
        }
        length += size;
        last = entry.number();
        for (String channel : entry.channels()) {
            entries.merge(channel, 1, Integer::sum);
        }
    }

    boolean isBroken() {
        return broken;
    }

    void force() throws IOException {
        out.force();
    }

    /** Ends the writing. */
    void close() throws IOException {
        out.close();
    }

    /** Ends the reading too. */
    void end() throws IOException {
        try (in) {
            out.close();
        }
    }

    /** A file of a journal that somebody else has written. */
    record Left(Path path, long first) {

        /** The files of a folder, in order. */
        static List<Left> in(Path folder) throws IOException {
            List<Left> files = new ArrayList<>();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
                for (Path path : all) {
                    Long first = first(path.getFileName().toString());
                    if (first != null) {
                        files.add(new Left(path, first));
                    }
                }
            }
            files.sort(Comparator.comparingLong(Left::first));
            return files;
        }

        private static @Nullable Long first(String name) {
            try {
                return Long.valueOf(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
            } catch (NumberFormatException foreign) {
                return null;
            }
        }
    }
}
