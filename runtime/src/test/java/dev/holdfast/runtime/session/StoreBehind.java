package dev.holdfast.runtime.session;

import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.SessionStore;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store that asks another one, for tests in which something goes wrong on the way. */
abstract class StoreBehind implements SessionStore {

    final SessionStore behind;

    StoreBehind(SessionStore behind) {
        this.behind = behind;
    }

    /** Before anything is asked. */
    abstract void ask() throws StoreUnavailableException;

    @Override
    public @Nullable Snapshot read(SessionKey key, @Nullable Snapshot known, Lifetime lifetime)
            throws StoreUnavailableException {
        ask();
        return behind.read(key, known, lifetime);
    }

    @Override
    public boolean isStill(SessionKey key, Snapshot known) throws StoreUnavailableException {
        ask();
        return behind.isStill(key, known);
    }

    @Override
    public Committed commit(SessionKey key, Change change, Lifetime lifetime) throws StoreUnavailableException {
        ask();
        return behind.commit(key, change, lifetime);
    }

    @Override
    public void invalidate(SessionKey key, long mark, Set<Long> doubtful, Lifetime lifetime)
            throws StoreUnavailableException {
        ask();
        behind.invalidate(key, mark, doubtful, lifetime);
    }

    @Override
    public void invalidateLate(
            SessionKey key,
            long mark,
            long atMillis,
            long generation,
            boolean moves,
            Set<Long> doubtful,
            Lifetime lifetime)
            throws StoreUnavailableException {
        ask();
        behind.invalidateLate(key, mark, atMillis, generation, moves, doubtful, lifetime);
    }
}
