package dev.holdfast.runtime.session;

import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What this node knows of a session: how it was as a whole once, and what this node has changed since. Others may have changed it in between, which is not
 * known here; but where each change has come right behind the one before it, the whole moves on.
 *
 * <p>Immutable.
 */
final class Known {

    /** More than there are calls that change one session at a time; beyond, the oldest make way. */
    private static final int MOST_SINCE = 256;

    private final Snapshot whole;
    private final List<Own> since;
    private final Snapshot snapshot;

    /**
     * A change of this node's own.
     *
     * @param version that it has made, or one after it
     * @param before the mark of the change before it; 0 if that is not known
     * @param change without a base
     */
    private record Own(long version, long before, Change change, Lifetime lifetime) {

        boolean isNext(Snapshot whole) {
            return before != 0 && before == whole.mark() && version == whole.version() + 1;
        }

        Snapshot upon(Snapshot known) {
            return change.upon(known, version, lifetime);
        }
    }

    private Known(Snapshot whole, List<Own> since) {
        Snapshot settled = whole;
        int count = Math.max(0, since.size() - MOST_SINCE);
        while (count < since.size() && since.get(count).isNext(settled)) {
            settled = since.get(count).upon(settled);
            count++;
        }
        this.whole = settled;
        this.since = List.copyOf(since.subList(count, since.size()));
        Snapshot last = settled;
        for (Own own : this.since) {
            last = own.upon(last);
        }
        this.snapshot = this.since.isEmpty() ? last : last.unmarked(settled.version());
    }

    private Known(Snapshot whole) {
        this.whole = whole;
        this.since = List.of();
        this.snapshot = whole;
    }

    /** All of a session; or all up to its version, and something of what came behind that. */
    static Known of(Snapshot whole) {
        return new Known(whole);
    }

    /**
     * Of a session of which this node knows that it is there, but none of its values.
     *
     * @param usedMillis when it was used, at the latest when it was made
     */
    static Known ofNothing(long generation, long usedMillis, Lifetime lifetime) {
        return of(new Snapshot(0, generation, usedMillis, usedMillis, 0, false, lifetime.span(), Map.of()));
    }

    /** As it was when all of it was known. */
    Snapshot whole() {
        return whole;
    }

    /** With what this node has changed since; without a mark, if that is not all. */
    Snapshot snapshot() {
        return snapshot;
    }

    /** Whether a change is among it. */
    boolean has(long version, long mark) {
        return version <= whole.version()
                || since.stream().anyMatch(own -> own.change().mark() == mark);
    }

    /** Whether nobody can have changed it between what is known. */
    boolean isWhole() {
        return since.isEmpty();
    }

    /** What the values take that this node has changed since. */
    long bytesSince() {
        long bytes = 0;
        for (Own own : since) {
            for (byte[] value : own.change().set().values()) {
                bytes += value.length;
            }
        }
        return bytes;
    }

    /** The session that it is. */
    long generation() {
        return whole.generation();
    }

    /** Used at another time. */
    Known usedAt(long usedMillis) {
        return new Known(whole.usedAt(usedMillis), since);
    }

    /** With a change of this node's own, of the same session. */
    Known with(Committed.Stored stored, Change change, Lifetime lifetime) {
        return with(new Own(stored.version(), stored.before(), change.alone(), lifetime));
    }

    private Known with(Own own) {
        if (own.version() <= whole.version()
                || since.stream()
                        .anyMatch(one -> one.change().mark() == own.change().mark())) {
            return this;
        }
        List<Own> all = new ArrayList<>(since);
        int at = all.size();
        while (at > 0 && all.get(at - 1).version() > own.version()) {
            at--;
        }
        all.add(at, own);
        return new Known(whole, all);
    }

    /** With all of the same session, as it was at another time. */
    Known with(Snapshot all) {
        return all.version() < whole.version()
                ? this
                : new Known(
                        all,
                        since.stream()
                                .filter(own -> own.version() > all.version())
                                .toList());
    }

    /** With what somebody else on this node knows of the same session. */
    Known with(Known other) {
        Known both = with(other.whole);
        for (Own own : other.since) {
            both = both.with(own);
        }
        return both;
    }
}
