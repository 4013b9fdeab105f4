package dev.holdfast.runtime.settings;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.DaemonThreads;
import dev.holdfast.runtime.time.Time;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the file of the configuration and hands over new settings, whole or not at all: a content with a fault changes nothing,
 * and what is wrong is told once.
 *
 * <p>It reads the file every second, for modification times can repeat and lie, and the file is small. A content counts once it
 * has been seen twice in a row: so a file that is being written, that is gone for a moment, or that an editor replaces, is no
 * content. A change applies 1 to 2 seconds after it was made.
 *
 * <p>Has a thread of its own, not the timer's: a disk or a network that does not answer must not hold up anybody's timeout, and
 * whoever is handed the settings may take his time. That thread is the only one that touches the state here.
 */
public final class SettingsWatch {

    private static final long EVERY_NANOS = 1_000_000_000;

    /** After so many looks a file that is gone is no file that is being replaced. */
    private static final int GONE_FOR_GOOD = 5;

    private final Time time;
    private final File path;
    private final Consumer<Settings> changed;
    private final Thread thread;

    private Settings current;

    /** The content that was last judged, good or faulty. */
    private byte[] judged;

    /** A content that was seen once; null if there is none. */
    private byte @Nullable [] unsettled;

    private int timesGone;
    private volatile boolean stopped;

    private SettingsWatch(Time time, Settings settings, ConfigFile file, Consumer<Settings> changed) {
        this.time = time;
        this.path = file.path();
        this.changed = changed;
        this.current = settings;
        this.judged = file.bytes();
        this.thread = DaemonThreads.unstarted("holdfast-config", new Watch());
    }

    /**
     * Starts a watch over the file of these settings.
     *
     * @param changed is given the new settings, one after the other, on the watch's thread; throws IllegalArgumentException with what is
     *     wrong to refuse them
     * @return null if there is no file to watch
     */
    public static @Nullable SettingsWatch start(Time time, Settings settings, Consumer<Settings> changed) {
        SettingsWatch watch = over(time, settings, changed);
        if (watch != null) {
            watch.thread.start();
        }
        return watch;
    }

    static @Nullable SettingsWatch over(Time time, Settings settings, Consumer<Settings> changed) {
        ConfigFile file = settings.file();
        return file == null ? null : new SettingsWatch(time, settings, file, changed);
    }

    /** Ends it. Settings that are just being handed over may still arrive. */
    public void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** Looks once. */
    void look() {
        byte[] seen;
        try {
            seen = ConfigFile.bytes(path);
        } catch (IOException gone) {
            unsettled = null;
            if (++timesGone == GONE_FOR_GOOD) {
                Log.warn(
                        loader(),
                        path + " can no longer be read: " + gone.getMessage() + "; its last content stays in force",
                        null);
            }
            return;
        }
        timesGone = 0;
        if (Arrays.equals(seen, judged)) {
            unsettled = null;
        } else if (!Arrays.equals(seen, unsettled)) {
            unsettled = seen;
        } else {
            byte[] before = judged;
            judged = seen;
            unsettled = null;
            try {
                judge(seen);
            } catch (VirtualMachineError passes) {
                judged = before; // some methods may go by it and some not, so it is tried again
                throw passes;
            }
        }
    }

    private void judge(byte[] bytes) {
        ConfigFile file;
        try {
            file = ConfigFile.of(path, bytes);
        } catch (IllegalArgumentException unreadable) {
            refuse("It " + unreadable.getMessage());
            return;
        }
        Settings next;
        try {
            next = current.reread(file);
        } catch (IllegalArgumentException faulty) {
            refuse(faulty.getMessage());
            return;
        }
        try {
            changed.accept(next);
        } catch (IllegalArgumentException faulty) {
            refuse(faulty.getMessage());
            return;
        } catch (VirtualMachineError passes) {
            throw passes;
        } catch (RuntimeException | Error failure) {
            Log.error(loader(), path + " was read but could not be applied", failure);
            return;
        }
        Settings last = current;
        current = next;
        tell(last, next, file);
    }

    private void refuse(@Nullable String why) {
        Log.error(loader(), path + " is not applied, all stays as it was. " + why, null);
    }

    private static void tell(Settings last, Settings next, ConfigFile file) {
        ConfigFile before = last.file();
        Set<String> keys = new TreeSet<>(before == null ? Set.of() : file.differsFrom(before));
        Set<String> later = new TreeSet<>();
        for (Key<?> key : Keys.ALL) {
            if (!key.live() && keys.remove(key.name()) && next.waiting().containsKey(key)) {
                later.add(key.name());
            }
        }
        if (!keys.isEmpty() || later.isEmpty()) {
            Log.info(
                    loader(),
                    file.path() + " has changed and is applied: " + (keys.isEmpty() ? "as it was" : keys),
                    null);
        }
        for (String warning : next.warnings()) {
            if (!last.warnings().contains(warning)) {
                Log.warn(loader(), warning, null);
            }
        }
        for (String key : later) {
            Log.warn(loader(), key + " has changed in " + file.path() + ", which counts at the next start", null);
        }
    }

    /** Where the application most likely has its logging. */
    private static ClassLoader loader() {
        return ClassLoader.getSystemClassLoader();
    }

    private final class Watch implements Runnable {

        @Override
        public void run() {
            while (!stopped) {
                try {
                    time.sleep(EVERY_NANOS);
                    look();
                } catch (InterruptedException stop) {
                    return;
                } catch (RuntimeException | Error failure) {
                    Log.error(loader(), "the watch over " + path + " stumbled and goes on", failure);
                }
            }
        }
    }
}
