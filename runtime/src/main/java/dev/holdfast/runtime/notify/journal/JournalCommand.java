package dev.holdfast.runtime.notify.journal;

import dev.holdfast.runtime.time.WallClock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The command line's {@code journal}: what waits in a journal and what is dead, and what is to become of the dead letters. What runs is looked
 * at and not touched.
 */
public final class JournalCommand {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private static final long MOST_BYTES = 64L << 20;

    private static final String USAGE =
            "holdfast: journal <folder> [list|show|resend|discard]; the folder is that of holdfast.journal";

    private final PrintStream out;

    private JournalCommand(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs it.
     *
     * @return the exit status: 0 if all went well, 1 if not, 2 if that cannot be asked
     */
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        if (arguments.length < 1 || arguments.length > 2) {
            err.println(USAGE);
            return BAD_USAGE;
        }
        Path base = Path.of(arguments[0]);
        String action = arguments.length == 1 ? "list" : arguments[1];
        if (!Files.isDirectory(base)
                || !List.of("list", "show", "resend", "discard").contains(action)) {
            err.println(Files.isDirectory(base) ? USAGE : "holdfast: there is no folder " + base);
            return BAD_USAGE;
        }
        try {
            new JournalCommand(out).run(base, action);
            return OK;
        } catch (IOException failed) {
            err.println("holdfast: " + failed);
            return FAILED;
        }
    }

    private void run(Path base, String action) throws IOException {
        int folders = 0;
        for (Path application : applications(base)) {
            for (Path process : ProcessFolder.in(application)) {
                folders++;
                switch (action) {
                    case "list" -> list(application, process);
                    case "show" -> show(process);
                    case "resend" -> settle(application, process, true);
                    default -> settle(application, process, false);
                }
            }
        }
        if (folders == 0) {
            out.println("nothing waits, and nothing is dead");
        }
    }

    private static List<Path> applications(Path base) throws IOException {
        try (Stream<Path> all = Files.list(base)) {
            return all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    private void list(Path application, Path process) throws IOException {
        Map<String, Integer> waiting = new TreeMap<>();
        LeftJournal events = new LeftJournal(process);
        events.read(entry -> entry.channels().forEach(channel -> waiting.merge(channel, 1, Integer::sum)));
        Map<String, Integer> dead = new TreeMap<>();
        readDead(process, entry -> entry.channels().forEach(channel -> dead.merge(channel, 1, Integer::sum)));
        boolean running = isInUse(process);
        out.println(application.getFileName() + "/" + process.getFileName() + (running ? " (running)" : ""));
        waiting.forEach((channel, count) -> out.println("  waiting for " + channel + ": " + count));
        dead.forEach((channel, count) -> out.println("  dead for " + channel + ": " + count));
        if (events.damaged() > 0 && !running) { // what runs may be writing just now
            out.println("  damaged: at least " + events.damaged());
        }
    }

    private static boolean isInUse(Path process) throws IOException {
        ProcessFolder locked = ProcessFolder.tryLock(process);
        if (locked == null) {
            return true;
        }
        locked.close();
        return false;
    }

    private static void readDead(Path process, LeftJournal.Sink sink) throws IOException {
        Path dead = ProcessFolder.dead(process);
        if (Files.isDirectory(dead)) {
            new LeftJournal(dead).read(sink);
        }
    }

    private void show(Path process) throws IOException {
        readDead(
                process,
                entry -> out.println(Instant.ofEpochMilli(entry.millis()) + " " + String.join(",", entry.channels())
                        + " \"" + entry.note() + "\" " + entry.event()));
    }

    private void settle(Path application, Path process, boolean again) throws IOException {
        ProcessFolder locked = ProcessFolder.tryLock(process);
        String name = application.getFileName() + "/" + process.getFileName();
        if (locked == null) {
            out.println(name + " is running, and is left as it is");
            return;
        }
        try (locked) {
            List<Entry> dead = new ArrayList<>();
            readDead(process, dead::add);
            if (!dead.isEmpty()) {
                if (again) {
                    putBack(application, dead);
                }
                locked.deleteDead();
                out.println(name + ": " + dead.size() + (again ? " wait again, for the next process" : " discarded"));
            }
        }
    }

    /** As if a process had left them, so that the next one takes them over. */
    private static void putBack(Path application, List<Entry> dead) throws IOException {
        Path folder = Files.createDirectory(application.resolve("%015d-again".formatted(WallClock.millis())));
        ProcessFolder locked = ProcessFolder.tryLock(folder);
        if (locked == null) {
            throw new IOException(folder + " is locked by somebody else");
        }
        try (locked;
                Journal journal = new Journal(folder, MOST_BYTES)) {
            for (Entry entry : dead) {
                journal.append(entry.millis(), entry.channels(), "", entry.event());
            }
        }
    }
}
