package dev.holdfast.runtime.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.SessionStore;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import dev.holdfast.runtime.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All sessions that this JVM has to do with: where they are stored, what is at hand of them, and what happens while the store is away.
 *
 * <p>Thread-safe.
 */
final class Sessions {

    /** From here on a session is slow to read for every call, which somebody should know. */
    private static final long HEAVY_BYTES = 65_536;

    /** Else what is owed would come behind what was done after it. */
    private static final String OWED_FIRST = "Redis has not taken yet what this node owes it";

    private static final int MOST_TOLD = 1000;
    private static final int MOST_TOUCHED = 10_000;

    private final SessionStore store;
    private final LongSupplier limitBytes;
    private final Time time;

    /** Null where sessions are in this JVM: what is at hand is what is stored, and is never away. */
    private final @Nullable NearCopies near;

    private final @Nullable Debts debts;

    private final Cache<String, Boolean> told =
            Caffeine.newBuilder().maximumSize(MOST_TOLD).executor(Runnable::run).build();

    /** Where a value of what name was found to be unreadable of late. */
    private final Cache<String, Boolean> unread;

    /** Where there is no session there is no copy either, and calls may come by the thousand. */
    private final Cache<SessionKey, Boolean> touched;

    /**
     * In that store.
     *
     * @param near null if the store is in this JVM
     * @param limitBytes what one session may take, asked for again and again
     */
    Sessions(SessionStore store, @Nullable NearCopies near, LongSupplier limitBytes, Time time) {
        this.store = store;
        this.near = near;
        this.debts = near == null ? null : new Debts(store, near, time);
        this.limitBytes = limitBytes;
        this.time = time;
        this.unread = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .maximumSize(MOST_TOLD)
                .expireAfterWrite(Duration.ofMinutes(1))
                .build();
        this.touched = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .maximumSize(MOST_TOUCHED)
                .expireAfterWrite(Duration.ofSeconds(1))
                .build();
    }

    /** Whether they are in this JVM, so that nobody waits for them. */
    boolean areHere() {
        return near == null;
    }

    /** Before the JVM ends: stores what is not stored yet. */
    void end() {
        if (debts != null) {
            debts.end();
        }
    }

    /** Asks the store for what it does not have, so that whoever asks for something finds the way well trodden. */
    void getReady() {
        try {
            store.read(SessionKey.issue().key(), null, new Lifetime(1, 1));
        } catch (StoreUnavailableException away) {
            Log.debug(null, "sessions are not within reach yet: " + away, away);
        }
    }

    /**
     * What there is of a session.
     *
     * @param known what the caller has of it already, and wants to be newer
     * @return null for none
     * @throws StoreUnavailableException if nobody knows, and the method wants to hear so
     */
    @Nullable
    Snapshot read(SessionKey key, @Nullable Snapshot known, Terms terms) throws StoreUnavailableException {
        NearCopies copies = near;
        Debts owed = debts;
        if (copies == null || owed == null) {
            return store.read(key, known, terms.lifetime());
        }
        boolean isOwed = owed.find(key) != null; // before there is a look at the copy, which has what was paid
        NearCopies.Copy copy = copies.find(key);
        NearCopies.Copy noted =
                known == null && copy != null && isNoted(copy, terms) && !isTooOld(copy, terms) ? copy : null;
        if (noted != null && terms.near() && copies.isFresh(noted) && !isOwed) {
            return noted.snapshot();
        }
        Owed debt = owed.payOf(key, terms.denies());
        if (debt != null && terms.denies() && !debt.isEnded()) {
            throw new StoreUnavailableException(OWED_FIRST);
        }
        if (debt != null) {
            return viewOf(copies, key, debt, known == null);
        }
        try {
            if (noted != null && !terms.near() && copies.isBelieved(noted) && store.isStill(key, noted.snapshot())) {
                return noted.snapshot();
            }
            return ask(
                    copies,
                    key,
                    known != null ? known : copy == null ? null : copy.known().whole(),
                    terms);
        } catch (StoreUnavailableException away) {
            if (terms.denies()) {
                throw away;
            }
            return goOnWith(copies, owed, key, known, terms);
        }
    }

    /** Others may have come to owe something of it meanwhile, or have paid it. */
    private @Nullable Snapshot goOnWith(
            NearCopies copies, Debts owed, SessionKey key, @Nullable Snapshot known, Terms terms) {
        long now = time.epochMillis(); // by this node's clock, for want of another
        Owed debt = owed.find(key);
        if (debt != null && !debt.isPaid()) {
            return viewOf(copies, key, debt, known == null);
        }
        NearCopies.Copy copy = copies.find(key);
        Snapshot last = copy == null ? known : copy.snapshot();
        if (last == null || last.isOver(terms.lifetime(), now) || copies.isGone(key, last)) {
            return null;
        }
        copies.use(key, now);
        owed.use(key, terms.lifetime());
        return last;
    }

