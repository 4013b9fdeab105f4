package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.notify.channel.SenderThreads;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long DROPPED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

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
     */
    Intake begin(@Nullable ClassLoader loader) {
        addresses.see(loader);
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
            for (Captured next = intake.next(); next != null; next = intake.next()) {
                if (open == null) {
                    intake.drop();
                } else {
                    write(open, next);
                }
                if (++taken == ROUND) {
                    break;
                }
            }
            if (open != null) {
                tellDropped(open);
                if (taken > 0) {
                    open.handOn();
                }
            }
        } catch (Throwable broken) {
            complain("the events cannot be handed on just now: " + broken, broken);
        }
        return taken > 0;
    }

    private void write(Office open, Captured captured) {
        try {
            Throwable faulty = captured.templateFailure();
            if (faulty != null && templates.admit(time.nanoTime()) != Pace.LEFT_OUT) {
                Log.warn(
                        captured.teller().method().loader(),
                        captured.teller().method().place()
                                + ": the message of @NotifyOnFailure cannot be filled in, the failure's own is told",
                        faulty);
            }
            EventMaker makes = maker;
            if (makes == null) {
                throw new IllegalStateException("not open");
            }
            List<String> channels = captured.teller().channels();
            open.append(captured.millis(), channels.isEmpty() ? addresses.usual() : channels, makes.failed(captured));
        } catch (IOException full) {
            intake.drop();
            complain("an event cannot be kept, and is lost: " + full, full);
        } catch (Throwable broken) { // the failure's own methods may throw anything
            intake.drop();
            complain("an event cannot be made of a failure, and is lost: " + broken, broken);
        }
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
                    "no journal can be kept in " + base + ", and failures are not told: " + unwritable + "; set "
                            + Keys.JOURNAL + " to a folder that can be written",
                    unwritable);
            return null;
        }
    }

    private void complain(String what, Throwable why) {
        if (faults.admit(time.nanoTime()) != Pace.LEFT_OUT) {
            Log.error(ClassLoader.getSystemClassLoader(), "@NotifyOnFailure: " + what, why);
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
            if (open != null) {
                open.close();
            }
        } catch (InterruptedException | IOException | RuntimeException left) {
            Log.debug(ClassLoader.getSystemClassLoader(), "what is not told yet stays for the next process", left);
        }
    }

    private boolean rests() {
        Office open = office;
        return intake.isEmpty() && !busy && (open == null || open.rests());
    }
}
