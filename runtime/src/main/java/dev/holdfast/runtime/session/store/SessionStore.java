package dev.holdfast.runtime.session.store;

import java.util.Set;
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
     * @param mark tells this end from others, for it may arrive twice, or late
     * @param doubtful the marks of changes and ends before it of which nobody knows whether they are stored: they shall not be any more
     * @throws StoreUnavailableException if nobody knows whether it is gone
     */
    void invalidate(SessionKey key, long mark, Set<Long> doubtful, Lifetime lifetime) throws StoreUnavailableException;

    /** The same where nothing is in doubt. */
    default void invalidate(SessionKey key, Lifetime lifetime) throws StoreUnavailableException {
        invalidate(key, Change.newMark(), Set.of(), lifetime);
    }

    /**
     * The same for one that was to be ended at a time that is past. Another one that was made under its key since then stays.
     *
     * @param mark as above
     * @param atMillis since the epoch, by the caller's clock, which may be {@value #CLOCKS_DIFFER_MILLIS} ms behind the store's
     * @param generation of the one that is to be ended, whatever the clocks say; 0 if it is not known
     * @param moves whether it goes on under another id, if it has one there already
     * @param doubtful the marks of changes that are to be ended with it, be they stored already, or come to be later
     * @throws StoreUnavailableException if nobody knows whether it is gone
     */
    void invalidateLate(
            SessionKey key,
            long mark,
            long atMillis,
            long generation,
            boolean moves,
            Set<Long> doubtful,
            Lifetime lifetime)
            throws StoreUnavailableException;

    /** By how much clocks of several machines may be apart, beyond which somebody should set them. */
    long CLOCKS_DIFFER_MILLIS = 60_000;
}