    private @Nullable Snapshot viewOf(NearCopies copies, SessionKey key, Owed debt, boolean begins) {
        Snapshot view = debt.view();
        if (begins && view != null && copies.isGone(key, view)) {
            return null; // it has another id, which what is owed goes to as well
        }
        debt.use(time.epochMillis());
        return view;
    }

    /** Whether that is still the session with which a call has begun. */
    boolean isSame(SessionKey key, Snapshot begun, Snapshot now) {
        Debts owed = debts;
        return owed == null ? begun.generation() == now.generation() : owed.isSame(key, begun, now);
    }

    /** Whether the use of a session was noted, or found not to be due, so short a time ago that nothing is to be noted of this one. */
    private boolean isNoted(NearCopies.Copy copy, Terms terms) {
        long slackMillis = copy.snapshot().slackMillis(terms.lifetime());
        return copy.snapshot().span().covers(terms.lifetime().span())
                && time.nanoTime() - copy.sinceNanos() < TimeUnit.MILLISECONDS.toNanos(slackMillis) / 2;
    }

    /** Whether it may have been made under a longer life than this method gives it: then its mark says nothing of its end. */
    private boolean isTooOld(NearCopies.Copy copy, Terms terms) {
        return time.epochMillis() - copy.snapshot().createdMillis()
                >= terms.lifetime().maxAgeMillis();
    }

    private @Nullable Snapshot ask(NearCopies copies, SessionKey key, @Nullable Snapshot known, Terms terms)
            throws StoreUnavailableException {
        NearCopies.Question question = copies.ask(key);
        boolean isKnown = false;
        Snapshot found = null;
        try {
            found = store.read(key, known, terms.lifetime());
            isKnown = true;
            return found;
        } finally {
            question.answered(found, isKnown);
        }
    }

    /**
     * Stores a change.
     *
     * @throws StoreUnavailableException if nobody knows whether it is stored, and the method wants to hear so
     */
    Committed commit(SessionKey key, Change change, Terms terms) throws StoreUnavailableException {
        NearCopies copies = near;
        Debts owed = debts;
        if (copies == null || owed == null) {
            return store.commit(key, change, terms.lifetime());
        }
        while (owed.payOf(key, terms.denies()) == null) {
            owed.sends(key);
            try {
                if (!owed.owes(key)) {
                    return send(copies, owed, key, change, terms);
                }
            } finally {
                owed.sent(key);
            }
        }
        if (terms.denies()) {
            throw new StoreUnavailableException(OWED_FIRST);
        }
        return owed.commit(key, change, terms, new StoreUnavailableException("this node owes too many changes"));
    }

    private Committed send(NearCopies copies, Debts owed, SessionKey key, Change change, Terms terms)
            throws StoreUnavailableException {
        Change sent = owed.doubting(key, settled(copies, key, owed.joined(key, change)));
        SessionKey renewed = sent.renewed();
        NearCopies.Question question = copies.ask(renewed == null ? key : renewed);
        Committed committed = null;
        try {
            committed = store.commit(key, sent, terms.lifetime());
        } catch (StoreUnavailableException away) {
            if (!terms.denies()) {
                Snapshot base = sent.base();
                if (renewed != null && base != null && question.isHeardOf()) {
                    copies.unmoved(key, base.generation()); // and nobody else has ended it: that id nobody else knows
                }
                return owed.commit(key, sent, terms, away);
            }
            if (away.mayHaveDone()) {
                owed.doubt(key, sent);
            }
            throw away;
        } finally {
            note(copies, question, key, sent, terms.lifetime(), committed);
        }
        return committed instanceof Committed.Stored stored && stored.renewed()
                ? owed.stored(renewed == null ? key : renewed, stored, sent, terms.lifetime())
                : committed;
    }

    /** What was owed when a call began may be stored when it ends. */
    private static Change settled(NearCopies copies, SessionKey key, Change change) {
        Snapshot base = change.base();
        NearCopies.Copy copy = base == null || !base.isOwn() ? null : copies.find(key);
        return base == null || copy == null || copy.known().generation() != base.generation()
                ? change
                : change.basedOn(base.settledBy(copy.snapshot()));
    }

