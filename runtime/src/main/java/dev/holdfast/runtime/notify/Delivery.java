package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.notify.channel.Channel;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.channel.Letter;
import dev.holdfast.runtime.notify.event.EventText;
import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.Unread;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.WallClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Hands the events of the journal over to one channel, in order, each until it is taken or refused for good: then it is a dead letter, and the
 * next one goes. People get letters instead, see {@link Digest}.
 *
 * <p>{@link #step} does one thing and says when it wants to go on; {@link #run} does so for ever, on the channel's own thread. A step
 * may block for as long as the channel does, and nobody else waits for it.
 */
final class Delivery implements Runnable {

    /** Until there is something new. */
    static final long FOREVER = Long.MAX_VALUE;

    private static final long DISK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST_READ = 256;

    /** What it turns to with what it cannot hand over. */
    interface Desk {

        /** What the application is called. */
        String application();

        /** Keeps an event that a channel will never take. */
        void bury(Entry entry, String channel, String why) throws IOException;

        /** Takes an event that tells how many others were lost. */
        void tellDropped(List<String> channels, long count) throws IOException;
    }

    /** Where the channels are now. */
    interface Ways {

        /** The address of a channel; to be compared with what it was. */
        String of(String name);

        /** Makes the channel of an address. Connects to nothing yet. */
        Opened open(String name, String uri);

        /** How often people are told. */
        long digestMillis();
    }

    /** A channel that can be used, and whether people read it. */
    record Opened(Channel channel, boolean isForPeople) {}

    private final String name;
    private final Desk office;
    private final Unread reader;
    private final Ways addresses;
    private final Time time;
    private final LongSupplier millis;
    private final Line line;
    private final Pace diskFaults;

    private @Nullable String address;
    private boolean isForPeople;
    private final List<Entry> batch = new ArrayList<>();
    private long lost;

    /** Why the first one of the batch will never be taken; null if nobody knows of that. */
    private @Nullable String refusal;

    private final Digest digest = new Digest();
    private final Kinds kinds;
    private @Nullable Letter atOnce;
    private @Nullable Entry atOnceEntry;

    /** The last of each kind that waits for the digest: dead letters, should that be refused. */
    private final Map<String, Entry> inDigest = new LinkedHashMap<>();

    private long taken;

    private volatile boolean signalled = true;
    private volatile boolean rests;
    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    Delivery(
            String name,
            Desk office,
            Unread reader,
            Ways addresses,
            Kinds kinds,
            Time time,
            LongSupplier millis,
            LongUnaryOperator random) {
        this.name = name;
        this.office = office;
        this.reader = reader;
        this.addresses = addresses;
        this.kinds = kinds;
        this.time = time;
        this.millis = millis;
        this.line = new Line(name, time, random);
        this.diskFaults = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
        digest.know(kinds.read());
    }

    /** By the JVM's clock, with chance. */
    static Delivery of(String name, Desk office, Unread reader, Addresses addresses, Kinds kinds, Time time) {
        LongUnaryOperator random =
                bound -> java.util.concurrent.ThreadLocalRandom.current().nextLong(bound);
        return new Delivery(name, office, reader, addresses, kinds, time, WallClock::millis, random);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!ended) {
            Thread.interrupted(); // by nobody who may
            signalled = false;
            long wait;
            try {
                wait = step();
            } catch (Throwable noMemory) {
                wait = DISK_NANOS; // not even enough to say so; it goes on when there is some
            }
            if (wait > 0) {
                rests = true;
                if (!signalled) {
                    // A change of the configuration is seen by looking.
                    LockSupport.parkNanos(this, Math.min(wait, LOOK_NANOS));
                }
                rests = false;
            }
        }
    }

    /** There is something new in the journal. By any thread. */
    void signal() {
        signalled = true;
        Thread sleeping = thread;
        if (rests && sleeping != null) {
            LockSupport.unpark(sleeping);
        }
    }

    /** Whether it waits for something that does not come of itself at once. */
    boolean rests() {
        return (rests && !signalled) || line.isDown();
    }

    /** The journal is closed: what goes wrong with it from now on is nobody's business. By any thread. */
    void end() {
        ended = true;
    }

    /**
     * Does the next thing.
     *
     * @return how long it has nothing to do, in nanoseconds; 0 if it wants to go on
     */
    long step() {
        try {
            follow();
            long wait = line.waitNanos();
            if (wait > 0) {
                return wait;
            }
            tellLost();
            return isForPeople ? toPeople() : toMachine();
        } catch (IOException disk) {
            tell("the journal cannot be read or written just now: " + disk, disk);
            return DISK_NANOS;
        } catch (RuntimeException | Error broken) {
            tell("its events wait, as something went wrong: " + broken, broken);
            return DISK_NANOS;
        }
    }

    private void tell(String what, Throwable why) {
        if (!ended && diskFaults.admit(time.nanoTime()) != Pace.LEFT_OUT) {
            Log.error(Home.loader(), "the channel " + name + ": " + what, why);
        }
    }

    private void follow() {
        String now = addresses.of(name);
        if (!now.equals(address)) {
            Opened opened = addresses.open(name, now);
            line.use(opened.channel());
            if (isForPeople && !opened.isForPeople()) {
                forgetLetters();
            }
            isForPeople = opened.isForPeople();
            refusal = null; // the next one may like it
            address = now;
        }
    }

    /** No letters any more: each event that is in one, and all that wait for the digest, go by themselves. */
    private void forgetLetters() {
        reader.rewind();
        batch.clear();
        digest.sent();
        inDigest.clear();
        atOnce = null;
        atOnceEntry = null;
    }

    private void tellLost() {
        lost += reader.takeLost();
        if (lost > 0) {
            try {
                office.tellDropped(List.of(name), lost);
                lost = 0;
            } catch (IOException full) {
                // What waits goes first: to hand it over is what makes room.
                tell("it cannot be told just now that it has lost " + lost + " events: " + full, full);
            }
        }
    }

    private long toMachine() throws IOException {
        if (refusal != null) {
            buryFirst(refusal);
        }
        if (batch.isEmpty()) {
            batch.addAll(reader.read(line.most()));
            if (batch.isEmpty()) {
                return FOREVER;
            }
        }
        int count = Math.min(batch.size(), line.most());
        List<Letter> letters = new ArrayList<>(count);
        for (Entry entry : batch.subList(0, count)) {
            String id = EventText.read(entry.event()).get("id");
            letters.add(new Letter(id == null ? "unknown" : id, "", entry.event()));
        }
        Line.Sent sent = line.send(letters);
        refusal = sent.refusal();
        // Before that is buried, for which there may be no room: what was taken must not be sent again.
        done(sent.delivered());
        if (refusal != null) {
            buryFirst(refusal);
        }
        return line.waitNanos();
    }

    private void buryFirst(String why) throws IOException {
        office.bury(batch.get(0), name, why);
        refusal = null;
        done(1);
    }

    /** With so many of the batch. */
    private void done(int count) throws IOException {
        if (count > 0) {
            long last = batch.get(count - 1).number();
            batch.subList(0, count).clear();
            reader.done(last);
        }
    }

    private long toPeople() throws IOException {
        long interval = addresses.digestMillis();
        if (atOnce == null) {
            takeAll(interval);
        }
        Letter letter = atOnce;
        if (letter != null) {
            Line.Sent sent = line.send(List.of(signed(letter)));
            if (sent.delivered() == 0 && sent.refusal() == null) {
                return line.waitNanos();
            }
            if (sent.refusal() != null && atOnceEntry != null) {
                office.bury(atOnceEntry, name, sent.refusal());
            }
            atOnce = null;
            atOnceEntry = null;
            finish();
            return 0;
        }
        long wait = digest.waitMillis(millis.getAsLong(), interval);
        if (wait != 0) {
            return wait < 0 ? FOREVER : TimeUnit.MILLISECONDS.toNanos(wait);
        }
        Letter all = digest.letter();
        Line.Sent sent = line.send(List.of(signed(all)));
        if (sent.delivered() == 0 && sent.refusal() == null) {
            return line.waitNanos();
        }
        if (sent.refusal() != null) {
            for (Entry last : inDigest.values()) {
                office.bury(last, name, sent.refusal() + ", with a digest of " + all.title());
            }
        }
        digest.sent();
        inDigest.clear();
        finish();
        return 0;
    }

    private Letter signed(Letter letter) {
        return new Letter(letter.id(), "[" + office.application() + "] " + letter.title(), letter.text());
    }

    /** Reads on until there is something to be told at once, or nothing more. */
    private void takeAll(long interval) throws IOException {
        while (atOnce == null) {
            if (batch.isEmpty()) {
                batch.addAll(reader.read(MOST_READ));
                if (batch.isEmpty()) {
                    return;
                }
            }
            Entry entry = batch.remove(0);
            taken = entry.number();
            Map<String, String> values = EventText.read(entry.event());
            atOnce = digest.take(values, values.getOrDefault("id", "unknown"), millis.getAsLong(), interval);
            if (atOnce != null) {
                atOnceEntry = entry;
            } else {
                String kind = Digest.kind(values);
                if (inDigest.size() < Digest.MOST_GROUPS || inDigest.containsKey(kind)) {
                    inDigest.put(kind, entry);
                }
            }
        }
    }

    /** What is told at once is not done before what waits for the digest is, as it lies behind that in the journal. */
    private void finish() throws IOException {
        kinds.write(digest.known());
        if (!digest.waits()) {
            reader.done(taken);
        }
    }
}
