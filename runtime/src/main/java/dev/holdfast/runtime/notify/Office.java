package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.channel.SenderThreads;
import dev.holdfast.runtime.notify.event.Scrubber;
import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.Journal;
import dev.holdfast.runtime.notify.journal.ProcessFolder;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.WallClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The journal of this process, the dead letters in it, and the deliveries that read it. Takes over what ended processes of the same
 * application have left. Thread-safe.
 */
final class Office implements Delivery.Desk {

    private static final long MOST_BYTES = 64L << 20;
    private static final long MOST_DEAD_BYTES = 16L << 20;
    private static final int MOST_WHY = 1_000;
    private static final long START_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String application;
    private final Path folder;
    private final ProcessFolder own;
    private final Journal journal;
    private final Addresses addresses;
    private final EventMaker maker;
    private final Time time;
    private final Pace burials;
    private final Pace faults;

    /** What is not taken over yet. Used by who has the turn. */
    private final List<Adoption> adoptions = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();

    /** Those that have no thread yet, as there was none to be had. Written with the lock. */
    private final Map<String, Delivery> unstarted = new ConcurrentHashMap<>();

    /** Used by who has the turn. */
    private long startNotBefore;

    /** Guarded by the lock; null as long as nothing is dead. */
    private @Nullable Journal dead;

    private Office(
            String application, Path folder, ProcessFolder own, Addresses addresses, EventMaker maker, Time time) {
        this.application = application;
        this.folder = folder;
        this.own = own;
        this.journal = new Journal(own.path(), new Ground(own, false), MOST_BYTES);
        this.addresses = addresses;
        this.maker = maker;
        this.time = time;
        this.burials = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
        this.faults = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
        this.startNotBefore = time.nanoTime();
    }

    /** The folder of this process, or that of its dead letters. */
    private record Ground(ProcessFolder own, boolean isOfDead) implements Journal.Ground {

        @Override
        public boolean isGone() {
            return own.isGone() || (isOfDead && !Files.isDirectory(ProcessFolder.dead(own.path())));
        }

        @Override
        public void restore() throws IOException {
            own.restore();
            if (isOfDead) {
                own.makeDead();
            }
            Log.warn(
                    Home.loader(),
                    "somebody has deleted files in " + own.path()
                            + ", where events are kept until they are delivered; they"
                            + " would be lost if this process ended now; set " + Keys.JOURNAL
                            + " to a folder that nobody clears",
                    null);
        }
    }

