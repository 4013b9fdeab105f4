package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.channel.SenderThreads;
import dev.holdfast.runtime.notify.channel.StartedJar;
import dev.holdfast.runtime.notify.event.ArgumentText;
import dev.holdfast.runtime.notify.event.Event;
import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.ProcessFolder;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.WallClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that makes events of what was captured, and writes them into the journal; and what it begins and ends with. Thread-safe.
 *
 * <p>Each round takes what is there, up to a bound, forces it to the disk once, and tells the channels. What cannot be written is counted as
 * dropped, and the count is told as soon as it can be.
 */
final class Reporter {

    private static final int ROUND = 256;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long AWAKE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So long an ended process's events go before what fails meanwhile: mostly that is enough for all of them, and the order stays. */
    private static final long ADOPT_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** And so long between two rounds. */
    private static final long ADOPT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long ADOPT_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long DROPPED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So long they may wait in all who fail at the very end. */
    private static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1_300);

    /** How long the count of what is lost has to get through. */
    private static final long COUNT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** With the rest of the JVM's end, on a machine that is busy, less than 2 s. */
    private static final long END_NANOS = TimeUnit.MILLISECONDS.toNanos(1_300);

    /** What is started from its source is the argument of the compiler's launcher. */
    private static final Pattern SOURCE =
            Pattern.compile("jdk\\.compiler/com\\.sun\\.tools\\.javac\\.launcher\\.\\w+ (.*?\\.java(?= |$)|[^ ]+)");

    private final Time time;
    private final Supplier<Settings> settings;
    private final Addresses addresses;
    private final Intake intake = new Intake();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Pace faults;
    private final Pace losses;
    private final Pace templates;

    private final AtomicLong patience = new AtomicLong(LAST_NANOS);

    /** Held by who writes: the thread, or the end of the JVM. */
    private final ReentrantLock turn = new ReentrantLock();

    private volatile @Nullable Office office;
    private volatile @Nullable Unkept unkept;
    private volatile boolean busy = true;
    private volatile boolean ending;

    // Used by who has the turn.
    private final Inquiry inquiry = new Inquiry();
    private @Nullable EventMaker maker;
    private long officeNotBefore;
    private long droppedNotBefore;
    private long adoptNotBefore;

    Reporter(Time time, Supplier<Settings> settings) {
        this.time = time;
        this.settings = settings;
        this.addresses = new Addresses(settings);
        this.faults = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
        this.losses = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
        this.templates = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
    }

    /**
     * Begins, unless it has.
     *
     * @param loader of a method whose failures are told
     * @param channels that it names
     */
    Intake begin(@Nullable ClassLoader loader, List<String> channels) {
        addresses.see(loader);
        addresses.expect(channels);
        if (begun.compareAndSet(false, true)) {
            Thread thread;
            try {
                thread = SenderThreads.daemon(this::run, "events");
                thread.start();
            } catch (OutOfMemoryError noThread) {
                begun.set(false); // the next one tries it again
                throw noThread;
            }
            try {
                Runtime.getRuntime().addShutdownHook(SenderThreads.daemon(() -> end(thread), "end"));
            } catch (IllegalStateException ends) { // it is the first failure, and comes of that
                ending = true;
                intake.last(() -> awaitWritten(thread));
            }
        }
        return intake;
    }

    /** The channels where an annotation names none. */
    List<String> usual() {
        return addresses.usual();
    }

    private void run() {
        long idleSince = time.nanoTime();
        officeNotBefore = idleSince;
        droppedNotBefore = idleSince;
        while (true) {
            try {
                if (turn()) {
                    idleSince = time.nanoTime();
                } else if (time.nanoTime() - idleSince < AWAKE_NANOS || mustLook()) {
                    LockSupport.parkNanos(this, LOOK_NANOS);
                } else {
                    intake.sleep();
                    idleSince = time.nanoTime();
                }
            } catch (Throwable noMemory) {
                // Not even enough to say so. Nothing here needs any, and it goes on when there is some.
                LockSupport.parkNanos(this, AGAIN_NANOS);
            }
        }
    }

    private boolean turn() {
        turn.lock();
        busy = true;
        try {
            return round();
        } finally {
            busy = false;
            turn.unlock();
        }
    }

    /** Whether the disk is waited for, or a thread, which wakes nobody. */
    private boolean mustLook() {
        Office open = office;
        return open == null || open.isAdopting() || open.lacksThreads();
    }

    /** @return whether there was anything to do */
    private boolean round() {
        boolean isFirst = office == null;
        Office open = open();
        int taken = 0;
        boolean adopted = false;
        try {
            if (open != null && isFirst) {
                adopted = adopts(open, ADOPT_FIRST_NANOS);
            }
            for (Captured next = intake.next(); next != null; next = intake.next()) {
                write(open, next);
                if (++taken == ROUND) {
                    break;
                }
            }
            tellDropped(open);
            if (open != null) {
                open.startAgain();
            }
            if (open != null && taken > 0) {
                open.handOn();
            }
            if (open != null && !isFirst) {
                adopted = adopts(open, ADOPT_NANOS);
            }
            if (open != null && adopted) {
                open.handOn();
            }
        } catch (Throwable broken) {
            complain("the events cannot be handed on just now: " + broken, broken);
        }
        return taken > 0 || adopted;
    }

    /** @return whether there is more to be taken over, or was */
    private boolean adopts(Office open, long nanos) {
        long now = time.nanoTime();
        if (!open.isAdopting() || ending || now - adoptNotBefore < 0) {
            return false;
        }
        long until = now + nanos;
        boolean isRoom = open.adopt(() -> time.nanoTime() - until < 0);
        if (!isRoom) {
            adoptNotBefore = time.nanoTime() + ADOPT_AGAIN_NANOS;
        }
        return isRoom;
    }

    private void write(@Nullable Office open, Captured captured) {
        try {
            String event = maker().failed(
                            captured, Facts.of(captured.failure(), inquiry), message(captured), arguments(captured));
            keep(open, captured.millis(), captured.channels(), event);
        } catch (Throwable broken) { // no memory, say
            intake.drop();
            complain("an event cannot be made of a failure, and is lost: " + broken, broken);
        }
    }

    private void keep(@Nullable Office open, long millis, List<String> channels, String event) {
        IOException full = null;
        if (open != null) {
            try {
                open.append(millis, channels, event);
                return;
            } catch (IOException noRoom) {
                full = noRoom;
                complain("an event cannot be kept on disk, and waits in memory: " + full, full);
            }
        }
        if (!unkept().take(millis, channels, event)) {
            intake.drop();
            if (losses.admit(time.nanoTime()) != Pace.LEFT_OUT) {
                Log.error(
                        Home.loader(),
                        "@NotifyOnFailure: an event cannot be kept, and is lost; how many are is counted, and told",
                        full);
            }
        }
    }

    /** What the template says; null if there is none, or it fails. */
    private @Nullable String message(Captured captured) {
        Captured.Said said = captured.said();
        Teller teller = captured.teller();
        Throwable faulty = captured.templateFailure();
        String text = null;
        if (said != null) {
            Filled filled = inquiry.ask(
                    teller,
                    () -> {
                        try {
                            return new Filled(teller.text(said), null);
                        } catch (Throwable broken) {
                            return new Filled(null, broken);
                        }
                    },
                    new Filled(null, new TimeoutException("a value does not tell its text")));
            text = filled.text();
            faulty = filled.failure();
        }
        if (faulty != null && templates.admit(time.nanoTime()) != Pace.LEFT_OUT) {
            Log.warn(
                    teller.method().loader(),
                    teller.method().place()
                            + ": the message of @NotifyOnFailure cannot be filled in, the failure's own is told",
                    faulty);
        }
        return text;
    }

    /** A template's text, or why there is none. */
    private record Filled(@Nullable String text, @Nullable Throwable failure) {}

    private List<Event.Argument> arguments(Captured captured) {
        List<Event.Argument> arguments = new ArrayList<>();
        for (Captured.Argument argument : captured.arguments()) {
            Object later = argument.later();
            String raw = argument.value();
            if (later != null) {
                raw = inquiry.ask(
                        ArgumentText.whom(later), () -> ArgumentText.asked(later), ArgumentText.unasked(later));
            }
            arguments.add(new Event.Argument(
                    argument.name(), argument.type(), raw == null ? null : ArgumentText.finished(raw)));
        }
        return arguments;
    }

    private void tellDropped(@Nullable Office open) {
        if (!ending && time.nanoTime() - droppedNotBefore < 0) {
            return;
        }
        long dropped = intake.takeDropped();
        if (dropped > 0) {
            droppedNotBefore = time.nanoTime() + DROPPED_EVERY_NANOS;
            tellDropped(open, dropped);
        }
    }

    /** To everybody who was ever told anything, or else to whom it would be. */
    private void tellDropped(@Nullable Office open, long count) {
        Unkept beside = unkept;
        Set<String> told = new TreeSet<>(open == null ? Set.of() : open.told());
        told.addAll(beside == null ? Set.of() : beside.told());
        List<String> channels = told.isEmpty() ? addresses.usual() : List.copyOf(told);
        if (open != null) {
            try {
                open.tellDropped(channels, count);
                open.handOn();
                return;
            } catch (IOException full) {
                complain("there is no room on disk to tell that " + count + " events are lost: " + full, full);
            }
        }
        unkept().takeCount(WallClock.millis(), channels, maker().dropped(count));
    }

    private EventMaker maker() {
        EventMaker present = maker;
        if (present == null) {
            present = new EventMaker(application());
            maker = present;
        }
        return present;
    }

    private Unkept unkept() {
        Unkept present = unkept;
        if (present == null) {
            present = new Unkept(application(), addresses, intake, time);
            unkept = present;
        }
        return present;
    }

    private @Nullable Office open() {
        Office present = office;
        if (present != null || time.nanoTime() - officeNotBefore < 0 || (ending && intake.isEmpty())) {
            return present;
        }
        Path base = base();
        try {
            if (settings.get().find(Keys.JOURNAL) == null) {
                ProcessFolder.makeOwn(base);
            }
            Office opened = Office.open(base, application(), addresses, maker(), time);
            adoptNotBefore = time.nanoTime();
            office = opened;
            return opened;
        } catch (IOException | RuntimeException | Error unwritable) {
            officeNotBefore = time.nanoTime() + AGAIN_NANOS;
            complain(
                    "no journal can be kept in " + base
                            + ", and what waits to be told would be lost with this process: " + unwritable + "; set "
                            + Keys.JOURNAL + " to a folder that can be written",
                    unwritable);
            return null;
        }
    }

    private void complain(String what, Throwable why) {
        if (faults.admit(time.nanoTime()) != Pace.LEFT_OUT) {
            Log.error(Home.loader(), "@NotifyOnFailure: " + what, why);
        }
    }

    private Path base() {
        File given = settings.get().find(Keys.JOURNAL);
        if (given != null) {
            return given.toPath();
        }
        // Of other users of the machine each has his own, or the first one would shut out the others.
        return Path.of(
                System.getProperty("java.io.tmpdir", "/tmp"),
                "holdfast-journal-" + System.getProperty("user.name", ""));
    }

    private String application() {
        String given = settings.get().find(Keys.APPLICATION);
        return given == null || given.isEmpty()
                ? application(System.getProperty("sun.java.command", ""), System.getProperty("java.class.path", ""))
                : given;
    }

    /** What was started: the main class, or the file name of the jar, or that of a program which is started from its source. */
    static String application(String command, String classPath) {
        String typed = command.strip();
        Matcher source = SOURCE.matcher(typed);
        String started = StartedJar.of(typed, classPath)
                .orElseGet(() -> source.lookingAt() ? source.group(1) : typed.split(" ", 2)[0]);
        // A jar's folder, or the module of a class.
        started = started.substring(Math.max(started.lastIndexOf('/'), started.lastIndexOf('\\')) + 1);
        return started.isEmpty() ? "java" : started;
    }

    /**
     * At the end of the JVM: hands over what it can in a short time. The application may fail in what it does at its own end, also after this; so the
     * thread goes on, and who fails waits for it.
     */
    private void end(Thread thread) {
        ending = true;
        long deadline = time.nanoTime() + END_NANOS;
        try {
            while (time.nanoTime() - deadline < 0 && !rests()) {
                LockSupport.unpark(thread);
                time.sleep(LOOK_NANOS);
            }
            intake.last(() -> awaitWritten(thread));
            if (turn.tryLock(LAST_NANOS, TimeUnit.NANOSECONDS)) {
                try {
                    finish(time.nanoTime() - deadline >= 0);
                } finally {
                    turn.unlock();
                }
            }
            awaitWritten(thread);
        } catch (InterruptedException | IOException | RuntimeException left) {
            Log.debug(Home.loader(), "what is not told yet stays for the next process", left);
        }
    }

    /** @param late whether what is still in the queue can only be counted */
    private void finish(boolean late) throws IOException, InterruptedException {
        Office open = office;
        long lost = intake.takeDropped();
        while (late && intake.next() != null) {
            lost++;
        }
        Unkept beside = unkept;
        if (beside != null) {
            for (Entry left : beside.left()) {
                lost += keeps(open, left) ? 0 : 1;
            }
        }
        if (lost > 0) {
            Log.error(
                    Home.loader(),
                    "@NotifyOnFailure: the JVM ends, and " + lost + " events are lost, as there was no room for them",
                    null);
            tellDropped(open, lost);
            long until = time.nanoTime() + COUNT_NANOS;
            Unkept counts = unkept;
            while (counts != null && time.nanoTime() - until < 0 && !counts.rests()) {
                time.sleep(LOOK_NANOS);
            }
        }
        if (open != null && open.close()) {
            office = null;
        }
    }

    private static boolean keeps(@Nullable Office open, Entry left) {
        if (open == null) {
            return false;
        }
        try {
            open.append(left.millis(), left.channels(), left.event());
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    /** At the very end, by who has failed: his event outlives the process then, if it can be written in time. */
    private void awaitWritten(Thread thread) {
        long begun = time.nanoTime();
        long until = begun + patience.get();
        while (!(intake.isEmpty() && !busy) && time.nanoTime() - until < 0) {
            LockSupport.unpark(thread);
            LockSupport.parkNanos(this, TimeUnit.MICROSECONDS.toNanos(200));
        }
        patience.addAndGet(begun - time.nanoTime());
    }

    private boolean rests() {
        Office open = office;
        Unkept beside = unkept;
        return intake.isEmpty() && !busy && (open == null || open.rests()) && (beside == null || beside.rests());
    }
}
