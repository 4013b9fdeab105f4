package dev.holdfast.runtime.session;

import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Snapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one session that may have been stored, or may come to be: sent to a Redis that did not answer in time.
 *
 * <p>Not thread-safe.
 */
final class Doubts {

    /** They travel with each payment, and only the last ones can be what was stored last. */
    private static final int MOST_MARKS = 64;

    private static final int MOST_VALUES = 1000;
    private static final long REMOVED = -1;

    private final Set<Long> marks = new LinkedHashSet<>();

    /** What each attribute may be, by digests. */
    private final Map<String, Set<Long>> values = new HashMap<>();

    /** Adds one; the oldest make way. */
    void add(Change change) {
        add(marks, change.mark(), MOST_MARKS);
        change.set().forEach((name, value) -> add(name, digest(value)));
        change.removed().forEach(name -> add(name, REMOVED));
    }

    private void add(String name, long digest) {
        add(values.computeIfAbsent(name, same -> new LinkedHashSet<>()), digest, MOST_VALUES);
    }

    private static void add(Set<Long> all, long one, int most) {
        all.remove(one);
        all.add(one);
        if (all.size() > most) {
            all.remove(all.iterator().next());
        }
    }

    boolean isEmpty() {
        return marks.isEmpty();
    }

    /** Of the last ones, the oldest first; unmodifiable. */
    Set<Long> marks() {
        return Set.copyOf(marks);
    }

    /**
     * Whether one of them leaves an attribute as it is.
     *
     * @param there null for none
     */
    boolean mayHaveLeft(String name, Snapshot.@Nullable Attribute there) {
        return values.getOrDefault(name, Set.of()).contains(there == null ? REMOVED : digest(there.value()));
    }

    /** Not to be told from that of another value by one in some billions; never negative. */
    private static long digest(byte[] value) {
        return (long) value.length << Integer.SIZE | Integer.toUnsignedLong(Arrays.hashCode(value));
    }
}