    /** @param committed null if it is not known */
    private static void note(
            NearCopies copies,
            NearCopies.Question question,
            SessionKey key,
            Change change,
            Lifetime lifetime,
            @Nullable Committed committed) {
        SessionKey renewed = change.renewed();
        if (committed instanceof Committed.Stored stored && stored.renewed()) {
            question.stored(stored, change, lifetime);
        } else {
            question.answered(null, false);
        }
        if (committed instanceof Committed.Stored stored && (renewed != null || !stored.renewed())) {
            copies.moved(key, stored.generation()); // by this call or another one
        } else if (committed instanceof Committed.Gone && change.base() != null) {
            copies.forget(key, change.base().generation()); // there may be another one by now
        } else if (committed != null && !(committed instanceof Committed.Stored)) {
            copies.doubt(key);
        }
    }

    /**
     * Ends a session.
     *
     * @throws StoreUnavailableException if nobody knows whether it is gone, and the method wants to hear so
     */
    void invalidate(SessionKey key, Terms terms) throws StoreUnavailableException {
        NearCopies copies = near;
        Debts owed = debts;
        if (copies == null || owed == null) {
            store.invalidate(key, terms.lifetime());
            return;
        }
        NearCopies.Copy copy = copies.find(key);
        long mark = Change.newMark();
        try {
            copies.forget(key);
            // What is on its way would come behind the end; what cannot be paid ends with this.
            Owed unused = owed.payOf(key, true);
            store.invalidate(key, mark, owed.doubtful(key), terms.lifetime());
            copies.ended(key, copy == null ? 0 : copy.known().generation());
            owed.ended(key);
        } catch (StoreUnavailableException away) {
            if (away.mayHaveDone()) {
                owed.doubtEnd(key, mark);
            }
            if (terms.denies()) {
                throw away;
            }
            owed.end(key, copy == null ? null : copy.snapshot(), terms, away);
        }
    }

    /** Notes that one of these sessions is used, if it is there, without waiting for that. */
    void touch(List<SessionKey> keys, Terms terms) {
        for (SessionKey key : keys) {
            NearCopies copies = near;
            if (copies == null) {
                touch(key, terms);
                continue;
            }
            NearCopies.Copy copy = copies.find(key);
            boolean isDue = copy == null || !isNoted(copy, terms);
            if (isDue && touched.asMap().putIfAbsent(key, true) == null) {
                time.scheduleWork(0, () -> touch(key, terms));
            }
        }
    }

    private void touch(SessionKey key, Terms terms) {
        try {
            read(key, null, terms);
        } catch (StoreUnavailableException away) {
            Log.debug(terms.loader(), terms.place() + ": the use of " + key + " is not noted: " + away, away);
        }
    }

    /** Tells of a value that is absent because it cannot be read, and for some time of no other of that name. */
    void unreadable(Terms terms, String name, String reason, @Nullable Throwable cause) {
        if (unread.asMap().putIfAbsent(terms.place() + " " + name, true) == null) {
            Log.warn(
                    terms.loader(),
                    terms.place() + ": the session's \"" + name + "\" cannot be read, and counts as absent: " + reason,
                    cause);
        }
    }

    /**
     * Tells once that one of two changes is lost, which a call within another one and that other one have made in place.
     *
     * @param isOuters whether that of the outer one is kept
     */
    void changedTwice(Terms terms, String name, boolean isOuters) {
        if (isNew(terms.place() + " twice " + name)) {
            Log.warn(
                    terms.loader(),
                    terms.place() + ": a call within it has changed the session's \"" + name
                            + "\", and then it has changed the object that it had got before; of the two only what "
                            + (isOuters ? "it" : "that call")
                            + " has done is kept; expected: to get the value anew after that call",
                    null);
        }
    }

    /** Tells once that an application's listeners are not told of its sessions. */
    void deaf(Terms terms, String reason) {
        if (isNew(terms.place() + " deaf")) {
            Log.warn(
                    terms.loader(),
                    terms.place() + ": listeners of the application are not told of the shared session, as " + reason
                            + "; expected: Tomcat from 9 on or Jetty 9.4 or 12, or nothing that relies on them",
                    null);
        }
    }

    private boolean isNew(String matter) {
        return told.asMap().putIfAbsent(matter, true) == null;
    }

    /**
     * Looks at what the values of a session take.
     *
     * @throws IllegalArgumentException if that is too much
     */
    void weigh(long bytes, Terms terms) {
        long limit = limitBytes.getAsLong();
        if (bytes > limit) {
            throw new IllegalArgumentException(
                    terms.place() + ": the session takes " + bytes + " bytes, and may take " + limit
                            + "; expected: less in it, such as keys of what lies elsewhere, or a greater holdfast.session.limit");
        }
        if (bytes > HEAVY_BYTES && isNew(terms.place() + " heavy")) {
            Log.warn(
                    terms.loader(),
                    terms.place() + ": the session takes " + bytes
                            + " bytes, which travel with every read that finds it changed;"
                            + " expected: less in it, such as keys of what lies elsewhere",
                    null);
        }
    }
}
