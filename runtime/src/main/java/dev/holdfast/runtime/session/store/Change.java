package dev.holdfast.runtime.session.store;

import java.util.Collections;
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
 * @param replaces whether a session that is there makes way for a new one; only without a base
 * @param mark tells this change from others, for it may arrive twice
 * @param doubtful the mark of a change before it of which nobody knows whether it is stored; 0 for none. If it is what was stored last, the
 *     guarded names are those of this call still
 */
public record Change(
        @Nullable Snapshot base,
        Map<String, byte[]> set,
        Set<String> removed,
        Set<String> guarded,
        @Nullable SessionKey renewed,
        boolean replaces,
        long mark,
        long doubtful) {

    public Change {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        removed = Collections.unmodifiableSet(new LinkedHashSet<>(removed));
        guarded = Collections.unmodifiableSet(new LinkedHashSet<>(guarded));
    }

    /** With a mark of its own. */
    public Change(
            @Nullable Snapshot base,
            Map<String, byte[]> set,
            Set<String> removed,
            Set<String> guarded,
            @Nullable SessionKey renewed) {
        this(base, set, removed, guarded, renewed, false);
    }

    /** With a mark of its own. */
    public Change(
            @Nullable Snapshot base,
            Map<String, byte[]> set,
            Set<String> removed,
            Set<String> guarded,
            @Nullable SessionKey renewed,
            boolean replaces) {
        this(base, set, removed, guarded, renewed, replaces, newMark(), 0);
    }

    /** A mark that no other change has. */
    public static long newMark() {
        return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    }
}
