package dev.holdfast.runtime.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import dev.holdfast.runtime.time.WallClock;
import java.lang.invoke.MethodType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt sees of a session, and does to it. It is read when it is first asked for, and nothing of what is done to it is stored before
 * {@link #commit}, which may be called more than once: something of a response that is sent before the attempt has ended is to be preceded by one,
 * too.
 *
 * <p>Inside of another attempt with the same session it begins with what that one sees, and commits to that one.
 *
 * <p>Thread-safe, by a lock that is this attempt's own. It is held through I/O and while values are encoded: threads that share one attempt wait
 * for each other.
 */
public final class OpenSession implements BiFunction<String, @Nullable Object[], @Nullable Object> {

    /** Of one name in one request; a forged request shall not cost a look for each of a thousand. */
    private static final int MOST_COOKIES = 4;

    /** For the scripts, and for other nodes, that is never, as 0 is. */
    private static final byte[] NEVER = {'0', '0'};

    /** No session is of that generation. */
    private static final long UNKNOWN = 0;

    private final Sessions sessions;
    private final Terms terms;
    private final @Nullable HttpSide http;

    /** The attempt around this one that has the same session; null for none. */
    private final @Nullable OpenSession outer;

    /** The one that the thread was in when this one began, of whatever session; null for none. */
    private final @Nullable OpenSession below;

    private final @Nullable String given;

    private final ReentrantLock lock = new ReentrantLock();
    private final Values values;
    private final long openedMillis = WallClock.millis();

    private volatile boolean over;
    private boolean loaded;

    /** What is stored, as far as is known; null for none. */
    private @Nullable Snapshot base;

    /** Whether the base is what an outer attempt shows that is not stored either: the session has an id that nobody was told yet. */
    private boolean unstored;

    /** Whether others have changed the session since, so that the base is not what is stored. */
    private boolean outdated;

    /** Where the session is, or is going to be made; null for none that has an id. */
    private @Nullable SessionKey key;

    private @Nullable String id;

    /** Whether one is to be made where there is none, with or without values. */
    private boolean made;

    /** Whether there was one at the beginning, and it was not ended since. */
    private boolean wasThere;

    /** What came in a cookie, if there is a session of that id. */
    private boolean cookieIsGood;

    /** The id that the session is to have from now on; null if it stays. */
    private SessionKey.@Nullable Issued renewed;

    /** The session that is to be ended; what is done after that is done to another one. */
    private @Nullable SessionKey ended;

    /** Whether it was ended here, be it stored or not. */
    private boolean invalidated;

    /** Somebody else has ended the session, and what is done to it is dropped. */
    private boolean gone;

    /** What somebody else has changed since a commit of this attempt, though it was read or written here before that; told with the next one, if there is anything to commit. */
    private @Nullable String conflicting;

    /** What inner attempts have read and written that want to hear of conflicts, whatever this one wants. */
    private final Set<String> guardedWithin = new LinkedHashSet<>();

    /**
     * Of an attempt that begins.
     *
     * @param given the id that a template has given; null where cookies decide
     * @param http null if the call was not handed any
     * @param below the one that this thread is in, of whatever session; null for none
     */
    OpenSession(
            Sessions sessions,
            Terms terms,
            @Nullable String given,
            @Nullable HttpSide http,
            @Nullable OpenSession below) {
        this.sessions = sessions;
        this.terms = terms;
        this.http = http;
        this.below = below;
        this.given = given;
        this.outer = given == null ? outerOfCookie() : outerOf(given);
        this.id = given;
        this.key = given == null ? null : SessionKey.ofApplication(given);
        this.values = new Values(
                terms.codec(),
                (name, reason, cause) -> sessions.unreadable(terms, name, reason, cause),
                (name, isOurs) -> sessions.changedTwice(terms, name, isOurs));
    }

    private @Nullable OpenSession outerOf(String given) {
        OpenSession one = below;
        while (one != null && (one.over || !given.equals(one.given))) {
            one = one.below;
        }
        return one;
    }

    /** The one that holds the response already, on whatever thread, or one around that. */
    private @Nullable OpenSession outerOfCookie() {
        OpenSession one = http == null ? null : http.around();
        while (one != null && (one.over || !Objects.equals(one.terms.cookie(), terms.cookie()))) {
            one = one.http == null ? null : one.http.around();
        }
        return one;
    }

    /** Does what the public {@code Session} is asked for, and what an {@code HttpSession} has beside that. */
    @Override
    public @Nullable Object apply(String operation, @Nullable Object[] arguments) {
        switch (operation) {
            case "current" -> current();
            case "id" -> {
                return id();
            }
            case "get" -> {
                return arguments.length == 1 ? get(name(arguments)) : get(name(arguments), (Class<?>) arguments[1]);
            }
            case "set" -> set(name(arguments), arguments[1]);
            case "remove" -> remove(name(arguments));
            case "names" -> {
                return names();
            }
            case "invalidate" -> invalidate();
            case "renewId" -> {
                return renewId();
            }
            case "isNew" -> {
                return isNew();
            }
            case "createdAt" -> {
                return Instant.ofEpochMilli(createdMillis());
            }
            case "lastUsedAt" -> {
                return Instant.ofEpochMilli(lastUsedMillis());
            }
            case "exists" -> {
                return exists();
            }
            case "make" -> {
                return make();
            }
            case "isOver" -> {
                return over;
            }
            case "lastId" -> {
                return lastId();
            }
            case "afterwards" -> {
                return afterwards(work(arguments));
            }
            case "deaf" -> sessions.deaf(terms, String.valueOf(arguments[0]));
            case "idle" -> {
                if (arguments.length == 0) {
                    return idleSeconds();
                }
                idleSeconds((Integer) Objects.requireNonNull(arguments[0]));
            }
            default -> throw new IllegalArgumentException("a session has no operation " + operation);
        }
        return null;
    }

    private static String name(@Nullable Object[] arguments) {
        if (arguments[0] == null) {
            throw new NullPointerException("the name of a session's value is null");
        }
        return (String) arguments[0];
    }

    @SuppressWarnings("unchecked") // which is what it is given
    private static Function<OpenSession, @Nullable Object> work(@Nullable Object[] arguments) {
        return (Function<OpenSession, @Nullable Object>) Objects.requireNonNull(arguments[0]);
    }

    /** Runs something under the lock, on a session that was read. */
    private <T> T reading(Supplier<T> work) {
        lock.lock();
        try {
            if (over) {
                throw new IllegalStateException(
                        terms.place()
                                + ": the call that this session belonged to is over; expected: Session.current() in each call anew");
            }
            load();
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void load() {
        if (loaded) {
            if (outdated) {
                readAnew();
            }
            return;
        }
        if (outer != null) {
            requireThatTheOuterOneGoesOn(outer);
            wasThere = outer.showTo(this);
        } else if (key != null) {
            base = read(key, null);
        } else {
            findByCookie();
        }
        wasThere = outer == null ? base != null : wasThere;
        values.base(base);
        loaded = true;
    }

    /** A client may hold several cookies of one name; the first that stands for a session counts. */
    private void findByCookie() {
        for (String cookie : cookies()) {
            SessionKey named = SessionKey.ofCookie(cookie);
            Snapshot found = named == null ? null : read(named, null);
            if (found != null) {
                key = named;
                id = cookie;
                base = found;
                cookieIsGood = true;
                return;
            }
        }
    }

    private List<String> cookies() {
        String name = terms.cookie();
        List<String> cookies = http == null || name == null ? List.of() : http.cookies(name);
        return cookies.size() <= MOST_COOKIES ? cookies : cookies.subList(0, MOST_COOKIES);
    }

    private void readAnew() {
        SessionKey at = key;
        Snapshot known = base;
        if (at != null && known != null) {
            boolean isKnown = known.generation() != UNKNOWN;
            Snapshot now = read(at, isKnown ? known : null);
            outdated = false;
            if (now == null || (isKnown && !sessions.isSame(at, known, now))) {
                if (hearsOfConflicts()) {
                    gone = true; // told with the commit, if there is anything to commit
                } else {
                    dropped();
                }
            } else {
                noteConflict(known, now);
                base = now;
                values.base(now);
            }
        }
    }

    /** The next commit looks after what is changed from there on. */
    private void noteConflict(Snapshot known, Snapshot now) {
        for (String name : terms.failsOnConflict() ? values.touched() : guardedWithin) {
            if (conflicting == null && Snapshot.differ(known, now, name)) {
                conflicting = name;
            }
        }
    }

    private @Nullable Snapshot read(SessionKey at, @Nullable Snapshot known) {
        try {
            return sessions.read(at, known, terms);
        } catch (StoreUnavailableException away) {
            throw unavailable("could not be read", away);
        }
    }

    private RuntimeException unavailable(String what, StoreUnavailableException away) {
        return (RuntimeException) terms.unavailable()
                .make(
                        terms.place() + ": the session " + what + ", as " + away.getMessage()
                                + "; expected: a Redis that answers"
                                + (terms.denies() ? ", or whenUnavailable = LOCAL_SHARE to go on without it" : ""),
                        away);
    }

    /**
     * Lets an inner attempt begin with what this one sees.
     *
     * @return whether it was there when this one began
     */
    private boolean showTo(OpenSession inner) {
        return reading(() -> {
            SessionKey.Issued next = renewed;
            inner.key = key;
            inner.id = next == null ? id : next.id();
            inner.cookieIsGood = cookieIsGood;
            Snapshot stored = base;
            if (exists()) {
                inner.unstored = stored == null || unstored;
                inner.base = new Snapshot(
                        stored == null ? 0 : stored.version(),
                        stored == null ? UNKNOWN : stored.generation(),
                        createdMillis(),
                        lastUsedMillis(),
                        0,
                        false,
                        stored == null ? terms.lifetime().span() : stored.span(),
                        values.encoded());
            }
            return wasThere;
        });
    }

    /** Whether there is a session: it was there, or something was set. */
    public boolean exists() {
        return reading(() -> base != null || made || !values.names().isEmpty());
    }

    /** Whether the cookie that came with the request stands for a session that was there when the attempt began. */
    public boolean isCookieGood() {
        return reading(() -> cookieIsGood);
    }

    private void current() {
        if (terms.cookie() != null && http == null) {
            throw new IllegalStateException(
                    terms.place() + ": there is no session, as the call was handed null in place of"
                            + " an exchange or a request; expected: one, for the cookie, or an id");
        }
        if (!terms.creates() && !exists()) {
            throw new IllegalStateException(terms.place()
                    + ": there is no session, and create = false; expected: create = true, or a call that makes the session"
                    + " before");
        }
    }

    /** Its id; one that is issued now if it is not made yet. */
    public String id() {
        return reading(() -> {
            SessionKey.Issued next = renewed;
            return next == null ? ownId() : next.id();
        });
    }

    private String ownId() {
        String known = id;
        if (known == null) {
            SessionKey.Issued issued = SessionKey.issue();
            key = issued.key();
            id = issued.id();
            return issued.id();
        }
        return known;
    }

    /** A value; null for none. */
    public @Nullable Object get(String name) {
        return reading(() -> values.get(name));
    }

    private @Nullable Object get(String name, @Nullable Class<?> type) {
        if (type == null) {
            throw new NullPointerException("the type of a session's value is null");
        }
        Object value = get(name);
        Class<?> boxed = type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
        if (value == null || boxed.isInstance(value)) {
            return value;
        }
        Object converted = value instanceof Number number ? Codec.convert(number, boxed) : null;
        if (converted != null) {
            return converted;
        }
        sessions.unreadable(
                terms,
                name,
                "it is of type " + value.getClass().getName() + ", and was asked for as " + type.getName(),
                null);
        return null;
    }

    /**
     * Sets a value.
     *
     * @param value null to remove it
     * @throws IllegalArgumentException if it cannot be stored
     * @throws IllegalStateException if there is no session, and none is to be made or none could be told to the client
     */
    public void set(String name, @Nullable Object value) {
        if (value == null) {
            remove(name);
            return;
        }
        requireThatItIsText(name);
        reading(() -> {
            requireThatItMayBeMade();
            try {
                values.set(name, value);
            } catch (IllegalArgumentException unstorable) {
                throw new IllegalArgumentException(
                        terms.place() + ": the session's \"" + name + "\" " + unstorable.getMessage(),
                        unstorable.getCause());
            }
            sessions.weigh(values.size(), terms);
            return null;
        });
    }

    /** Else it could not be told in UTF-8 from another one. */
    private void requireThatItIsText(String name) {
        boolean hasSurrogates = name.chars().anyMatch(one -> Character.isSurrogate((char) one));
        if (hasSurrogates && !UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException(
                    terms.place()
                            + ": the name of a session's value has half of a surrogate pair in it and cannot be stored; expected: text");
        }
    }

    /**
     * Makes one where there is none, though it has no value yet.
     *
     * @return whether there was none
     * @throws IllegalStateException if there is none, and none is to be made or none could be told to the client
     */
    public boolean make() {
        return reading(() -> {
            requireThatItMayBeMade();
            boolean isNew = !exists();
            made = base == null;
            return isNew;
        });
    }

    /** After how many seconds without use this one session ends; 0 or -1 for never, as it was set. */
    private int idleSeconds() {
        return reading(() -> {
            byte[] own = values.raw(Snapshot.IDLE);
            if (Arrays.equals(own, NEVER)) {
                return -1;
            }
            Long millis = own == null ? null : Lifetime.idleMillis(own);
            return (int) TimeUnit.MILLISECONDS.toSeconds(
                    millis == null ? terms.lifetime().idleMillis() : millis);
        });
    }

    /** @param seconds 0 or less for never */
    private void idleSeconds(int seconds) {
        reading(() -> {
            requireThatItMayBeMade();
            values.raw(Snapshot.IDLE, seconds < 0 ? NEVER.clone() : Lifetime.idle(TimeUnit.SECONDS.toMillis(seconds)));
            return null;
        });
    }

    private void requireThatItMayBeMade() {
        if (base != null) {
            return;
        }
        current();
        requireThatTheClientMayBeTold();
    }

    /** Who may make a session says the innermost attempt, and whether a cookie can go with the response knows the outermost. */
    private void requireThatTheClientMayBeTold() {
        if (outer != null) {
            outer.reading(() -> {
                if (outer.base == null) {
                    outer.requireThatTheClientMayBeTold();
                }
                return true;
            });
        } else if (terms.cookie() != null && http != null && http.hasBegun()) {
            throw new IllegalStateException(
                    terms.place() + ": a session cannot begin now, as the response has begun, and the"
                            + " client would not get its cookie; expected: the first value before the response");
        }
    }

    /** Removes a value, if it is there. */
    public void remove(String name) {
        reading(() -> {
            values.remove(name);
            return null;
        });
    }

    /** The names of its values, unmodifiable. */
    public Set<String> names() {
        return reading(values::names);
    }

    /** Ends it, with the commit. What is set after that begins another one. */
    public void invalidate() {
        reading(() -> {
            if (base != null) {
                ended = key;
            }
            invalidated = true;
            base = null;
            unstored = false;
            made = false;
            wasThere = false;
            cookieIsGood = false;
            renewed = null;
            values.clear();
            guardedWithin.clear();
            conflicting = null;
            if (terms.cookie() != null) {
                key = null;
                id = null;
            }
            return null;
        });
    }

    /**
     * Gives it another id, with the commit.
     *
     * @return the new id
     * @throws IllegalStateException if the id is that of a template, or the client would not be told
     */
    public String renewId() {
        return reading(() -> {
            if (terms.cookie() == null) {
                throw new IllegalStateException(
                        terms.place() + ": the id of this session is that of a template and cannot be"
                                + " renewed; expected: a session with a cookie");
            }
            if (http != null && http.hasBegun()) {
                throw new IllegalStateException(
                        terms.place() + ": the id cannot be renewed now, as the response has begun, and"
                                + " the client would not get it; expected: before the response");
            }
            SessionKey from = key;
            if (from == null || base == null || unstored) {
                id = null; // there is nothing to be moved
                return ownId();
            }
            SessionKey.Issued next = from.renew();
            renewed = next;
            return next.id();
        });
    }

    /** Whether it was not there when the attempt began. */
    public boolean isNew() {
        return reading(() -> !wasThere);
    }

    /** When it was made, since the epoch. */
    public long createdMillis() {
        return reading(() -> base == null ? openedMillis : base.createdMillis());
    }

    /** When it was used before, since the epoch. */
    public long lastUsedMillis() {
        return reading(() -> base == null ? openedMillis : base.lastUsedMillis());
    }

    /**
     * Stores what was done up to now, whole or not at all, and puts a cookie into the response where the client has to know. Nothing happens if nothing
     * was done.
     *
     * @throws RuntimeException of the application's own types: its session cannot be reached, or somebody else has changed what this attempt has read
     *     or written
     * @throws IllegalArgumentException if a value was changed in such a way that it cannot be stored
     */
    public void commit() {
        lock.lock();
        try {
            if (over || !loaded) {
                return;
            }
            if (outdated) {
                readAnew();
            }
            if (gone && !hearsOfConflicts()) {
                return;
            }
            Values.Changes changes = values.changes();
            boolean isAnything = !changes.isEmpty() || renewed != null;
            if (gone && outer == null) {
                if (isAnything) {
                    throw endedMeanwhile();
                }
                return;
            }
            if (conflicting != null && isAnything) {
                throw changedMeanwhile(conflicting);
            }
            if (outer != null) {
                requireThatTheOuterOneGoesOn(outer);
                outer.adopt(this, changes);
            } else {
                commit(changes);
            }
            values.stored(changes);
            ended = null;
            invalidated = false;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #commit}, and closes it in the same moment, so that nothing that another thread does is lost between the two. What could not be saved stays open. */
    public void commitLast() {
        lock.lock();
        try {
            commit();
            over = true;
        } finally {
            lock.unlock();
        }
    }

    /** Of a method that returns a stage, the attempt may outlive the one around it, and with that what it was to become part of. */
    private void requireThatTheOuterOneGoesOn(OpenSession outer) {
        if (outer.over) {
            throw new IllegalStateException(terms.place() + ": it has the session of " + outer.terms.place()
                    + ", which has ended before it, so what it does to that cannot be stored; expected: an outer method"
                    + " that waits for it or returns its stage, or that has no @SharedSession of the same session");
        }
    }

    private void commit(Values.Changes changes) {
        if (!changes.isEmpty()) {
            sessions.weigh(values.size(), terms);
        }
        SessionKey toEnd = ended;
        boolean replaces = toEnd != null && toEnd.equals(key);
        boolean makes = base == null && (made || !changes.set().isEmpty());
        SessionKey.Issued next = renewed;
        if (makes) {
            ownId();
            store(new Change(
                    null,
                    changes.set(),
                    changes.removed(),
                    replaces ? Set.of() : guarded(changes),
                    null,
                    replaces ? Change.Onto.REPLACES : Change.Onto.CHANGES));
        } else if (base != null && (!changes.isEmpty() || next != null)) {
            store(new Change(
                    base, changes.set(), changes.removed(), guarded(changes), next == null ? null : next.key()));
        }
        if (toEnd != null && !(makes && replaces)) {
            end(toEnd);
        }
        if (makes
                || toEnd != null) { // not before: where the end fails, the client and another attempt go by the old one
            tellClient(makes || base != null ? id : null);
        }
    }

    private Set<String> guarded(Values.Changes changes) {
        return terms.failsOnConflict() ? changes.touched() : guardedWithin;
    }

    private boolean hearsOfConflicts() {
        return terms.failsOnConflict() || !guardedWithin.isEmpty();
    }

    private void store(Change change) {
        SessionKey at = key;
        if (at == null) {
            throw new IllegalStateException("a session without a key");
        }
        Committed committed;
        try {
            committed = sessions.commit(at, change, terms);
        } catch (StoreUnavailableException away) {
            throw unavailable("may not have been saved", away);
        }
        if (committed instanceof Committed.Conflicting conflict) {
            throw changedMeanwhile(conflict.name());
        }
        if (committed instanceof Committed.Stored stored) {
            stored(change, stored);
        } else if (hearsOfConflicts()) {
            throw endedMeanwhile();
        } else {
            dropped();
        }
    }

    private RuntimeException endedMeanwhile() {
        return conflict("the session has ended while this call was under way, by another one or by its time");
    }

    private RuntimeException changedMeanwhile(String name) {
        return conflict("another call has changed the session's \"" + name + "\", which this one has read or written");
    }

    private RuntimeException conflict(String what) {
        return (RuntimeException) terms.conflict()
                .make(terms.place() + ": " + what + "; expected: another attempt, by @Recover(attempts = …)");
    }

    private void stored(Change change, Committed.Stored stored) {
        SessionKey.Issued next = renewed;
        if (next != null && change.renewed() != null) {
            renewed = null;
            if (stored.renewed()) {
                key = next.key();
                id = next.id();
                tellClient(id);
            } // else another call has renewed it, and the client hears the id from that one
        }
        Snapshot now = stored.snapshot();
        if (now != null) {
            base = now;
            values.base(now);
            return;
        }
        outdated = true;
        Snapshot before = base != null // or else others have made it at the same time
                ? base
                : new Snapshot(
                        0,
                        UNKNOWN,
                        openedMillis,
                        openedMillis,
                        0,
                        false,
                        terms.lifetime().span(),
                        Map.of());
        base = before.with(change, stored.version());
    }

    private void dropped() {
        gone = true;
        Log.info(
                terms.loader(),
                terms.place() + ": what it has done to " + key + " is dropped, as that has ended meanwhile",
                null);
    }

    private void end(SessionKey toEnd) {
        try {
            sessions.invalidate(toEnd, terms);
        } catch (StoreUnavailableException away) {
            throw unavailable("may not have been ended", away);
        }
    }

    /** @param value null if it shall forget the one that it has */
    private void tellClient(@Nullable String value) {
        String name = terms.cookie();
        if (name != null && http != null) {
            http.setCookie(
                    name,
                    name + "=" + (value == null ? "; Max-Age=0" : value) + "; Path=/; HttpOnly; SameSite=Lax"
                            + (http.isSecure() ? "; Secure" : ""));
        }
    }

    /** Its id; the last one that it had if the call is over. */
    private String lastId() {
        lock.lock();
        try {
            SessionKey.Issued next = renewed;
            return !over ? id() : next == null ? ownId() : next.id();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does something with the session when the call is over: in an attempt of its own, which looks for it by the id that it had, and is committed at once. If an attempt
     * around this one is still under way, it is done there.
     */
    private @Nullable Object afterwards(Function<OpenSession, @Nullable Object> work) {
        if (outer != null) {
            return outer.over ? outer.afterwards(work) : work.apply(outer);
        }
        HttpSide found = http == null ? null : new Afterwards(lastCookies());
        OpenSession own = new OpenSession(sessions, terms, given, found, null);
        try {
            Object result = work.apply(own);
            own.commitLast();
            return result;
        } finally {
            own.close();
            know(own.id);
        }
    }

    private List<String> lastCookies() {
        lock.lock();
        try {
            String known = id;
            return known != null ? List.of(known) : loaded ? List.of() : cookies();
        } finally {
            lock.unlock();
        }
    }

    /** Where nobody has asked for the session before the call was over. */
    private void know(@Nullable String foundBy) {
        lock.lock();
        try {
            if (!loaded && id == null) {
                id = foundBy;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes what an inner attempt has done its own. */
    private void adopt(OpenSession inner, Values.Changes changes) {
        reading(() -> {
            if (inner.invalidated) {
                invalidate();
            }
            if ((base == null || unstored) && inner.id != null) { // which may be another one by now
                key = inner.key;
                id = inner.id;
            }
            made = made || (base == null && inner.made);
            values.adopt(changes);
            guardedWithin.addAll(inner.guarded(changes));
            if (inner.renewed != null) {
                renewed = inner.renewed;
            }
            return null;
        });
    }

    /** The call goes on without it; whoever still holds on to it is told so. */
    public void close() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody has asked it for anything. */
    boolean isUntouched() {
        lock.lock();
        try {
            return !loaded;
        } finally {
            lock.unlock();
        }
    }

    /** Where it may be, for one that was not read. */
    List<SessionKey> candidates() {
        List<SessionKey> candidates = new ArrayList<>();
        SessionKey given = key;
        if (given != null) {
            candidates.add(given);
        } else {
            for (String cookie : cookies()) {
                SessionKey named = SessionKey.ofCookie(cookie);
                if (named != null) {
                    candidates.add(named);
                }
            }
        }
        return candidates;
    }
}
