package dev.holdfast.runtime.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.SessionStore;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All sessions that this JVM has to do with. Thread-safe. */
final class Sessions {

    private final SessionStore store;
    private final Cache<String, Boolean> told =
            Caffeine.newBuilder().maximumSize(1000).executor(Runnable::run).build();

    private final boolean here;

    Sessions(SessionStore store, boolean here) {
        this.store = store;
        this.here = here;
    }

    /** Whether they are in this JVM, so that nobody waits for them. */
    boolean areHere() {
        return here;
    }

    /** Notes that one of these sessions is used, if it is there, without waiting for that. */
    void touch(List<SessionKey> keys, Terms terms) {}

    @Nullable
    Snapshot read(SessionKey key, @Nullable Snapshot known, Terms terms) throws StoreUnavailableException {
        return store.read(key, known, terms.lifetime());
    }

    Committed commit(SessionKey key, Change change, Terms terms) throws StoreUnavailableException {
        return store.commit(key, change, terms.lifetime());
    }

    void invalidate(SessionKey key, Terms terms) throws StoreUnavailableException {
        store.invalidate(key);
    }

    /** Tells once of a value that is absent because it cannot be read. */
    void unreadable(Terms terms, String name, String reason, @Nullable Throwable cause) {
        if (told.asMap().putIfAbsent(terms.place() + " " + name, true) == null) {
            Log.warn(
                    terms.loader(),
                    terms.place() + ": the session's \"" + name + "\" cannot be read, and counts as absent: " + reason,
                    cause);
        }
    }

    /** Looks at what a session takes. */
    void weigh(long bytes, @Nullable String name, Terms terms) {}
}
