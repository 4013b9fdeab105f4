package dev.holdfast.runtime.session;

import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.RedisStore;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.SessionStore;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node owes to Redis of one session: what calls have done to it while Redis was away. It is paid once Redis is there, unless somebody
 * else has changed one of these values meanwhile, or has ended the session.
 *
 * <p>Thread-safe, by a lock that is held while it is paid: who wants the session then has to wait for what comes of that.
 */
final class Owed {

    /** What was sent before may still come to be stored, one after the other, while Redis wakes up. */
    private static final int MOST_LOOKS = 10;

    /** None is given twice. */
    private static final AtomicLong VERSIONS = new AtomicLong(Snapshot.OWN_VERSIONS);

    private final ReentrantLock lock = new ReentrantLock();

    /** The longest of those whose changes are owed. Written under the lock. */
    private volatile Lifetime lifetime;

    private final String place;
    private final @Nullable ClassLoader loader;
    private final long sinceNanos;

    /** What was known when Redis went away; null for nothing. */
    private @Nullable Known base;

    /** Whether that was so when Redis was heard of last. */
    private boolean assured;

    /** Of which generations calls have seen the session here, that is known to be of another one by now. */
    private final Set<Long> former = new LinkedHashSet<>();

    private final Doubts doubts = new Doubts();

    private final Delta delta = new Delta();

    /** As it is on this node; null for a session that was ended. */
    private @Nullable Snapshot view;

    /** Whether one that was there is to be ended. */
    private boolean ends;

    /** Whether it has another id now, under which it goes on. Written under the lock. */
    private boolean moves;

    /** The id that it had before it got this one here, under which it is to be ended first; null for none. */
    private @Nullable SessionKey before;

    /** The generations of the sessions that were ended here. */
    private final Set<Long> ended = new LinkedHashSet<>();

    /** When it was ended last, and until when it could live if it was not. */
    private long endedMillis;

    private long mightLiveUntilMillis;

    /** Written under the lock. */
    private volatile boolean paid;

    /** What others have changed, so that this and what belongs to it was not stored. Written under the lock. */
    private volatile Set<String> refused = Set.of();

    /** What is known to be in Redis since it was paid. Written under the lock. */
    private volatile @Nullable Known stored;

    /** Of which generation the session is that it was paid to. Written under the lock. */
    private volatile long became;

    /** What came of the payment. */
    enum Outcome {
        PAID,
        DROPPED,

        /** What is in its way may be a change of this node's own, of which it has not heard yet. */
        LATER,
        NONE
    }

    /**
     * Of nothing yet.
     *
     * @param base what is known of the session; null for nothing
     */
    Owed(@Nullable Known base, Terms terms, long nowNanos) {
        this.base = base;
        this.view = base == null ? null : base.snapshot();
        this.lifetime = terms.lifetime();
        this.place = terms.place();
        this.loader = terms.loader();
        this.sinceNanos = nowNanos;
    }

    Lifetime lifetime() {
        return lifetime;
    }

    String place() {
        return place;
    }

