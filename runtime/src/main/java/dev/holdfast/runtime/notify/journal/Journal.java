package dev.holdfast.runtime.notify.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The journal that this process writes: entries are appended at its end and read by each channel at its own pace. A file goes when every
 * channel has handed over what is in it, or when the journal has grown to its cap: then the oldest goes, and each channel is told how
 * many entries it has lost by that. So a channel that is dead for long keeps neither the others nor what is new from getting through.
 *
 * <p>Thread-safe, guarded by one lock that is held while bytes are appended, and not while channels read or the disk is forced.
 * Threads that use it must not be interrupted: that closes a file under them.
 */
public final class Journal implements Closeable {

    /** Small enough that what is handed over goes soon. */
    static final int SEGMENT_BYTES = 1 << 20;

    /** As much as is read from the disk at once. */
    private static final int CHUNK = 256 << 10;

    private final Path folder;
    private final Ground ground;
    private final long mostBytes;
    private final int segmentBytes;
    private final Disk disk;

    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by the lock.
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final List<Reader> readers = new ArrayList<>();
    private long bytes;
    private long next = 1;
    private long lostUnread;
    private boolean closed;

    /** What would not survive a loss of power yet, the oldest first. */
    private final Set<Segment> unforced = new LinkedHashSet<>();

    /**
     * Begins a journal.
     *
     * @param folder exists and holds none
     * @param mostBytes cap, at least that of a few files
     */
    public Journal(Path folder, long mostBytes) {
        this(folder, new Folder(folder), mostBytes, SEGMENT_BYTES, Disk.REAL);
    }

    /**
     * Begins a journal.
     *
     * @param folder exists and holds none
     * @param ground that is looked after
     * @param mostBytes cap, at least that of a few files
     */
    public Journal(Path folder, Ground ground, long mostBytes) {
        this(folder, ground, mostBytes, SEGMENT_BYTES, Disk.REAL);
    }

    Journal(Path folder, long mostBytes, int segmentBytes, Disk disk) {
        this(folder, new Folder(folder), mostBytes, segmentBytes, disk);
    }

    private Journal(Path folder, Ground ground, long mostBytes, int segmentBytes, Disk disk) {
        this.folder = folder;
        this.ground = ground;
        this.mostBytes = mostBytes;
        this.segmentBytes = segmentBytes;
        this.disk = disk;
    }

    /** What it lies on: a folder that others may delete. */
    public interface Ground {

        /** Whether something of it is missing. */
        boolean isGone();

        /** Makes it again. */
        void restore() throws IOException;
    }

    private static final class Folder implements Ground {

        private final Path path;

        Folder(Path path) {
            this.path = path;
        }

        @Override
        public boolean isGone() {
            return !Files.isDirectory(path);
        }

        @Override
        public void restore() throws IOException {
            Files.createDirectories(path);
        }
    }

    /** Where it lies. */
    public Path folder() {
        return folder;
    }

