package dev.holdfast.runtime.session.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.holdfast.runtime.time.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in this JVM, for a program that runs alone: the same promises as in Redis, while the JVM lives.
 *
 * <p>Thread-safe. Writes are guarded by the lock of the session's tag; reads take none.
 */
public final class LocalStore implements SessionStore {

    /** Where a session went when its id was renewed is remembered for so long, for calls that began before. */
    private static final long MOVED_MILLIS = 600_000;

    private static final int LOCKS = 64;

    private final Time time;
    private final long originNanos;
    private final long originMillis;
    private final Cache<SessionKey, Kept> sessions;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    /**
     * A session, or where it went.
     *
     * @param untilMillis when it may be forgotten
     */
    private record Kept(
            @Nullable Snapshot session, @Nullable SessionKey moved, long untilMillis) {}

    /**
     * Empty.
     *
     * @param epochMillis the time of day now
     */
    public LocalStore(Time time, long epochMillis) {
        this.time = time;
        this.originNanos = time.nanoTime();
        this.originMillis = epochMillis;
        this.sessions = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .expireAfter(Expiry.<SessionKey, Kept>writing(
                        (key, kept) -> Duration.ofMillis(Math.max(1, kept.untilMillis() - now()))))
                .build();
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    private long now() {
        return originMillis + TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - originNanos);
    }

    @Override
    public @Nullable Snapshot read(SessionKey key, @Nullable Snapshot known, Lifetime lifetime) {
        Snapshot session = living(key, lifetime);
        if (session == null
                || (now() - session.lastUsedMillis() < session.slackMillis(lifetime)
                        && session.span().covers(lifetime.span()))) {
            return session;
        }
        ReentrantLock lock = lock(key);
        lock.lock();
        try {
            Snapshot present = living(key, lifetime);
            if (present == null) {
                return null;
            }
            Snapshot found = present.within(present.span().with(lifetime.span()));
            keep(key, found.usedAt(now()));
            return found;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Snapshot living(SessionKey key, Lifetime lifetime) {
        Kept kept = sessions.getIfPresent(key);
        Snapshot session = kept == null ? null : kept.session();
        return session == null || now() >= end(session, lifetime) ? null : session;
    }

    private static long end(Snapshot session, Lifetime usual) {
        Lifetime lifetime = session.lifetime(usual);
        return Math.min(
                session.lastUsedMillis() + lifetime.lifeMillis(), session.createdMillis() + lifetime.maxAgeMillis());
    }

    private void keep(SessionKey key, Snapshot session) {
        sessions.put(key, new Kept(session, null, session.endMillis()));
    }

    @Override
    public boolean isStill(SessionKey key, Snapshot known) {
        Kept kept = sessions.getIfPresent(key);
        Snapshot session = kept == null ? null : kept.session();
        return session != null
                && session.mark() == known.mark()
                && session.span().equals(known.span());
    }

    @Override
    public Committed commit(SessionKey key, Change change, Lifetime lifetime) {
        ReentrantLock lock = lock(key);
        lock.lock();
        try {
            if (change.onto() == Change.Onto.REPLACES) {
                endMoved(key);
            }
            SessionKey now = change.base() == null ? key : last(key);
            return store(now, now.equals(key) ? change.renewed() : null, change, lifetime);
        } finally {
            lock.unlock();
        }
    }

    /** Where a session has gone, whose id may have been renewed more than once. */
    private SessionKey last(SessionKey key) {
        SessionKey at = key;
        for (SessionKey next = moved(at); next != null; next = moved(at)) {
            at = next;
        }
        return at;
    }

    private void endMoved(SessionKey key) {
        for (SessionKey at = moved(key); at != null; ) {
            SessionKey next = moved(at);
            sessions.invalidate(at);
            at = next;
        }
    }

    private @Nullable SessionKey moved(SessionKey key) {
        Kept there = sessions.getIfPresent(key);
        return there == null ? null : there.moved();
    }

    /** Called with the lock held. */
    private Committed store(SessionKey key, @Nullable SessionKey renewed, Change change, Lifetime lifetime) {
        if (change.onto() == Change.Onto.RESTORES) {
            return new Committed.Gone(); // nothing is lost here
        }
        Snapshot base = change.base();
        Snapshot session = change.onto() == Change.Onto.REPLACES ? null : living(key, lifetime);
        if (base != null && (session == null || session.generation() != base.generation())) {
            return new Committed.Gone();
        }
        for (String name : change.guarded()) {
            long now = session == null ? 0 : session.versionOf(name);
            if (now != (base == null ? 0 : base.versionOf(name))) {
                return new Committed.Conflicting(name);
            }
        }
        long created = change.createdMillis() == 0 ? now() : Math.min(now(), change.createdMillis());
        if (session == null && now() >= created + lifetime.maxAgeMillis()) {
            return new Committed.Gone();
        }
        Change onto = new Change(session, change.set(), change.removed(), Set.of(), null);
        Snapshot after = session == null
                ? onto.after(1, change.generation(), created, now(), lifetime)
                : onto.after(session.version() + 1, session.generation(), session.createdMillis(), now(), lifetime);
        if (renewed == null) {
            keep(key, after);
        } else {
            keep(renewed, after);
            sessions.put(key, new Kept(null, renewed, now() + MOVED_MILLIS));
        }
        return new Committed.Stored(
                after.version(),
                after.generation(),
                session == null ? 0 : session.mark(),
                after,
                change.renewed() == null || renewed != null);
    }

    @Override
    public void invalidate(SessionKey key, long mark, Set<Long> doubtful, Lifetime lifetime) {
        invalidateLate(key, mark, Long.MAX_VALUE - CLOCKS_DIFFER_MILLIS, 0, false, Set.of(), lifetime);
    }

    @Override
    public void invalidateLate(
            SessionKey key,
            long mark,
            long atMillis,
            long generation,
            boolean moves,
            Set<Long> doubtful,
            Lifetime lifetime) {
        ReentrantLock lock = lock(key);
        lock.lock();
        try {
            SessionKey at = key;
            while (at != null) {
                Kept there = sessions.getIfPresent(at);
                Snapshot session = there == null ? null : there.session();
                if (session == null
                        || session.createdMillis() <= atMillis + CLOCKS_DIFFER_MILLIS
                        || session.generation() == generation) {
                    sessions.invalidate(at);
                }
                at = there == null || moves ? null : there.moved();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A renewed id has the tag of the one before, so both are under one lock. */
    private ReentrantLock lock(SessionKey key) {
        return locks[Math.floorMod(key.tag().hashCode(), LOCKS)];
    }
}
