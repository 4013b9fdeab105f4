package dev.holdfast.runtime.session.store;

import org.jspecify.annotations.Nullable;

/** What became of a {@link Change}. */
public sealed interface Committed {

    /**
     * It is stored.
     *
     * @param version of the session now, or of a moment since
     * @param generation of the session
     * @param before the mark of the change before it, see {@link Snapshot#mark}; 0 if there was none, or it is not known, as the change has come twice
     * @param snapshot the session now; null if somebody else has changed it since the change's base, so that it would have to be read
     * @param renewed whether it is where the change was to take it. It is not if another call has taken it elsewhere before
     */
    record Stored(
            long version,
            long generation,
            long before,
            @Nullable Snapshot snapshot,
            boolean renewed) implements Committed {}

    /** The session is no more, and nothing was changed. */
    record Gone() implements Committed {}

    /** Somebody else has changed a guarded attribute, and nothing was changed. */
    record Conflicting(String name) implements Committed {}
}