    /**
     * Opens it; what was left is taken over by {@link #adopt}.
     *
     * @param base of the journals of all applications
     * @throws IOException if there is no place to write
     */
    static Office open(Path base, String application, Addresses addresses, EventMaker maker, Time time)
            throws IOException {
        String name = folderName(WallClock.millis(), ProcessHandle.current().pid());
        ProcessFolder.Claimed claimed = ProcessFolder.claim(base, application, name);
        Path folder = claimed.own().path().toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(claimed.own().path() + " has no folder around it");
        }
        Office office = new Office(application, folder, claimed.own(), addresses, maker, time);
        claimed.left().forEach(left -> office.adoptions.add(new Adoption(left)));
        if (!claimed.barred().isEmpty()) {
            Log.warn(
                    Home.loader(),
                    "what is in " + claimed.barred()
                            + " is not taken over, as this user may not lock it; give it to the user of this process, or delete it",
                    null);
        }
        return office;
    }

    /** Names sort by time, so they have the same digits whatever the language of the process is. */
    static String folderName(long millis, long pid) {
        return String.format(Locale.ROOT, "%015d-%d", millis, pid);
    }

    /**
     * Goes on with taking over what ended processes have left. By who has the turn.
     *
     * @param goesOn whether there is time for more
     * @return whether there is room for more
     */
    boolean adopt(BooleanSupplier goesOn) {
        for (Iterator<Adoption> all = adoptions.iterator(); all.hasNext(); ) {
            Adoption one = all.next();
            try {
                if (!one.carryOver(new Estate(), goesOn)) {
                    return true;
                }
                all.remove();
                one.strange().forEach(this::tellStrange);
            } catch (IOException | RuntimeException full) {
                if (faults.admit(time.nanoTime()) != Pace.LEFT_OUT) {
                    Log.warn(Home.loader(), "cannot take over the events in " + one + ", and tries again soon", full);
                }
                return false;
            }
        }
        return true;
    }

    /** Whether something is still to be taken over. By who has the turn. */
    boolean isAdopting() {
        return !adoptions.isEmpty();
    }

    private void tellStrange(String channel) {
        Log.warn(
                Home.loader(),
                "what an earlier process has left for the channel " + channel
                        + ", which has no address here, is kept with the dead letters in " + own.path()
                        + "; set holdfast.channel." + channel
                        + ", and give it back with: java -jar holdfast-agent.jar journal " + own.path() + " resend",
                null);
    }

    /** What an ended process has left, as it is taken over. */
    private final class Estate implements Adoption.Heir {

        private boolean isBurying;

        /** It was not meant for the log; so what is for a channel that is not known here does not end there. */
        @Override
        public void take(Entry entry, Set<String> strange) throws IOException {
            List<String> known =
                    entry.channels().stream().filter(addresses::isKnown).toList();
            if (!known.isEmpty()) {
                append(entry.millis(), known, entry.event());
            }
            for (String channel : entry.channels()) {
                if (!addresses.isKnown(channel)) {
                    strange.add(channel);
                    bury(entry, List.of(channel), "no channel of that name has an address");
                }
            }
        }

        @Override
        public void takeDead(Entry entry) throws IOException {
            bury(entry, entry.channels(), entry.note());
        }

        private void bury(Entry entry, List<String> channels, String why) throws IOException {
            isBurying = true;
            dead().append(entry.millis(), channels, why, entry.event());
        }

        @Override
        public void tellDamaged(long count) throws IOException {
            tellDropped(addresses.usual(), count);
        }

        @Override
        public void force() throws IOException {
            journal.force();
            if (isBurying) {
                dead().force();
            }
        }
    }

    @Override
    public String application() {
        return application;
    }

    /**
     * Takes an event. When it returns, the event outlives this process.
     *
     * @throws IOException if there is no room for it
     */
    void append(long millis, List<String> channels, String event) throws IOException {
        for (String channel : channels) {
            require(channel);
        }
        journal.append(millis, channels, "", event);
    }

    private void require(String channel) throws IOException {
        if (deliveries.containsKey(channel)) {
            return;
        }
        lock.lock();
        try {
            if (!deliveries.containsKey(channel)) {
                Delivery delivery = Delivery.of(
                        channel, this, journal.reader(channel), addresses, new Kinds(folder, channel), time);
                deliveries.put(channel, delivery);
                unstarted.put(channel, delivery);
                start(channel, delivery);
            }
        } finally {
            lock.unlock();
        }
    }

    private void start(String channel, Delivery delivery) {
        try {
            SenderThreads.daemon(delivery, channel).start();
            unstarted.remove(channel);
        } catch (OutOfMemoryError noThread) {
            if (faults.admit(time.nanoTime()) != Pace.LEFT_OUT) {
                Log.warn(
                        Home.loader(),
                        "the channel " + channel + " gets no thread, its events wait on disk until there is one",
                        noThread);
            }
        }
    }

    /** Whether a channel has no thread yet. */
    boolean lacksThreads() {
        return !unstarted.isEmpty();
    }

    /** Starts what could not be started, at most once in a second. By who has the turn. */
    void startAgain() {
        if (unstarted.isEmpty() || time.nanoTime() - startNotBefore < 0) {
            return;
        }
        startNotBefore = time.nanoTime() + START_AGAIN_NANOS;
        lock.lock();
        try {
            Map.copyOf(unstarted).forEach(this::start);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void tellDropped(List<String> channels, long count) throws IOException {
        append(WallClock.millis(), channels, maker.dropped(count));
    }

    /** To everybody who was ever told anything, or else to whom it would be. */
    private void tellDropped(long count) throws IOException {
        tellDropped(deliveries.isEmpty() ? addresses.usual() : List.copyOf(deliveries.keySet()), count);
    }

    /** Who was ever told anything. */
    Set<String> told() {
        return deliveries.keySet();
    }

    /** Makes what was taken outlive a loss of power, and tells the channels that there is something. */
    void handOn() throws IOException {
        try {
            journal.force();
        } finally {
            deliveries.values().forEach(Delivery::signal);
        }
    }

    @Override
    public void bury(Entry entry, String channel, String said) throws IOException {
        String why = Scrubber.cut(said, MOST_WHY); // of any length, where it comes from a channel of the application's
        Journal buried = dead();
        buried.append(entry.millis(), List.of(channel), why, entry.event());
        buried.force();
        long lost = buried.takeLostUnread();
        if (lost > 0) {
            tellDropped(lost);
        }
        if (burials.admit(time.nanoTime()) != Pace.LEFT_OUT) {
            Log.warn(
                    Home.loader(),
                    "the channel " + channel + " refuses an event for good, which is kept in "
                            + ProcessFolder.dead(own.path()) + ": " + why,
                    null);
        }
    }

    private Journal dead() throws IOException {
        lock.lock();
        try {
            Journal present = dead;
            if (present == null) {
                present = new Journal(own.makeDead(), new Ground(own, true), MOST_DEAD_BYTES);
                dead = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    /** Whether all that can be handed over just now is. */
    boolean rests() {
        return journal.isDone() || deliveries.values().stream().allMatch(Delivery::rests);
    }

    /**
     * Ends it: what is not handed over stays for the next process. Then nothing is closed, as the application may fail in what it does at its
     * own end; the system closes files and lets go of the lock.
     *
     * @return whether there was nothing to stay, and it is gone: what comes now is for another one
     */
    boolean close() throws IOException {
        Journal buried;
        lock.lock();
        try {
            buried = dead;
        } finally {
            lock.unlock();
        }
        journal.force();
        if (buried == null && journal.isDone()) {
            deliveries.values().forEach(Delivery::end);
            journal.close();
            own.delete();
            return true;
        }
        return false;
    }
}
