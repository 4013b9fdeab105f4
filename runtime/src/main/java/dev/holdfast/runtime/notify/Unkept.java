package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.channel.SenderThreads;
import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.Unread;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands over from memory what cannot be kept on disk, be that full, or no place to write at all: a channel that is there is told all the same.
 * There is room for some; what does not fit, or is still there when the process is killed, is lost.
 *
 * <p>Thread-safe. Events are put in by one thread at a time.
 */
final class Unkept implements Delivery.Desk {

    /** For each channel: some megabytes at the most. */
    static final int MOST = 1_000;

    /** Counts of what was lost are told even then. */
    private static final int MOST_WITH_COUNTS = 2 * MOST;

    private final String application;
    private final Addresses addresses;
    private final Intake intake;
    private final Time time;
    private final Pace burials;
    private final Map<String, Waiting> channels = new ConcurrentHashMap<>();
    private long next = 1;

    /**
     * For an application.
     *
     * @param intake counts what is lost
     */
    Unkept(String application, Addresses addresses, Intake intake, Time time) {
        this.application = application;
        this.addresses = addresses;
        this.intake = intake;
        this.time = time;
        this.burials = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
    }

    /** What waits for one channel. */
    private static final class Waiting implements Unread {

        private final ReentrantLock lock = new ReentrantLock();

        /** What is not handed over, the first ones given out; guarded by the lock. */
        private final Deque<Entry> entries = new ArrayDeque<>();

        /** The number of the last one that was given out; guarded by the lock. */
        private long given;

        boolean offer(Entry entry, int most) {
            lock.lock();
            try {
                return entries.size() < most && entries.add(entry);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Entry> read(int most) {
            lock.lock();
            try {
                List<Entry> read = entries.stream()
                        .filter(entry -> entry.number() > given)
                        .limit(most)
                        .toList();
                given = read.isEmpty() ? given : read.get(read.size() - 1).number();
                return read;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void done(long number) {
            lock.lock();
            try {
                entries.removeIf(entry -> entry.number() <= number);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void rewind() {
            lock.lock();
            try {
                given = 0;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long takeLost() {
            return 0; // who puts in knows that there is no room
        }

        List<Entry> all() {
            lock.lock();
            try {
                return new ArrayList<>(entries);
            } finally {
                lock.unlock();
            }
        }
    }

    private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();

    /**
     * Takes an event.
     *
     * @return false if there is no more room for one of the channels; the others get it
     */
    boolean take(long millis, List<String> names, String event) {
        return take(new Entry(next++, millis, names, "", event), MOST);
    }

    /** Takes an event that counts others. */
    void takeCount(long millis, List<String> names, String event) {
        if (!take(new Entry(next++, millis, names, "", event), MOST_WITH_COUNTS)) {
            Log.debug(Home.loader(), "there is no room to count what is lost, for one of " + names, null);
        }
    }

    private boolean take(Entry entry, int most) {
        boolean all = true;
        for (String name : entry.channels()) {
            Waiting waiting = channels.computeIfAbsent(name, unknown -> new Waiting());
            all &= waiting.offer(entry, most);
            signal(name, waiting);
        }
        return all;
    }

    private void signal(String name, Waiting waiting) {
        Delivery present = deliveries.get(name);
        if (present == null) {
            present = Delivery.of(name, this, waiting, addresses, Kinds.none(), time);
            try {
                SenderThreads.daemon(present, name).start();
            } catch (OutOfMemoryError noThread) {
                Log.debug(Home.loader(), "the channel " + name + " gets no thread", noThread);
                return; // the next event tries it again, and what waits goes with that
            }
            deliveries.put(name, present);
        }
        present.signal();
    }

    @Override
    public String application() {
        return application;
    }

    @Override
    public void bury(Entry entry, String channel, String why) {
        intake.drop();
        if (burials.admit(time.nanoTime()) != Pace.LEFT_OUT) {
            Log.warn(
                    Home.loader(),
                    "the channel " + channel + " refuses an event for good, which is lost, as it cannot be kept: "
                            + why,
                    null);
        }
    }

    @Override
    public void tellDropped(List<String> names, long count) {
        intake.putBack(count);
    }

    /** Who was ever told anything by this way. */
    Set<String> told() {
        return deliveries.keySet();
    }

    /** Whether all that can be handed over just now is. */
    boolean rests() {
        return deliveries.entrySet().stream().allMatch(one -> {
            Waiting waiting = channels.get(one.getKey());
            return waiting == null || waiting.all().isEmpty() || one.getValue().rests();
        });
    }

    /** What is not handed over, each with those of its channels that it is still for. */
    List<Entry> left() {
        Map<Long, Entry> left = new TreeMap<>();
        Map<Long, List<String>> names = new HashMap<>();
        channels.forEach((name, waiting) -> {
            for (Entry entry : waiting.all()) {
                left.put(entry.number(), entry);
                names.computeIfAbsent(entry.number(), unknown -> new ArrayList<>())
                        .add(name);
            }
        });
        return left.values().stream()
                .map(entry -> new Entry(
                        entry.number(),
                        entry.millis(),
                        names.getOrDefault(entry.number(), List.of()),
                        entry.note(),
                        entry.event()))
                .toList();
    }
}
