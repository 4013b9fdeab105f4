package dev.holdfast.runtime.notify.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The journal of a process that has ended, or of one that runs and is looked at from outside. Not thread-safe. */
public final class LeftJournal {

    private final Path folder;
    private final Map<String, Long> cursors = new HashMap<>();
    private final Set<Path> damagedFiles = new LinkedHashSet<>();
    private long damaged;

    /** Those that are not read yet; null before the first one. */
    private @Nullable Deque<Segment.Left> files;

    private @Nullable Opened open;

    /** The last one that was read; null before that. */
    private Segment.@Nullable Left before;

    /** The number of the last entry. */
    private long last;

    /** Whether the file that was read last has something behind its last whole record. */
    private boolean endsAmid;

    public LeftJournal(Path folder) {
        this.folder = folder;
    }

    /** Takes what is told while a journal is read. */
    public interface Sink {

        /**
         * Takes an entry, in order.
         *
         * @throws IOException if the reading shall end
         */
        void take(Entry entry) throws IOException;
    }

    /** A file that is being read. */
    private static final class Opened {

        final Segment.Left file;
        final ByteBuffer bytes;
        final Records.Scanner scanner;
        int skipped;

        Opened(Segment.Left file) throws IOException {
            this.file = file;
            this.bytes = ByteBuffer.wrap(Files.readAllBytes(file.path()));
            this.scanner = new Records.Scanner(bytes);
        }
    }

    /**
     * Reads the entries, as {@link #next} does.
     *
     * @throws IOException if a file cannot be read, or from the sink
     */
    public void read(Sink sink) throws IOException {
        for (Entry entry = next(); entry != null; entry = next()) {
            sink.take(entry);
        }
    }

    /**
     * The next entry, whole ones only, each for the channels that have not handed it over; those that nobody waits for are left out. Null if
     * there is none, from then on.
     *
     * @throws IOException if a file cannot be read; the next call tries again
     */
    public @Nullable Entry next() throws IOException {
        Opened now = open == null ? begin() : open;
        while (now != null) {
            Entry entry = now.scanner.next();
            if (entry == null) {
                endsAmid = now.bytes.hasRemaining() || now.scanner.skipped() > now.skipped;
                open = null;
                now = begin();
                continue;
            }
            now.skipped = now.scanner.skipped();
            if (entry.number() > last + 1) {
                miss(now.file, entry.number() - last - 1);
            } else if (entry.number() <= last) {
                continue; // the same bytes twice: somebody has copied files together
            }
            last = entry.number();
            List<String> waiting = waiting(entry);
            if (!waiting.isEmpty()) {
                return entry.forOnly(waiting);
            }
        }
        return null;
    }

    /** Begins with the next file; null if there is none. */
    private @Nullable Opened begin() throws IOException {
        Deque<Segment.Left> left = files;
        if (left == null) {
            // There need not be a folder, as that of dead letters where there never were any.
            left = Files.isDirectory(folder) ? new ArrayDeque<>(Segment.Left.in(folder)) : new ArrayDeque<>();
            files = left;
        }
        Segment.Left file = left.peek();
        if (file == null) {
            if (before != null && endsAmid) {
                // The process was writing when it ended, or the end is damaged, and no number tells how much is gone.
                miss(before, 1);
            }
            before = null;
            return null;
        }
        Opened begun = new Opened(file);
        left.remove();
        // What is missing at the beginning was let go of; what is missing between two files was at the end of the
        // first.
        if (before == null) {
            last = file.first() - 1;
        } else if (file.first() > last + 1) {
            miss(before, file.first() - last - 1);
            last = file.first() - 1;
        }
        before = file;
        open = begun;
        return begun;
    }

    /**
     * Notes that all entries up to that one are in other hands: whoever reads the folder next gets those behind it.
     *
     * @param number of an entry that {@link #next} gave
     */
    public void handedOver(long number) throws IOException {
        for (Map.Entry<String, Long> cursor : cursors.entrySet()) {
            if (cursor.getValue() < number) {
                try (Cursor file = new Cursor(folder, cursor.getKey())) {
                    file.write(number);
                }
            }
        }
    }

    private void miss(Segment.Left file, long entries) {
        damaged += entries;
        damagedFiles.add(file.path());
    }

    private List<String> waiting(Entry entry) {
        List<String> waiting = new ArrayList<>();
        for (String channel : entry.channels()) {
            if (cursors.computeIfAbsent(channel, name -> Cursor.read(folder, name)) < entry.number()) {
                waiting.add(channel);
            }
        }
        return waiting;
    }

    /** How many entries were found damaged so far: those that numbers show to be missing, and one where a file ends amid a record. */
    public long damaged() {
        return damaged;
    }

    /** The files in which something is damaged. */
    public List<Path> damagedFiles() {
        return List.copyOf(damagedFiles);
    }
}
