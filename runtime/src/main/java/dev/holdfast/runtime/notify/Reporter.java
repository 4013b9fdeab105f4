package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.channel.SenderThreads;
import dev.holdfast.runtime.notify.event.ArgumentText;
import dev.holdfast.runtime.notify.event.Event;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
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
    private static final long DROPPED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** With the rest of the JVM's end, on a machine that is busy, less than 2 s. */
    private static final long END_NANOS = TimeUnit.MILLISECONDS.toNanos(1_300);

    private final Time time;
    private final Supplier<Settings> settings;
    private final Addresses addresses;
    private final Intake intake = new Intake();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Pace faults;
    private final Pace templates;

    private volatile @Nullable Office office;
    private volatile boolean busy = true;
    private volatile boolean ending;

    // Used by the thread alone.
    private final Inquiry inquiry = new Inquiry();
    private @Nullable EventMaker maker;
    private long officeNotBefore;
    private long droppedNotBefore;

    Reporter(Time time, Supplier<Settings> settings) {
        this.time = time;
        this.settings = settings;
        this.addresses = new Addresses(settings);
        this.faults = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
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
            Thread thread = SenderThreads.daemon(this::run, "events");
            try {
                Runtime.getRuntime().addShutdownHook(SenderThreads.daemon(() -> end(thread), "end"));
                thread.start();
            } catch (IllegalStateException ends) {
                Log.debug(loader, "the JVM ends, and tells of no failures any more", ends);
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
            busy = true;
            boolean did = round();
            busy = false;
            if (did) {
                idleSince = time.nanoTime();
            } else if (time.nanoTime() - idleSince < AWAKE_NANOS || office == null) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            } else {
                intake.sleep();
                idleSince = time.nanoTime();
            }
        }
    }

    /** @return whether there was anything to do */
    private boolean round() {
        Office open = open();
        int taken = 0;
        try {
            if (open == null) {
                return false; // failures wait in the queue, until there is a place for them
            }
            for (Captured next = intake.next(); next != null; next = intake.next()) {
                write(open, next);
                if (++taken == ROUND) {
                    break;
                }
            }
            tellDropped(open);
            if (taken > 0) {
                open.handOn();
            }
        } catch (Throwable broken) {
            complain("the events cannot be handed on just now: " + broken, broken);
        }
        return taken > 0;
    }

    private void write(Office open, Captured captured) {
        try {
            EventMaker makes = maker;
            if (makes == null) {
                throw new IllegalStateException("not open");
            }
            String event = makes.failed(
                    captured, Facts.of(captured.failure(), inquiry), message(captured), arguments(captured));
            open.append(captured.millis(), captured.channels(), event);
        } catch (IOException full) {
            intake.drop();
            complain("an event cannot be kept, and is lost: " + full, full);
        } catch (Throwable broken) { // no memory, say
            intake.drop();
            complain("an event cannot be made of a failure, and is lost: " + broken, broken);
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
                        later.getClass(),
                        () -> ArgumentText.raw(later),
                        later.getClass().getTypeName());
            }
            arguments.add(new Event.Argument(
                    argument.name(), argument.type(), raw == null ? null : ArgumentText.finished(raw)));
        }
        return arguments;
    }

    private void tellDropped(Office open) {
        if (!ending && time.nanoTime() - droppedNotBefore < 0) {
            return;
        }
        long dropped = intake.takeDropped();
        if (dropped == 0) {
            return;
        }
        droppedNotBefore = time.nanoTime() + DROPPED_EVERY_NANOS;
        try {
            open.tellDropped(dropped);
            open.handOn();
        } catch (IOException full) {
            intake.putBack(dropped);
            complain("there is no room to tell that " + dropped + " events are lost: " + full, full);
        }
    }

    private @Nullable Office open() {
        Office present = office;
        if (present != null || time.nanoTime() - officeNotBefore < 0) {
            return present;
        }
        String application = application();
        Path base = base();
        try {
            EventMaker makes = new EventMaker(application);
            Office opened = Office.open(base, application, addresses, makes, time);
            maker = makes;
            office = opened;
            return opened;
        } catch (IOException | RuntimeException | Error unwritable) {
            officeNotBefore = time.nanoTime() + AGAIN_NANOS;
            complain(
                    "no journal can be kept in " + base + ", and failures are not told until it can: " + unwritable
                            + "; set " + Keys.JOURNAL + " to a folder that can be written",
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
        return given == null || given.isEmpty() ? application(System.getProperty("sun.java.command", "")) : given;
    }

    /** What was started: the main class, or the file name of the jar. */
    static String application(String command) {
        String started = command.strip();
        int space = started.indexOf(' ');
        if (space > 0) {
            started = started.substring(0, space);
        }
        // A jar's folder, or the module of a class.
        started = started.substring(Math.max(started.lastIndexOf('/'), started.lastIndexOf('\\')) + 1);
        return started.isEmpty() ? "java" : started;
    }

    /** At the end of the JVM: hands over what it can in a short time. */
    private void end(Thread thread) {
        ending = true;
        long deadline = time.nanoTime() + END_NANOS;
        try {
            while (time.nanoTime() - deadline < 0 && !rests()) {
                LockSupport.unpark(thread);
                time.sleep(LOOK_NANOS);
            }
            Office open = office;
            if (open == null && !intake.isEmpty()) {
                complain(
                        "the JVM ends, and there was never a place to keep its last failures", new IOException("lost"));
            }
            if (open != null) {
                // What is still in the queue can only be counted.
                long lost = intake.takeDropped();
                while (intake.next() != null) {
                    lost++;
                }
                if (lost > 0) {
                    open.tellDropped(lost);
                }
                open.close();
            }
        } catch (InterruptedException | IOException | RuntimeException left) {
            Log.debug(Home.loader(), "what is not told yet stays for the next process", left);
        }
    }

    private boolean rests() {
        Office open = office;
        return open == null ? intake.isEmpty() : intake.isEmpty() && !busy && open.rests();
    }
}
