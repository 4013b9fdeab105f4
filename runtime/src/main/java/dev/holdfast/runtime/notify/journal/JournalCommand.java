package dev.holdfast.runtime.notify.journal;

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
import org.jspecify.annotations.Nullable;

/**
 * The command line's {@code journal}: what waits in a journal and what is dead, and what is to become of it. What runs is looked at and not
 * touched. Events that stay, or are sent again, are written to another folder before that of the process is deleted: whenever this ends,
 * nothing is lost, and at the worst an event comes twice.
 */
public final class JournalCommand {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private static final int PROGRESS = 10_000;

    private static final String USAGE = """
            holdfast: journal <folder> [list|show|resend|discard] [waiting|dead] [<channel>]
              <folder>   that of holdfast.journal, or a folder in it: of one application, or of one process
              list       counts what waits and what is dead (this is what it does if nothing is said)
              show       prints it, a line for each event
              resend     lets dead letters wait again, for the next process of the application
              discard    deletes what waits and what is dead; with waiting or dead, only that
              <channel>  only what is for that one""";

    private static final List<String> ACTIONS = List.of("list", "show", "resend", "discard");
    private static final List<String> KINDS = List.of("waiting", "dead");

    private final PrintStream out;
    private final PrintStream err;
    private final String action;
    private final boolean ofWaiting;
    private final boolean ofDead;
    private final @Nullable String channel;

    private int waiting;
    private int dead;
    private int leftAlone;
    private int read;

    private JournalCommand(PrintStream out, PrintStream err, List<String> arguments) {
        this.out = out;
        this.err = err;
        List<String> rest = new ArrayList<>(arguments);
        this.action = rest.isEmpty() ? "list" : rest.remove(0);
        String kind = !rest.isEmpty() && KINDS.contains(rest.get(0)) ? rest.remove(0) : "";
        this.ofWaiting = !kind.equals("dead") && !action.equals("resend");
        this.ofDead = !kind.equals("waiting");
        this.channel = rest.isEmpty() ? null : rest.remove(0);
        if (!ACTIONS.contains(action)) {
            throw new IllegalArgumentException("holdfast: unknown action " + action + "\n" + USAGE);
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("holdfast: too much: " + String.join(" ", rest) + "\n" + USAGE);
        }
        if (action.equals("resend") && !ofDead) {
            throw new IllegalArgumentException("holdfast: what waits is sent anyway\n" + USAGE);
        }
    }

