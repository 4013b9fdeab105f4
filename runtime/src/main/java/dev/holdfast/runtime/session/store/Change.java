package dev.holdfast.runtime.session.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one call has done to a session. Immutable.
 *
 * @param base what it began with; null if there was none
 * @param set new values by name
 * @param removed names
 * @param guarded the names whose values must be those of {@code base} still, or else nothing is changed
 * @param renewed where the session goes; null if it stays
 */
public record Change(
        @Nullable Snapshot base,
        Map<String, byte[]> set,
        Set<String> removed,
        Set<String> guarded,
        @Nullable SessionKey renewed) {

    public Change {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        removed = Collections.unmodifiableSet(new LinkedHashSet<>(removed));
        guarded = Collections.unmodifiableSet(new LinkedHashSet<>(guarded));
    }
}
