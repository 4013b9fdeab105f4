package dev.holdfast.runtime.session;

import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes and ends of one session that may have been stored, or may come to be: sent to a Redis that did not answer in time.
 *
 * <p>Not thread-safe.
 */
final class Doubts {

    /** They travel with each payment, and are kept in Redis with the last 64. */
    private static final int MOST_MARKS = 40;

    private static final int MOST_PAYMENTS = 20;
    private static final int MOST_VALUES = 1000;
    private static final long REMOVED = -1;

    private final Set<Long> marks = new LinkedHashSet<>();

    /** Of attempts to pay for the others: many, where Redis hangs for long, and none of them does harm if it comes late. */
    private final Set<Long> payments = new LinkedHashSet<>();

    /** What each attribute may be, by digests. */
    private final Map<String, Set<Long>> values = new HashMap<>();

    /** Adds one; the oldest make way. */
    void add(Change change) {
        add(marks, change.mark(), MOST_MARKS);
        addValues(change);
    }

    /** The same for the end of a session. */
    void addEnd(long mark) {
        add(marks, mark, MOST_MARKS);
    }

    /** The same for one that was to pay for those that are here. */
    void addPayment(Change change) {
        add(payments, change.mark(), MOST_PAYMENTS);
        addValues(change);
    }

    private void addValues(Change change) {
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
        return marks.isEmpty() && payments.isEmpty();
    }

    /** The same, of the same session. */
    void addAll(Doubts others) {
        others.marks.forEach(mark -> add(marks, mark, MOST_MARKS));
        others.payments.forEach(mark -> add(payments, mark, MOST_PAYMENTS));
        others.values.forEach((name, digests) -> digests.forEach(digest -> add(name, digest)));
    }

    /** Of the last ones, the last one first; unmodifiable. */
    Set<Long> marks() {
        List<Long> all = new ArrayList<>(payments);
        all.addAll(marks);
        Collections.reverse(all);
        return Collections.unmodifiableSet(new LinkedHashSet<>(all));
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
