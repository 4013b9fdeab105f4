package dev.holdfast.runtime.session.store;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one call has done to a session. Immutable.
 *
 * @param base what it began with; null if there was none
 * @param set new values by name
 * @param removed names
 * @param guarded the names whose values must be those of {@code base} still, or else nothing is changed
 * @param renewed where the session goes; null if it stays
 * @param onto what becomes of a session that is there
 * @param mark tells this change from others, for it may arrive twice
 * @param doubtful the marks of changes before it, the last one first, of which nobody knows whether they are stored. Those that are not shall not be any more, as this one takes
 *     their place. If one of them is what was stored last, a session that is to be restored is this caller's own still
 * @param createdMillis when the session was made that this one makes in the store, by the clock of who has made it; 0 for now. One that is too old by
 *     that is not made
 * @param generation of the session that this one makes, if it makes one; 1 to 18 digits
 */
public record Change(
        @Nullable Snapshot base,
        Map<String, byte[]> set,
        Set<String> removed,
        Set<String> guarded,
        @Nullable SessionKey renewed,
        Onto onto,
        long mark,
        Set<Long> doubtful,
        long createdMillis,
        long generation) {

    /** What becomes of a session that is there. */
    public enum Onto {
        /** It is changed. */
        CHANGES(""),

        /** It makes way for a new one; without a base. */
        REPLACES("1"),

        /** It stays: this one is stored only where the store has lost it, and nobody has ended it; without a base. */
        RESTORES("2");

        final String word;

        Onto(String word) {
            this.word = word;
        }
    }

    private static final long LEAST_MARK = 1_000_000_000_000_000_000L;

    public Change {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        removed = copy(removed);
        guarded = copy(guarded);
        doubtful = doubtful.isEmpty() ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(doubtful));
    }

    /** A generation that no other session has. */
    public static long newGeneration() {
        return ThreadLocalRandom.current().nextLong(1, LEAST_MARK);
    }

    /** In the same order. Most calls remove nothing and guard nothing. */
    private static Set<String> copy(Set<String> names) {
        return names.isEmpty() ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /** With a mark of its own. */
    public Change(
            @Nullable Snapshot base,
            Map<String, byte[]> set,
            Set<String> removed,
            Set<String> guarded,
            @Nullable SessionKey renewed) {
        this(base, set, removed, guarded, renewed, Onto.CHANGES);
    }

    /** With a mark of its own. */
    public Change(
            @Nullable Snapshot base,
            Map<String, byte[]> set,
            Set<String> removed,
            Set<String> guarded,
            @Nullable SessionKey renewed,
            Onto onto) {
        this(base, set, removed, guarded, renewed, onto, newMark(), Set.of(), 0, newGeneration());
    }

    /** What it makes of its base, where nobody else has changed that. */
    public Snapshot after(long version, long generation, long createdMillis, long usedMillis, Lifetime lifetime) {
        Map<String, Snapshot.Attribute> attributes = new HashMap<>(base == null ? Map.of() : base.attributes());
        set.forEach((name, value) -> attributes.put(name, new Snapshot.Attribute(version, value)));
        removed.forEach(attributes::remove);
        Span span = base == null ? lifetime.span() : base.span().with(lifetime.span());
        return new Snapshot(version, generation, createdMillis, usedMillis, mark, true, span, attributes);
    }

    /** The same of a base whose values were stored since. */
    public Change basedOn(Snapshot settled) {
        return new Change(settled, set, removed, guarded, renewed, onto, mark, doubtful, createdMillis, generation);
    }

    /** The same, which is also in doubt of others: what of those comes later finds itself stored. */
    public Change doubting(Set<Long> others) {
        return new Change(base, set, removed, guarded, renewed, onto, mark, others, createdMillis, generation);
    }

    /** What it sets and removes, by the same mark, without all that is known besides. */
    public Change alone() {
        return new Change(null, set, removed, Set.of(), null, Onto.CHANGES, mark, Set.of(), 0, generation);
    }

    /** What it makes of something else than its base, of the same session, in which there may be some of what came behind it already. */
    public Snapshot upon(Snapshot known, long version, Lifetime lifetime) {
        Map<String, byte[]> earlier = new HashMap<>(set);
        earlier.keySet().removeIf(name -> known.versionOf(name) > version);
        Set<String> gone = new LinkedHashSet<>(removed);
        gone.removeIf(name -> known.versionOf(name) > version);
        return new Change(known, earlier, gone, Set.of(), null, Onto.CHANGES, mark, Set.of(), 0, generation)
                .after(version, known.generation(), known.createdMillis(), known.lastUsedMillis(), lifetime)
                .unanswered();
    }

    /** A mark that no other change has; of as many digits as all, so that none is found in two others. */
    public static long newMark() {
        return ThreadLocalRandom.current().nextLong(LEAST_MARK, Long.MAX_VALUE);
    }
}
