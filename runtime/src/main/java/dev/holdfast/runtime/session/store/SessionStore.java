package dev.holdfast.runtime.session.store;

import org.jspecify.annotations.Nullable;

/** Keeps sessions. Each method is atomic. Thread-safe. */
public interface SessionStore {

    /**
     * Reads a session, and writes down that it is used, if that is due.
     *
     * @param known what the caller has of it
     * @return null if there is none, or what is there is damaged; {@code known} itself, or a copy with another time of use, if that is as it is
     *     stored
     * @throws StoreUnavailableException if nobody knows
     */
    @Nullable
    Snapshot read(SessionKey key, @Nullable Snapshot known, Lifetime lifetime) throws StoreUnavailableException;

    /**
     * Whether a session is there and as it was, which is cheaper to ask than to read. Nobody writes down that it is used.
     *
     * @param known what the caller has of it
     * @return false if it is not, or that cannot be told without reading it
     * @throws StoreUnavailableException if nobody knows
     */
    boolean isStill(SessionKey key, Snapshot known) throws StoreUnavailableException;

    /**
     * Stores what a call has changed. A change without a base makes the session, or adds to one that somebody else has made in the meantime; one
     * with a base never does: a session that is gone stays gone.
     *
     * @throws StoreUnavailableException if nobody knows whether it is stored
     */
    Committed commit(SessionKey key, Change change, Lifetime lifetime) throws StoreUnavailableException;

    /**
     * Ends a session for good. That it was ended is known until its time would have been over whatever its use, and for an hour at least.
     *
     * @throws StoreUnavailableException if nobody knows whether it is gone
     */
    void invalidate(SessionKey key, Lifetime lifetime) throws StoreUnavailableException;
}
