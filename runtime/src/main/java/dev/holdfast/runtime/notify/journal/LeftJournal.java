package dev.holdfast.runtime.notify.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private long damaged;
    private long read;
    private final Set<Path> damagedFiles = new LinkedHashSet<>();

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

    /**
     * Reads the entries, whole ones only, each for the channels that have not handed it over; those that nobody waits for are left
     * out.
     *
     * @throws IOException if a file cannot be read, or from the sink
     */
    public void read(Sink sink) throws IOException {
        if (!Files.isDirectory(folder)) {
            return; // as that of dead letters where there never were any
        }
        long last = 0;
        Segment.@Nullable Left before = null;
        for (Segment.Left file : Segment.Left.in(folder)) {
            // What is missing at the beginning was let go of; what is missing between two files was at the end of the
            // first.
            if (before == null) {
                last = file.first() - 1;
            } else if (file.first() > last + 1) {
                miss(before, file.first() - last - 1);
                last = file.first() - 1;
            }
            before = file;
            last = read(file, last, sink);
        }
        if (before != null && endsAmid) {
            // The process was writing when it ended, or the end is damaged, and no number tells how much is gone.
            miss(before, 1);
        }
    }

    private long read(Segment.Left file, long before, Sink sink) throws IOException {
        long last = before;
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file.path()));
        Records.Scanner scanner = new Records.Scanner(bytes);
        int skipped = 0;
        for (Entry entry = scanner.next(); entry != null; entry = scanner.next()) {
            skipped = scanner.skipped();
            if (entry.number() > last + 1) {
                miss(file, entry.number() - last - 1);
            } else if (entry.number() <= last) {
                continue; // the same bytes twice: somebody has copied files together
            }
            last = entry.number();
            List<String> waiting = waiting(entry);
            if (!waiting.isEmpty()) {
                sink.take(entry.forOnly(waiting));
                read++;
            }
        }
        endsAmid = bytes.hasRemaining() || scanner.skipped() > skipped;
        return last;
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

    /** How many entries were handed to the sink so far. */
    public long read() {
        return read;
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
