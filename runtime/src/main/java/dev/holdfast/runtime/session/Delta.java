package dev.holdfast.runtime.session;

import dev.holdfast.runtime.session.store.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What calls have done to a session, one after the other, and which is stored nowhere yet. What a call has done is done as a whole or not at all: so names that
 * one call has had to do with belong together, and with all that belongs to them.
 *
 * <p>Not thread-safe.
 */
final class Delta {

    private final Map<String, byte[]> set = new LinkedHashMap<>();
    private final Set<String> removed = new LinkedHashSet<>();

    /** For each name that is set or removed what was known of the session when that was done last. */
    private final Map<String, @Nullable Known> upon = new LinkedHashMap<>();

    /** What was read or written by those who want to hear of conflicts, and what was known of the session when the first of them ended. */
    private final Map<String, @Nullable Known> guarded = new LinkedHashMap<>();

    /** None of these sets has a name of another one. */
    private final List<Set<String>> together = new ArrayList<>();

    /**
     * Adds what a call has done.
     *
     * @param known what this node knew to be stored then; null for nothing
     */
    void add(Change change, @Nullable Known known) {
        change.set().forEach((name, value) -> {
            set.put(name, value);
            removed.remove(name);
            upon.put(name, known);
        });
        change.removed().forEach(name -> {
            set.remove(name);
            removed.add(name);
            upon.put(name, known);
        });
        change.guarded().forEach(name -> guarded.putIfAbsent(name, known));
        Set<String> names = new HashSet<>(change.set().keySet());
        names.addAll(change.removed());
        names.addAll(change.guarded());
        together.removeIf(others -> !Collections.disjoint(names, others) && names.addAll(others));
        together.add(names);
    }

    void clear() {
        set.clear();
        removed.clear();
        upon.clear();
        guarded.clear();
        together.clear();
    }

    /** Whether nothing is changed by it. */
    boolean isEmpty() {
        return set.isEmpty() && removed.isEmpty();
    }

    /** The values that are set; unmodifiable. */
    Map<String, byte[]> set() {
        return Collections.unmodifiableMap(set);
    }

    /** The names that are removed; unmodifiable. */
    Set<String> removed() {
        return Collections.unmodifiableSet(removed);
    }

    /** What somebody else may not have changed where this is to be stored. */
    Set<String> touched() {
        Set<String> touched = new LinkedHashSet<>(set.keySet());
        touched.addAll(removed);
        touched.addAll(guarded.keySet());
        return touched;
    }

    /**
     * Whether somebody who wants to hear of conflicts has had to do with this before it was known what another change has made of it.
     *
     * @param version that the other change has made
     * @param mark of that change
     */
    boolean isBlind(String name, long version, long mark) {
        return guarded.containsKey(name) && !has(guarded.get(name), version, mark);
    }

    private static boolean has(@Nullable Known known, long version, long mark) {
        return known != null && known.has(version, mark);
    }

    /**
     * Takes out what another change has made anew: that was answered last. But not what was done upon that.
     *
     * @param version that it has made
     */
    void giveWayTo(Change other, long version) {
        Set<String> names = new HashSet<>(other.set().keySet());
        names.addAll(other.removed());
        names.removeIf(name -> !upon.containsKey(name) || has(upon.get(name), version, other.mark()));
        set.keySet().removeAll(names);
        removed.removeAll(names);
        upon.keySet().removeAll(names);
    }

    /** The same without what has to do with these names. */
    Delta without(Set<String> names) {
        Set<String> lost = new HashSet<>();
        together.stream().filter(others -> !Collections.disjoint(names, others)).forEach(lost::addAll);
        Delta rest = new Delta();
        rest.set.putAll(set);
        rest.set.keySet().removeAll(lost);
        rest.removed.addAll(removed);
        rest.removed.removeAll(lost);
        rest.upon.putAll(upon);
        rest.upon.keySet().removeAll(lost);
        rest.guarded.putAll(guarded);
        rest.guarded.keySet().removeAll(lost);
        together.stream().filter(others -> Collections.disjoint(lost, others)).forEach(rest.together::add);
        return rest;
    }
}
