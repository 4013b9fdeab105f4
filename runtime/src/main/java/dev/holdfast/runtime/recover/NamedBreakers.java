package dev.holdfast.runtime.recover;

import dev.holdfast.definition.recover.BreakerSettings;
import dev.holdfast.runtime.time.Time;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Breakers that methods share by name and definition, across all class loaders of the JVM. Where a name is defined otherwise, in the
 * loader of another application or release, it is another breaker.
 *
 * <p>Thread-safe, guarded by this; no foreign code runs under it. A breaker lives as long as a method that uses it.
 */
final class NamedBreakers {

    private final Map<Shared, WeakReference<Breaker>> breakers = new HashMap<>();

    /** Those that others go on from; where their settings come back they stand where they stood then. */
    private final Set<Breaker> superseded = Collections.newSetFromMap(new WeakHashMap<>());

    private record Shared(String name, BreakerSettings settings) {}

    /**
     * The breaker of that name and definition.
     *
     * @param before the breaker that the method shared by that name under another configuration; null if there was none. Where this
     *     definition is new, or is that of a configuration that was replaced meanwhile, it goes on from there
     */
    synchronized Breaker get(
            String name, BreakerSettings settings, @Nullable Breaker before, Time time, @Nullable ClassLoader loader) {
        Shared shared = new Shared(name, settings);
        WeakReference<Breaker> known = breakers.get(shared);
        Breaker breaker = known == null ? null : known.get();
        if (breaker == null || (before != null && before != breaker && superseded.contains(breaker))) {
            breakers.values().removeIf(reference -> reference.get() == null);
            breaker = before == null
                    ? new Breaker(settings, time, new BreakerLog("breaker \"" + name + "\"", loader))
                    : before.under(settings);
            breakers.put(shared, new WeakReference<>(breaker));
            if (before != null && before != breaker) {
                superseded.add(before);
            }
        }
        return breaker;
    }
}
