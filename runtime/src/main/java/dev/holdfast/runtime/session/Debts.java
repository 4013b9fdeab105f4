package dev.holdfast.runtime.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.RedisStore;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.SessionStore;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import dev.holdfast.runtime.time.DaemonThreads;
import dev.holdfast.runtime.time.Time;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this node owes to Redis, session by session, while methods go on without it. Paid by a worker as soon as Redis answers, and by whoever asks
 * for the session before. Kept for {@value #MOST_MINUTES} minutes: Redis remembers for an hour which sessions were ended, and who pays later
 * than that could bring one back. That a session is to be ended is kept for as long as it could live: who has logged out stays so, however long Redis is away.
 *
 * <p>Thread-safe.
 */
final class Debts {

    static final int MOST_MINUTES = 30;

    /** Beyond, methods do as if there was nothing that they could go on with. */
    private static final int MOST = 10_000;

    /** So long a Redis may hang, and do then what it was sent before. */
    private static final int MOST_UNHEARD_MINUTES = 2;

    /** In one line of the log. */
    private static final int MOST_NAMED = 5;

    private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(MOST_MINUTES);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** For changes that are under way, which wait for Redis themselves. */
    private static final long MOST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** To find out that Redis is away costs some microseconds for each: of the longest outage it takes a small part of a processor. */
    private static final long LOOK_NANOS_EACH = TimeUnit.MICROSECONDS.toNanos(100);

    /** How long the end of the JVM waits for Redis: together with what one that hangs may take, less than two seconds. */
    private static final long END_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);

    private static final long END_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    static {
        if (TimeUnit.MINUTES.toMillis(MOST_MINUTES) >= RedisStore.ENDED_MILLIS) {
            throw new AssertionError("debts outlive what is known of ended sessions");
        }
    }

    private final SessionStore store;
    private final NearCopies near;
    private final Time time;

    /** Not to be asked first whether it is empty: it counts what is in there after others can see it. */
    private final Map<SessionKey, Owed> owed = new ConcurrentHashMap<>();

    /** Sessions that were read while Redis was away: it is to hear that they were used. */
    private final Map<SessionKey, Lifetime> used = new ConcurrentHashMap<>();

    /** How many changes are on their way to Redis: what they leave there is not known yet. */
    private final Map<SessionKey, Integer> underWay = new ConcurrentHashMap<>();

    private final AtomicBoolean looking = new AtomicBoolean();

    private final Pace full;

    /** Of sessions of which nothing was owed then, the changes that may be stored, though their calls have failed. */
    private final Cache<SessionKey, Doubts> unheard;

    /** Of sessions that began here while Redis was away, and were found to be there when they were paid: which they are since. */
    private final Cache<Begun, Long> joined;

    private record Begun(SessionKey key, long generation) {}

    Debts(SessionStore store, NearCopies near, Time time) {
        this.store = store;
        this.near = near;
        this.time = time;
        this.full = new Pace(TimeUnit.MINUTES.toNanos(1), time.nanoTime());
        this.unheard = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .maximumSize(MOST)
                .expireAfterWrite(Duration.ofMinutes(MOST_UNHEARD_MINUTES))
                .build();
        this.joined = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .maximumSize(MOST)
                .expireAfterWrite(Duration.ofMinutes(MOST_MINUTES))
                .build();
    }

    /**
     * Pays what is owed of a session, before it is asked for.
     *
     * @param waits for other changes that are under way, should it have to be paid behind those: for who does not go by what is owed
     * @return null if nothing is owed now; else what this node goes by, as it cannot be paid yet
     */
    @Nullable
    Owed payOf(SessionKey key, boolean waits) {
        long sinceNanos = time.nanoTime();
        for (Owed one = owed.get(key); one != null; one = owed.get(key)) {
            try {
                if (pay(key, one)) {
                    return null;
                }
            } catch (StoreUnavailableException away) {
                return one;
            }
            if (!waits || !areThereThrough(key, sinceNanos)) {
                return one;
            }
        }
        return null;
    }

    private boolean areThereThrough(SessionKey key, long sinceNanos) {
        try {
            while (underWay.containsKey(key)) {
                if (time.nanoTime() - sinceNanos > MOST_WAIT_NANOS) {
                    return false;
                }
                time.sleep(WAIT_NANOS);
            }
            return true;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What is owed of it; null for nothing. It may be paid at any moment. */
    @Nullable
    Owed find(SessionKey key) {
        return owed.get(key);
    }

    /** Whether something is owed of it that changes are to be added to. */
    boolean owes(SessionKey key) {
        Owed one = owed.get(key);
        return one != null && !one.isPaid() && !one.isEmpty();
    }

    /**
     * Before a change is sent past what may be owed. To be followed by {@link #sent} when it is known what came of it, here too, whatever that is. Where something is
     * owed, changes are added to that and not sent, so that it need not wait for long.
     */
    void sends(SessionKey key) {
        underWay.merge(key, 1, Integer::sum);
    }

    void sent(SessionKey key) {
        underWay.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Takes note that a session of which nothing is owed was used while Redis was away. */
    void use(SessionKey key, Lifetime lifetime) {
        if (used.size() < MOST && used.put(key, lifetime) == null) {
            lookLater();
        }
    }

    private boolean isGivenUp(SessionKey key, Owed one) {
        if (one.isGivenUp(time.epochMillis())) {
            dropped(key, one, "its time is over");
            owed.remove(key, one);
            return true;
        }
        Snapshot view = one.view();
        if (view == null || !near.isEnded(key, view)) {
            return false;
        }
        Doubts left = one.giveUpEnded(time.epochMillis());
        if (left != null) { // others may be told of that before Redis answers this node again
            dropped(key, one, "others have ended it meanwhile");
            takeOut(key, one, left);
        }
        return true;
    }

    /** @return false if it has to wait for a change that is under way */
    private boolean pay(SessionKey key, Owed one) throws StoreUnavailableException {
        if (isGivenUp(key, one)) {
            return true;
        }
        if (one.isEmpty()) {
            takeOut(key, one, one.giveUpEmpty()); // who is about to add something makes another
            return true;
        }
        if (time.nanoTime() - one.sinceNanos() > MOST_NANOS && one.giveUpLate(time.epochMillis())) {
            dropped(key, one, "Redis was away for too long");
            if (one.isPaid()) {
                owed.remove(key, one);
                return true;
            }
        }
        SessionKey left = one.before();
        Owed before = left == null ? null : owed.get(left);
        if (left != null && before != null && !pay(left, before)) {
            return false; // else what may come late there would take the place of this
        }
        long paidNanos = time.nanoTime();
        Owed.Outcome outcome =
                one.pay(key, store, () -> underWay.containsKey(key), () -> noteStored(key, one, paidNanos));
        if (outcome == Owed.Outcome.LATER) {
            return false;
        }
        owed.remove(key, one);
        if (outcome != Owed.Outcome.NONE) {
            tellOf(outcome, key, one);
            lookAt(key, one);
        }
        return true;
    }

    private static void tellOf(Owed.Outcome outcome, SessionKey key, Owed one) {
        Set<String> refused = one.refused();
        if (!refused.isEmpty()) {
            warn(
                    one,
                    what(key) + " is dropped as far as it has to do with " + named(refused)
                            + ", which others have changed");
        } else if (outcome == Owed.Outcome.DROPPED) {
            dropped(key, one, "others have ended it meanwhile, or its time is over");
        }
    }

    private void noteStored(SessionKey key, Owed one, long paidNanos) {
        Known stored = one.stored();
        if (stored != null) {
            near.keep(key, stored, paidNanos);
        }
        if (one.became() != 0) {
            one.former().forEach(generation -> joined.put(new Begun(key, generation), one.became()));
        }
    }

    /** The same change, of the session that the one is by now with which its call has begun. */
    Change joined(SessionKey key, Change change) {
        Snapshot base = change.base();
        Long into = base == null || !base.isOwn() ? null : joined.getIfPresent(new Begun(key, base.generation()));
        return base == null || into == null ? change : change.basedOn(base.joined(into));
    }

    /** Whether that is still the session with which a call has begun. */
    boolean isSame(SessionKey key, Snapshot begun, Snapshot now) {
        Long into = joined.getIfPresent(new Begun(key, begun.generation()));
        return (into == null ? begun.generation() : into) == now.generation();
    }

    /** @param left what is still in doubt of it; null if it was not given up */
    private void takeOut(SessionKey key, Owed one, @Nullable Doubts left) {
        if (left != null) {
            owed.remove(key, one);
            if (!left.isEmpty()) {
                doubt(key, left);
            }
        }
    }

    /** To have a copy again, should Redis go away at once. */
    private void lookAt(SessionKey key, Owed paid) {
        NearCopies.Question question = near.ask(key);
        Snapshot found = null;
        boolean isKnown = false;
        try {
            found = store.read(key, null, paid.lifetime());
            isKnown = true;
        } catch (StoreUnavailableException again) {
            Log.debug(paid.loader(), paid.place() + ": there is no copy of " + key + ": " + again, again);
        } finally {
            question.answered(found, isKnown);
        }
    }

    private static String named(Set<String> names) {
        String some = names.stream().limit(MOST_NAMED).collect(Collectors.joining("\", \"", "\"", "\""));
        return names.size() > MOST_NAMED ? some + " and " + (names.size() - MOST_NAMED) + " more" : some;
    }

    private static void dropped(SessionKey key, Owed one, String reason) {
        warn(one, what(key) + " is dropped, as " + reason);
    }

    private static String what(SessionKey key) {
        return "what was done to " + key + " while Redis was away";
    }

    private static void warn(Owed one, String message) {
        Log.warn(one.loader(), one.place() + ": " + message, null);
    }

    /**
     * Takes a change that Redis did not take.
     *
     * @param given the change
     * @param away why it did not
     * @throws StoreUnavailableException if there is no room
     */
    Committed commit(SessionKey key, Change given, Terms terms, StoreUnavailableException away)
            throws StoreUnavailableException {
        Change change = joined(key, given);
        Snapshot base = change.base();
        if (base != null && near.isGone(key, base)) {
            return new Committed.Gone();
        }
        SessionKey renewed = change.renewed();
        Committed committed = add(key, change, terms, away);
        if (renewed == null || !(committed instanceof Committed.Stored stored)) {
            return committed;
        }
        // What Redis would do in one step is another session here, and the end of this one.
        Snapshot all = stored.snapshot();
        if (all == null) {
            throw new IllegalStateException("a change of this node's own gives no session");
        }
        Owed moved = new Owed(null, terms, time.nanoTime());
        Committed at = null;
        while (at == null) {
            Owed left = of(key, null, terms, away);
            at = moved.take(key, left, all, change, terms.lifetime(), time.epochMillis(), away.mayHaveDone());
            noteEnded(key, left);
        }
        owed.put(renewed, moved);
        return at;
    }

    private Committed add(SessionKey key, Change change, Terms terms, StoreUnavailableException away)
            throws StoreUnavailableException {
        while (true) {
            Owed one = of(key, change.base(), terms, away);
            Committed committed = one.add(change, terms.lifetime(), time.epochMillis(), away.mayHaveDone());
            if (committed != null) {
                noteEnded(key, one);
                return committed;
            }
        }
    }

    /**
     * Ends a session that Redis did not end.
     *
     * @param known what is known of it; null for nothing
     */
    void end(SessionKey key, @Nullable Snapshot known, Terms terms, StoreUnavailableException away)
            throws StoreUnavailableException {
        Owed one = of(key, known, terms, away);
        while (!one.end(time.epochMillis())) {
            Thread.onSpinWait(); // it was paid just now, and is about to be taken out
            one = of(key, known, terms, away);
        }
        noteEnded(key, one);
    }

    /** The store has ended it, and with it what has come to be owed while it did. */
    void ended(SessionKey key) {
        Owed one = owed.get(key);
        if (one != null) {
            takeOut(key, one, one.giveUpEnded(time.epochMillis()));
            noteEnded(key, one);
        }
    }

    private void noteEnded(SessionKey key, Owed one) {
        one.takeEnded().forEach(generation -> near.ended(key, generation));
    }

    private Owed of(SessionKey key, @Nullable Snapshot base, Terms terms, StoreUnavailableException away)
            throws StoreUnavailableException {
        Owed present = owed.get(key);
        if (present != null && !isGivenUp(key, present) && !present.isPaid()) {
            return present;
        }
        if (owed.size() >= MOST) {
            if (full.admit(time.nanoTime()) != Pace.LEFT_OUT) {
                Log.warn(
                        terms.loader(),
                        terms.place() + ": there is no room for changes of more than " + MOST
                                + " sessions while Redis is away, so calls that change others fail",
                        null);
            }
            throw away;
        }
        Owed made = owed.compute(
                key, (same, before) -> before != null && !before.isPaid() ? before : after(before, key, base, terms));
        learn(made, key, terms); // once more: whose change is stored from now on looks for what is owed
        takeUnheard(key, made);
        lookLater();
        return made;
    }

    private Owed after(@Nullable Owed paid, SessionKey key, @Nullable Snapshot base, Terms terms) {
        Known stored = paid == null ? null : paid.stored();
        Known known = base == null || base.isOwn() ? null : Known.of(base);
        Owed made = new Owed(stored == null ? known : stored, terms, time.nanoTime());
        learn(made, key, terms);
        return made;
    }

    /** Other calls may have changed it since the one began that finds Redis away. */
    private void learn(Owed one, SessionKey key, Terms terms) {
        NearCopies.Copy copy = near.find(key);
        if (copy != null && !copy.snapshot().isOver(terms.lifetime(), time.epochMillis())) {
            one.know(copy.known(), near.isAssured(copy));
        }
    }

    /** Takes note of a change that Redis was sent, and may store, though its call has failed: what is owed then, or later, shall not give way to it. */
    void doubt(SessionKey key, Change change) {
        Doubts one = new Doubts();
        one.add(change);
        doubt(key, one);
    }

    /** The same for the end of a session. */
    void doubtEnd(SessionKey key, long mark) {
        Doubts one = new Doubts();
        one.addEnd(mark);
        doubt(key, one);
    }

    private void doubt(SessionKey key, Doubts more) {
        unheard.asMap().merge(key, more, (before, added) -> {
            Doubts all = new Doubts();
            all.addAll(before);
            all.addAll(added);
            return all;
        });
        Owed one = owed.get(key);
        if (one != null) {
            takeUnheard(key, one);
        }
    }

    /** The same change, so that what was sent before, and may come to be stored later than this, does nothing then. */
    Change doubting(SessionKey key, Change change) {
        Set<Long> marks = doubtful(key);
        return marks.isEmpty() ? change : change.doubting(marks);
    }

    /** The marks of what was sent before, and may be stored now or later. */
    Set<Long> doubtful(SessionKey key) {
        Doubts failed = unheard.getIfPresent(key);
        Owed one = owed.get(key);
        if (failed == null && one == null) {
            return Set.of();
        }
        Set<Long> marks = new LinkedHashSet<>();
        if (failed != null) {
            marks.addAll(failed.marks());
        }
        if (one != null) {
            marks.addAll(one.doubtful());
        }
        return marks;
    }

    private void takeUnheard(SessionKey key, Owed one) {
        Doubts all = unheard.getIfPresent(key);
        if (all != null && one.doubt(all)) {
            unheard.asMap().remove(key, all);
        }
    }

    /**
     * Takes note of a change that Redis has taken, though others are owed already: they were sent at the same time.
     *
     * @return a conflict, if one of those has changed what this one wants to hear of: it will be paid upon this
     */
    Committed stored(SessionKey key, Committed.Stored stored, Change change, Lifetime lifetime) {
        Owed one = owed.get(key);
        String conflict = one == null ? null : one.stored(stored, change, lifetime, time.epochMillis());
        return conflict == null ? stored : new Committed.Conflicting(conflict);
    }

    private void lookLater() {
        if (looking.compareAndSet(false, true)) {
            time.scheduleWork(LOOK_NANOS + (owed.size() + used.size()) * LOOK_NANOS_EACH, this::look);
        }
    }

    private void look() {
        boolean away = true; // or else broken, which is no reason to pay nothing any more
        try {
            away = payAll();
            away |= tellUse();
        } finally {
            looking.set(false);
            if (away || !owed.isEmpty() || !used.isEmpty()) {
                lookLater();
            }
        }
    }

    /** @return whether something cannot be paid yet */
    private boolean payAll() {
        boolean away = false;
        for (Map.Entry<SessionKey, Owed> one : List.copyOf(owed.entrySet())) {
            try {
                away |= !pay(one.getKey(), one.getValue());
            } catch (StoreUnavailableException still) {
                away = true; // of a cluster the next one may be elsewhere
            } catch (RuntimeException broken) {
                owed.remove(one.getKey(), one.getValue()); // else it would fail for ever
                dropped(one.getKey(), one.getValue(), "it cannot be stored: " + broken);
            }
        }
        return away;
    }

    /** @return whether something cannot be told yet */
    private boolean tellUse() {
        boolean away = false;
        for (Map.Entry<SessionKey, Lifetime> one : List.copyOf(used.entrySet())) {
            NearCopies.Question question = near.ask(one.getKey());
            Snapshot found = null;
            boolean isKnown = false;
            try {
                found = store.read(one.getKey(), null, one.getValue());
                isKnown = true;
                used.remove(one.getKey());
            } catch (StoreUnavailableException still) {
                away = true; // of a cluster the next one may be elsewhere
            } finally {
                question.answered(found, isKnown);
            }
        }
        return away;
    }

    /** Pays what can be paid before the JVM ends, and says how much is lost. */
    void end() {
        if (owed.isEmpty()) {
            return;
        }
        Thread payer = DaemonThreads.unstarted("holdfast-sessions-end", this::payAtLast);
        payer.start();
        try {
            payer.join(TimeUnit.NANOSECONDS.toMillis(END_NANOS + GRACE_NANOS));
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        tellLost();
    }

    /** Redis may be back without that anybody has noticed yet. */
    void payAtLast() {
        long sinceNanos = time.nanoTime();
        try {
            while (payAll() && time.nanoTime() - sinceNanos < END_NANOS) {
                time.sleep(END_LOOK_NANOS);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    void tellLost() {
        int lost = owed.size();
        if (lost > 0) {
            Log.warn(
                    null,
                    "what was done to " + lost + (lost == 1 ? " session" : " sessions")
                            + " while Redis was away is lost, as the JVM ends before Redis is back",
                    null);
        }
    }
}