    @Nullable
    ClassLoader loader() {
        return loader;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    boolean isPaid() {
        return paid;
    }

    /** The names of what others have changed, so that this, and what the same calls have done besides, was not stored when it was paid. */
    Set<String> refused() {
        return refused;
    }

    /** Of which generation the session is in Redis since it was paid or dropped; 0 if that is not known. */
    long became() {
        return became;
    }

    /** Of which generations calls have seen it here, other than that one. */
    Set<Long> former() {
        lock.lock();
        try {
            Set<Long> all = new LinkedHashSet<>(former);
            if (view != null) {
                all.add(view.generation());
            }
            all.remove(became);
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** What is known to be in Redis since it was paid or dropped, be it all of the session or not; null if it was not, or nothing is known. */
    @Nullable
    Known stored() {
        return stored;
    }

    /**
     * Takes what else is known of the session on this node.
     *
     * @param isAssured whether it was so when Redis was heard of last
     */
    void know(Known known, boolean isAssured) {
        lock.lock();
        try {
            Known before = base;
            boolean isAnother = before != null && before.generation() != known.generation();
            if (paid || ends || (isAnother && !delta.isEmpty())) {
                return;
            }
            Known both = before == null || isAnother ? known : before.with(known);
            base = both;
            if (view != null && view.generation() != both.generation()) {
                former.add(view.generation());
            }
            view = changed(both.snapshot());
            boolean isThis = both.whole().version() == known.whole().version();
            assured = both.isWhole() && (isThis ? isAssured : assured);
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is owed: who has made this is about to add something, or was refused. */
    boolean isEmpty() {
        lock.lock();
        try {
            return !paid && !ends && delta.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes nothing any more, if nothing is owed.
     *
     * @return what was in doubt; null if there is something
     */
    @Nullable
    Doubts giveUpEmpty() {
        lock.lock();
        try {
            if (!isEmpty()) {
                return null;
            }
            paid = true;
            return doubts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes nothing any more, as the session was ended elsewhere.
     *
     * @return what was in doubt; null if it was paid already
     */
    @Nullable
    Doubts giveUpEnded(long nowMillis) {
        lock.lock();
        try {
            if (paid) {
                return null;
            }
            ends(nowMillis);
            paid = true;
            return doubts;
        } finally {
            lock.unlock();
        }
    }

    /** What is owed, done to what is known. */
    private Snapshot changed(Snapshot known) {
        Snapshot seen = view;
        if (delta.isEmpty()) {
            return known;
        }
        long version = seen == null ? VERSIONS.incrementAndGet() : seen.version();
        return new Change(known, delta.set(), delta.removed(), Set.of(), null)
                .after(version, known.generation(), known.createdMillis(), known.lastUsedMillis(), lifetime);
    }

    /**
     * Takes note of a change that Redis has taken, which was sent past what is owed.
     *
     * @return the name of what it has changed, and somebody who wants to hear of conflicts has read here without that: then that will be paid upon it; null for
     *     nothing: then what is owed gives way to it
     */
    @Nullable
    String stored(Committed.Stored taken, Change change, Lifetime by, long nowMillis) {
        lock.lock();
        try {
            String conflict = paid ? null : conflictWith(taken, change);
            Known before = base;
            boolean isThis = !ends && (before == null || before.generation() == taken.generation());
            if (!paid && isThis && conflict == null) {
                delta.giveWayTo(change, taken.version());
            }
            Snapshot all = taken.snapshot();
            if (all != null) {
                know(Known.of(all), true);
            } else if (isThis) {
                Known known = before == null ? Known.ofNothing(taken.generation(), nowMillis, by) : before;
                know(known.with(taken, change, by), true);
            }
            return conflict;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String conflictWith(Committed.Stored taken, Change change) {
        for (String name : change.guarded()) {
            boolean isChanged =
                    change.set().containsKey(name) || change.removed().contains(name);
            if (isChanged && delta.isBlind(name, taken.version(), change.mark())) {
                return name;
            }
        }
        return null;
    }

    /** Whether this node has ended it, and nobody has made another one here since. */
    boolean isEnded() {
        lock.lock();
        try {
            return ends && view == null;
        } finally {
            lock.unlock();
        }
    }

    /** The generations of the sessions that were ended here since it was asked before. */
    Set<Long> takeEnded() {
        lock.lock();
        try {
            Set<Long> taken = Set.copyOf(ended);
            ended.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** What this node goes by; null for none. */
    @Nullable
    Snapshot view() {
        lock.lock();
        try {
            return view;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the session is used. */
    void use(long nowMillis) {
        lock.lock();
        try {
            Snapshot used = view;
            if (used != null && used.lastUsedMillis() < nowMillis) {
                view = used.usedAt(nowMillis);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives it up if the session's time is over: nobody may see it any more, and nobody shall restore it.
     *
     * @return whether it was given up now
     */
    boolean isGivenUp(long nowMillis) {
        lock.lock();
        try {
            Snapshot one = view;
            if (paid || one == null || !one.isOver(lifetime, nowMillis)) {
                return false;
            }
            if (ends) {
                view = null; // that the one before it was ended is owed still
                delta.clear();
                return false;
            }
            paid = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives up what was done so long ago, but for the end of a session that could still live.
     *
     * @return whether something is given up now, of which the end may be left
     */
    boolean giveUpLate(long nowMillis) {
        lock.lock();
        try {
            boolean mayLive = ends && nowMillis < mightLiveUntilMillis;
            boolean has = !mayLive || view != null;
            if (has && !paid) {
                paid = !mayLive;
                view = null;
                delta.clear();
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** It could have lived for its age; for an hour at least, as Redis knows of ended sessions for that long. */
    private void ends(long nowMillis) {
        Snapshot known = base == null ? null : base.snapshot();
        Snapshot before = view == null ? known : view;
        if (known != null) {
            ended.add(known.generation());
        }
        if (before != null) {
            ended.add(before.generation());
        }
        ends = true;
        endedMillis = nowMillis;
        long ageUntil = (before == null ? nowMillis : before.createdMillis()) + lifetime.maxAgeMillis();
        mightLiveUntilMillis = Math.max(mightLiveUntilMillis, Math.max(ageUntil, nowMillis + RedisStore.ENDED_MILLIS));
        view = null;
        delta.clear();
    }

    /**
     * Adds a change, but not a new id.
     *
     * @param by how long it lives for who has made the change
     * @param mayBeStored whether Redis was asked to store it
     * @return null if it was paid already, and nothing can be added
     */
    @Nullable
    Committed add(Change change, Lifetime by, long nowMillis, boolean mayBeStored) {
        lock.lock();
        try {
            if (paid) {
                return null;
            }
            if (mayBeStored) {
                doubts.add(change);
            }
            Snapshot from = change.onto() == Change.Onto.REPLACES ? null : view;
            Snapshot began = change.base();
            if (began != null && (from == null || !isOf(began.generation(), from))) {
                return new Committed.Gone();
            }
            for (String name : change.guarded()) {
                if (Snapshot.differ(from, began, name)) {
                    return new Committed.Conflicting(name);
                }
            }
            lifetime = lifetime.or(by);
            if (change.onto() == Change.Onto.REPLACES) {
                ends(nowMillis);
            }
            Change onto = new Change(from, change.set(), change.removed(), Set.of(), null);
            Snapshot after = from == null
                    ? onto.after(
                            VERSIONS.incrementAndGet(),
                            change.generation(),
                            change.createdMillis() == 0 ? nowMillis : change.createdMillis(),
                            nowMillis,
                            lifetime)
                    : onto.after(
                            VERSIONS.incrementAndGet(), from.generation(), from.createdMillis(), nowMillis, lifetime);
            delta.add(change, base);
            view = after;
            return new Committed.Stored(after.version(), after.generation(), 0, after, true);
        } finally {
            lock.unlock();
        }
    }

    private boolean isOf(long generation, Snapshot session) {
        return generation == session.generation() || former.contains(generation);
    }

    /** The marks of what was sent to Redis, and may be stored. */
    Set<Long> doubtful() {
        lock.lock();
        try {
            return doubts.marks();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes changes that others have sent to Redis, which may be stored, though their calls have failed.
     *
     * @return false if it was paid already
     */
    boolean doubt(Doubts others) {
        lock.lock();
        try {
            doubts.addAll(others);
            return !paid;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the session from another id, under which it is owed and ends.
     *
     * @param change that gives it this id
     * @param mayBeStored whether Redis was asked to do that
     * @return null if it was paid there already
     */
    @Nullable
    Committed take(
            SessionKey left,
            Owed there,
            Snapshot all,
            Change change,
            Lifetime by,
            long nowMillis,
            boolean mayBeStored) {
        there.lock.lock();
        try {
            if (!there.end(nowMillis)) {
                return null;
            }
            there.moves = true;
            doubts.addAll(there.doubts);
        } finally {
            there.lock.unlock();
        }
        lock.lock();
        try {
            before = left;
            if (mayBeStored) {
                doubts.add(change);
            }
            return add(whole(all), by, nowMillis, mayBeStored);
        } finally {
            lock.unlock();
        }
    }

    /** The id that it had before it got this one here; null for none. */
    @Nullable
    SessionKey before() {
        return before;
    }

    /**
     * Ends the session.
     *
     * @return false if it was paid already
     */
    boolean end(long nowMillis) {
        lock.lock();
        try {
            if (paid) {
                return false;
            }
            ends(nowMillis);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Pays, unless that was done.
     *
     * @param isUnderWay whether this node has sent changes of which it does not know yet whether they are stored
     * @param noter notes what has become of it, before anybody can see that it is paid
     * @throws StoreUnavailableException if Redis is away still, and everything is owed
     */
    Outcome pay(SessionKey key, SessionStore store, BooleanSupplier isUnderWay, Runnable noter)
            throws StoreUnavailableException {
        lock.lock();
        try {
            if (paid) {
                return Outcome.NONE;
            }
            Outcome outcome = send(key, store, isUnderWay);
            noter.run();
            paid = outcome != Outcome.LATER;
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    private Outcome send(SessionKey key, SessionStore store, BooleanSupplier isUnderWay)
            throws StoreUnavailableException {
        if (ends && view == null) {
            end(key, store);
            return Outcome.PAID;
        }
        Set<String> foreign = new LinkedHashSet<>();
        Known from = ends ? null : base;
        Change change = ends ? replacing() : onto(from, delta);
        Committed committed = commit(key, change, store);
        for (int i = 0; i < MOST_LOOKS && committed instanceof Committed.Conflicting; i++) {
            if (isUnderWay.getAsBoolean()) {
                return Outcome.LATER;
            }
            Snapshot there = store.read(key, null, lifetime);
            if (there == null || !isSame(there)) {
                break;
            }
            from = Known.of(there);
            foreign.addAll(changedByOthers(there, change.guarded()));
            Delta left = delta.without(foreign);
            if (left.isEmpty()) {
                break;
            }
            change = onto(from, left);
            committed = commit(key, change, store);
        }
        refused = committed instanceof Committed.Gone ? Set.of() : foreign;
        if (committed instanceof Committed.Gone && assured && view != null) {
            from = null;
            change = whole(view, doubts.marks());
            committed = commit(key, change, store);
        }
        if (!(committed instanceof Committed.Stored taken)) {
            stored = committed instanceof Committed.Conflicting ? from : null; // to go on with
            became = stored == null ? 0 : stored.generation();
            return Outcome.DROPPED;
        }
        became = taken.generation();
        if (taken.snapshot() != null) {
            stored = Known.of(taken.snapshot());
        } else if (from != null) {
            stored = from.with(taken, change, lifetime);
        } else if (view != null) {
            stored = Known.ofNothing(taken.generation(), view.lastUsedMillis(), lifetime)
                    .with(taken, change, lifetime);
        }
        return Outcome.PAID;
    }

    private void end(SessionKey key, SessionStore store) throws StoreUnavailableException {
        long mark = Change.newMark();
        try {
            store.invalidateLate(
                    key, mark, endedMillis, base == null ? 0 : base.generation(), moves, doubts.marks(), lifetime);
        } catch (StoreUnavailableException away) {
            if (away.mayHaveDone()) {
                doubts.addEnd(mark);
            }
            throw away;
        }
    }

    private Change replacing() {
        return new Change(
                null,
                delta.set(),
                Set.of(),
                Set.of(),
                null,
                Change.Onto.REPLACES,
                Change.newMark(),
                doubts.marks(),
                view == null ? 0 : view.createdMillis(),
                generation());
    }

    /** Calls under way go by that of what this node shows. */
    private long generation() {
        return view == null ? Change.newGeneration() : view.generation();
    }

    private Change onto(@Nullable Known from, Delta changes) {
        return new Change(
                from == null ? null : from.snapshot(),
                changes.set(),
                from == null ? Set.of() : changes.removed(),
                changes.touched(),
                null,
                Change.Onto.CHANGES,
                Change.newMark(),
                doubts.marks(),
                from == null && view != null ? view.createdMillis() : 0,
                generation());
    }

    private boolean isSame(Snapshot there) {
        Known known = base;
        return known == null || known.generation() == there.generation();
    }

    /** Those that have another value than this node knew or has sent, of whatever version: answers may have been lost. */
    private Set<String> changedByOthers(Snapshot there, Set<String> names) {
        Snapshot known = base == null ? null : base.snapshot();
        Set<String> changed = new LinkedHashSet<>();
        for (String name : names) {
            Snapshot.Attribute attribute = there.attributes().get(name);
            Snapshot.Attribute before =
                    known == null ? null : known.attributes().get(name);
            boolean isAsKnown = attribute == null
                    ? before == null
                    : before != null && Arrays.equals(attribute.value(), before.value());
            if (!isAsKnown && !doubts.mayHaveLeft(name, attribute)) {
                changed.add(name);
            }
        }
        return changed;
    }

    private Committed commit(SessionKey key, Change change, SessionStore store) throws StoreUnavailableException {
        try {
            return store.commit(key, change, lifetime);
        } catch (StoreUnavailableException away) {
            if (away.mayHaveDone()) {
                doubts.addPayment(change);
            }
            throw away;
        }
    }

    /** All of a session that Redis has lost. */
    static Change whole(Snapshot view) {
        return whole(view, Set.of());
    }

    private static Change whole(Snapshot view, Set<Long> doubtful) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        view.attributes().forEach((name, attribute) -> all.put(name, attribute.value()));
        return new Change(
                null,
                all,
                Set.of(),
                Set.of(),
                null,
                Change.Onto.RESTORES,
                Change.newMark(),
                doubtful,
                view.createdMillis(),
                view.generation());
    }
}