    /**
     * Appends an event. When it returns, the event outlives this process.
     *
     * @throws IOException if there is no room for it; nothing is left of it then
     */
    public Entry append(long millis, List<String> channels, String note, String event) throws IOException {
        lock.lock();
        try {
            Entry entry = new Entry(next, millis, channels, note, event);
            Segment segment = segments.peekLast();
            if (closed) {
                throw new IOException("the journal is closed");
            }
            if (ground.isGone() || (segment != null && !segment.exists())) {
                segment = beginAgain(segment);
            } else if (segment == null || segment.isBroken() || segment.length >= segmentBytes) {
                segment = roll(segment);
            }
            long before = segment.length;
            try {
                segment.append(entry);
            } catch (IOException full) {
                if (before == 0) {
                    throw full;
                }
                // The last file is never let go of, so on a small disk it would keep its room for ever.
                segment = roll(segment);
                before = 0;
                segment.append(entry);
            }
            bytes += segment.length - before;
            next++;
            unforced.add(segment);
            keepToCap();
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody has deleted files of it, as cleaners of temporary folders do. What was in them can still be read, by this process alone. */
    private Segment beginAgain(@Nullable Segment deleted) throws IOException {
        ground.restore();
        Segment begun = roll(deleted);
        for (Reader reader : readers) {
            reader.cursor.begin();
            reader.cursor.write(reader.done);
        }
        return begun;
    }

    private Segment roll(@Nullable Segment full) throws IOException {
        if (full != null && full.length == 0) {
            discard(full); // nothing fits behind the half of a record, and the next file is called the same
        }
        Segment begun = new Segment(folder, next, disk);
        // From here on nothing may throw: its name is taken, and would be for each later try.
        segments.addLast(begun);
        if (full != null && full.length > 0) {
            end(full);
        }
        forceFolder(folder);
        release();
        return begun;
    }

    private void discard(Segment empty) throws IOException {
        Files.deleteIfExists(empty.path);
        segments.remove(empty);
        unforced.remove(empty);
        try {
            empty.end();
        } catch (IOException unclosed) {
            // It has no name any more.
        }
    }

    private void end(Segment full) {
        try {
            full.force();
            unforced.remove(full);
            full.close();
        } catch (IOException notNow) {
            // It stays among what is to be forced: who forces the next time tries it again, and is told.
        }
    }

    /** Makes the names in a folder survive a loss of power, where the system can do that. */
    static void forceFolder(Path folder) {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException notOnThisSystem) {
            // Windows opens no folders; it writes their entries by itself.
        }
    }

    private void keepToCap() {
        while (bytes > mostBytes && segments.size() > 1) {
            Segment oldest = segments.element();
            for (Reader reader : readers) {
                reader.lose(oldest);
            }
            if (readers.isEmpty()) {
                lostUnread += oldest.last - oldest.first + 1;
            }
            drop();
        }
    }

    /** Lets go of the files that everybody is done with. */
    private void release() {
        while (segments.size() > 1
                && !readers.isEmpty()
                && readers.stream().allMatch(reader -> reader.done >= segments.element().last)) {
            drop();
        }
    }

    private void drop() {
        Segment oldest = segments.remove();
        bytes -= oldest.length;
        unforced.remove(oldest);
        try {
            oldest.end();
            Files.deleteIfExists(oldest.path);
        } catch (IOException inUse) {
            // It goes with the folder.
        }
    }

    /** Returns when what was appended would survive a loss of power. */
    public void force() throws IOException {
        List<Segment> all;
        lock.lock();
        try {
            all = List.copyOf(unforced);
            unforced.clear(); // and not afterwards: more may be appended while it is forced
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < all.size(); i++) {
            try {
                all.get(i).force();
            } catch (ClosedChannelException handedOver) {
                // It was forced when the next file was begun, or has gone.
            } catch (IOException notNow) {
                putBack(all.subList(i, all.size()));
                throw notNow;
            }
        }
    }

    private void putBack(List<Segment> notForced) {
        lock.lock();
        try {
            unforced.addAll(notForced);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of whole records on disk. */
    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** How many entries were lost to the cap since this was last asked, where nobody reads. */
    public long takeLostUnread() {
        lock.lock();
        try {
            long taken = lostUnread;
            lostUnread = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to read for a channel, from the next entry on. At most one for a channel. */
    public Reader reader(String channel) throws IOException {
        lock.lock();
        try {
            Reader reader = new Reader(channel, new Cursor(folder, channel), next - 1);
            readers.add(reader);
            return reader;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the writing; what is there stays for the next process, if anything waits. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            Segment last = segments.peekLast();
            if (last != null) {
                last.force();
                last.close();
            }
            for (Segment segment : segments) {
                segment.end();
            }
            for (Reader reader : readers) {
                reader.cursor.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether every channel has handed over all that is for it. */
    public boolean isDone() {
        lock.lock();
        try {
            return readers.stream().allMatch(reader -> reader.done >= next - 1);
        } finally {
            lock.unlock();
        }
    }

    /** What one channel has read and handed over. Used by the one thread of that channel. */
    public final class Reader implements Unread {

        private final String channel;
        private final Cursor cursor;

        /** The number up to which everything for this channel is handed over; guarded by the lock. */
        private long done;

        // Where it reads: guarded by the lock.
        private long read;
        private @Nullable Segment segment;
        private long offset;
        private int readOfSegment;
        private long lost;

        /** How many entries the cap has taken away that were given out, and are not done; some that are may be among them. */
        private long lostInHand;

        /** The number of the last of them. */
        private long lastLostInHand;

        /** The number of the last entry that was given out. */
        private long returned;

        private Reader(String channel, Cursor cursor, long done) throws IOException {
            this.channel = channel;
            this.cursor = cursor;
            this.done = done;
            this.read = done;
            cursor.write(done);
        }

        /**
         * The next entries for this channel, in order; none if there are none now. They are given once, and stay on disk until
         * {@link #done}.
         */
        @Override
        public List<Entry> read(int most) throws IOException {
            List<Entry> entries = new ArrayList<>();
            while (entries.size() < most) {
                Piece piece = piece();
                if (piece == null || !take(piece, entries, most)) {
                    break;
                }
            }
            if (entries.isEmpty()) {
                caughtUp();
            }
            return entries;
        }

        /** A file, and what of it is to be read. */
        private record Piece(Segment segment, long from, long to) {}

        private @Nullable Piece piece() {
            lock.lock();
            try {
                Segment at = segment;
                if (at == null || (offset >= at.length && at != segments.peekLast())) {
                    at = after(read);
                    if (at == null) {
                        return null;
                    }
                    if (at != segment) {
                        segment = at;
                        offset = 0;
                        readOfSegment = 0;
                    }
                }
                return offset >= at.length ? null : new Piece(at, offset, at.length);
            } finally {
                lock.unlock();
            }
        }

        private @Nullable Segment after(long number) {
            for (Segment one : segments) {
                if (one.last > number) {
                    return one;
                }
            }
            return null;
        }

        /** @return whether there may be more */
        private boolean take(Piece piece, List<Entry> entries, int most) throws IOException {
            int count = (int) Math.min(piece.to - piece.from, CHUNK);
            while (true) {
                ByteBuffer bytes;
                try {
                    bytes = piece.segment.read(piece.from, count);
                } catch (IOException unreadable) {
                    if (holds(piece.segment)) {
                        throw unreadable;
                    }
                    return skip(piece.segment); // the cap has taken it away
                }
                Records.Scanner scanner = new Records.Scanner(bytes);
                int own = 0;
                long last = 0;
                int end = 0;
                for (Entry entry = scanner.next(); entry != null; entry = scanner.next()) {
                    last = entry.number();
                    end = bytes.position();
                    if (entry.channels().contains(channel)) {
                        own++;
                        if (last > read) {
                            entries.add(entry);
                        }
                    }
                    if (entries.size() == most) {
                        break;
                    }
                }
                if (last > 0) {
                    return took(piece, end, last, own, entries);
                }
                if (count == piece.to - piece.from) {
                    return skip(piece.segment); // somebody else has written into it
                }
                count = (int) Math.min(piece.to - piece.from, (long) count + Records.MOST_PAYLOAD);
            }
        }

        private boolean holds(Segment one) {
            lock.lock();
            try {
                return segments.contains(one);
            } finally {
                lock.unlock();
            }
        }

        private boolean took(Piece piece, int bytes, long last, int own, List<Entry> entries) {
            lock.lock();
            try {
                if (segment == piece.segment) {
                    offset = piece.from + bytes;
                    readOfSegment += own;
                }
                read = Math.max(read, last);
                returned = entries.isEmpty()
                        ? returned
                        : entries.get(entries.size() - 1).number();
                return true;
            } finally {
                lock.unlock();
            }
        }

        private boolean skip(Segment gone) {
            lock.lock();
            try {
                if (segment == gone) {
                    offset = gone.length;
                    read = Math.max(read, gone.last);
                }
                return gone != segments.peekLast();
            } finally {
                lock.unlock();
            }
        }

        /** The cap takes a file away. By the thread that appends, with the lock. */
        private void lose(Segment oldest) {
            int all = oldest.entries.getOrDefault(channel, 0);
            if (read >= oldest.last) {
                if (done < oldest.last) { // what of it is not handed over yet is in the hands of the sender
                    lostInHand += all;
                    lastLostInHand = oldest.last;
                }
                return;
            }
            lost += segment == oldest ? all - readOfSegment : all;
            read = oldest.last;
            if (segment == oldest) {
                segment = null;
            }
        }

        @Override
        public void rewind() {
            lock.lock();
            try {
                read = done;
                returned = done;
                segment = null;
                lost += lostInHand;
                lostInHand = 0;
            } finally {
                lock.unlock();
            }
        }

        /** Everything for this channel is handed over up to that number. */
        @Override
        public void done(long number) throws IOException {
            lock.lock();
            try {
                done = Math.max(done, number);
                lostInHand = done < lastLostInHand ? lostInHand : 0;
                release();
            } finally {
                lock.unlock();
            }
            cursor.write(number);
        }

        /** With nothing in hand and nothing to read, the entries of others must not keep files. */
        private void caughtUp() throws IOException {
            long number;
            lock.lock();
            try {
                number = read;
                if (returned > done || number <= done) {
                    return;
                }
                done = number;
                release();
            } finally {
                lock.unlock();
            }
            cursor.write(number);
        }

        /** How many entries this channel has lost to the cap since it was last asked. */
        @Override
        public long takeLost() {
            lock.lock();
            try {
                long taken = lost;
                lost = 0;
                return taken;
            } finally {
                lock.unlock();
            }
        }
    }
}