    /**
     * Runs it.
     *
     * @return the exit status: 0 if all went well, 1 if not, 2 if that cannot be asked
     */
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        if (arguments.length < 1 || arguments[0].isEmpty()) {
            err.println(USAGE);
            return BAD_USAGE;
        }
        JournalCommand command;
        try {
            command = new JournalCommand(out, err, List.of(arguments).subList(1, arguments.length));
        } catch (IllegalArgumentException usage) {
            err.println(usage.getMessage());
            return BAD_USAGE;
        }
        Path folder = Path.of(arguments[0]).toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            err.println("holdfast: there is no folder " + arguments[0]);
            return BAD_USAGE;
        }
        try {
            return command.run(folder);
        } catch (IOException failed) {
            err.println("holdfast: " + failed);
            return FAILED;
        }
    }

    private int run(Path folder) throws IOException {
        List<Path> processes = processes(folder);
        if (processes == null) {
            err.println("holdfast: " + folder + " is no journal; expected: the folder of holdfast.journal, by default "
                    + "holdfast-journal-<user> in the system's temporary folder");
            return BAD_USAGE;
        }
        for (Path process : processes) {
            switch (action) {
                case "list" -> list(process);
                case "show" -> show(process);
                default -> settle(process);
            }
        }
        String both = waiting
                + (waiting == 1 ? " event waits, " : " events wait, ")
                + dead
                + (dead == 1 ? " is dead" : " are dead");
        switch (action) {
            case "list", "show" -> out.println(waiting + dead == 0 ? "nothing waits, and nothing is dead" : both);
            case "resend" -> out.println("in all: " + dead + " to be sent again");
            default -> out.println("in all: " + (waiting + dead) + " discarded");
        }
        return leftAlone == 0 || !(action.equals("resend") || action.equals("discard")) ? OK : FAILED;
    }

    /** Those in a folder; null if it holds something that is no journal. */
    private static @Nullable List<Path> processes(Path folder) throws IOException {
        if (ProcessFolder.isOne(folder)) {
            return List.of(folder);
        }
        if (ProcessFolder.hasOne(folder) && !isBase(folder)) {
            return ofApplication(folder);
        }
        List<Path> processes = new ArrayList<>();
        boolean isJournal = true;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.sorted().toList()) {
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    isJournal = false;
                } else if (ProcessFolder.hasOne(path)) {
                    processes.addAll(ofApplication(path));
                } else {
                    isJournal &= ProcessFolder.isOne(path); // that of an application of which nothing is left
                }
            }
        }
        return isJournal || !processes.isEmpty() ? processes : null;
    }

    /** An application of which nothing is left looks like a process; so one level more is looked at. */
    private static boolean isBase(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && ProcessFolder.hasOne(path)) {
                    return true;
                }
            }
        }
        return !Files.exists(folder.resolve("lock"));
    }

    private static List<Path> ofApplication(Path application) throws IOException {
        List<Path> processes = new ArrayList<>();
        for (Path process : ProcessFolder.in(application)) {
            if (ProcessFolder.isOne(process)) {
                processes.add(process);
            }
        }
        return processes;
    }

    private static String name(Path process) {
        Path application = process.getParent();
        return (application == null ? "" : application.getFileName() + "/") + process.getFileName();
    }

    private void list(Path process) throws IOException {
        Map<String, Integer> waits = new TreeMap<>();
        LeftJournal events = new LeftJournal(process);
        if (ofWaiting) {
            waiting += count(events, waits);
        }
        Map<String, Integer> buried = new TreeMap<>();
        if (ofDead) {
            dead += count(new LeftJournal(ProcessFolder.dead(process)), buried);
        }
        boolean running = isInUse(process);
        out.println(name(process) + (running ? " (running)" : ""));
        waits.forEach((channel, count) -> out.println("  waiting for " + channel + ": " + count));
        buried.forEach((channel, count) -> out.println("  dead for " + channel + ": " + count));
        if (events.damaged() > 0 && !running) { // what runs may be writing just now
            out.println("  damaged: at least " + events.damaged());
        }
    }

    /** @return how many events there are for the channels that were asked for */
    private int count(LeftJournal journal, Map<String, Integer> counts) throws IOException {
        int[] events = {0};
        read(journal, entry -> {
            events[0]++;
            entry.channels().forEach(channel -> counts.merge(channel, 1, Integer::sum));
        });
        return events[0];
    }

    private static boolean isInUse(Path process) throws IOException {
        ProcessFolder locked = ProcessFolder.tryLock(process);
        if (locked == null) {
            return true;
        }
        locked.close();
        return false;
    }

    /** Reads what is for the channel that was asked for. */
    private void read(LeftJournal journal, LeftJournal.Sink sink) throws IOException {
        journal.read(entry -> {
            if (++read % PROGRESS == 0) {
                err.println("holdfast: " + read + " events read");
            }
            if (channel == null) {
                sink.take(entry);
            } else if (entry.channels().contains(channel)) {
                sink.take(entry.forOnly(List.of(channel)));
            }
        });
    }

    private void show(Path process) throws IOException {
        if (ofWaiting) {
            read(new LeftJournal(process), entry -> {
                waiting++;
                out.println(line(entry, "waiting"));
            });
        }
        if (ofDead) {
            read(new LeftJournal(ProcessFolder.dead(process)), entry -> {
                dead++;
                out.println(line(entry, "dead: " + entry.note()));
            });
        }
    }

    private static String line(Entry entry, String state) {
        return Instant.ofEpochMilli(entry.millis()) + " " + String.join(",", entry.channels()) + " (" + state + ") "
                + entry.event();
    }

    private void settle(Path process) throws IOException {
        ProcessFolder locked = ProcessFolder.tryLock(process);
        if (locked == null) {
            leftAlone++;
            out.println(name(process) + " is running, and is left as it is");
            return;
        }
        try (locked) {
            Sorted sorted = new Sorted();
            LeftJournal events = new LeftJournal(process);
            sorted.sort(events, ofWaiting, sorted.waiting);
            int waitingTaken = sorted.taken.size();
            sorted.sort(new LeftJournal(ProcessFolder.dead(process)), ofDead, sorted.dead);
            int taken = sorted.taken.size();
            if (taken == 0) {
                return;
            }
            boolean again = action.equals("resend");
            if (again) {
                sorted.taken.forEach(entry -> sorted.waiting.add(entry));
            }
            sorted.write(process);
            if (events.damaged() > 0) {
                out.println(name(process) + ": at least " + events.damaged() + " events were damaged and are lost");
                for (Path file : events.damagedFiles()) {
                    locked.setAside(file);
                }
            }
            locked.delete();
            waiting += waitingTaken;
            dead += taken - waitingTaken;
            out.println(name(process) + ": " + taken + (again ? " wait again, for the next process" : " discarded"));
        }
    }

    /** What becomes of the events of one process. */
    private final class Sorted {

        final List<Entry> waiting = new ArrayList<>();
        final List<Entry> dead = new ArrayList<>();
        final List<Entry> taken = new ArrayList<>();

        /** Takes those that are asked for, and keeps the others. */
        void sort(LeftJournal journal, boolean isAsked, List<Entry> kept) throws IOException {
            journal.read(entry -> {
                if (++read % PROGRESS == 0) {
                    err.println("holdfast: " + read + " events read");
                }
                List<String> stay = new ArrayList<>();
                List<String> go = new ArrayList<>();
                for (String one : entry.channels()) {
                    (isAsked && (channel == null || channel.equals(one)) ? go : stay).add(one);
                }
                if (!go.isEmpty()) {
                    taken.add(entry.forOnly(go));
                }
                if (!stay.isEmpty()) {
                    kept.add(entry.forOnly(stay));
                }
            });
        }

        /** As if a process had left them, so that the next one takes them over. */
        void write(Path process) throws IOException {
            if (waiting.isEmpty() && dead.isEmpty()) {
                return;
            }
            try (ProcessFolder made = ProcessFolder.makeAfter(process)) {
                write(made.path(), waiting, true);
                if (!dead.isEmpty()) {
                    write(made.makeDead(), dead, false);
                }
            }
        }

        private void write(Path folder, List<Entry> entries, boolean waits) throws IOException {
            try (Journal journal = new Journal(folder, Long.MAX_VALUE)) {
                for (Entry entry : entries) {
                    journal.append(entry.millis(), entry.channels(), waits ? "" : entry.note(), entry.event());
                }
                journal.force();
            }
        }
    }
}
