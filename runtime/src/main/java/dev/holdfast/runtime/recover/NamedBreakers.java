package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.time.Time;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Breakers that methods share by name, across all class loaders of the JVM. Within one loader a name has one definition: a
 * second one is a mistake. In another loader it may be another application's, or another release, and is another breaker.
 *
 * <p>Thread-safe, guarded by this; no foreign code runs under it. A breaker lives as long as a method that uses it.
 */
final class NamedBreakers {

    private final Map<Shared, WeakReference<Breaker>> breakers = new HashMap<>();
    private final Map<@Nullable ClassLoader, Map<String, Defined>> definitions = new WeakHashMap<>();

    private record Shared(String name, BreakerSettings settings) {}

    private record Defined(BreakerSettings settings, String place) {}

    /** The breaker of that name and definition. */
    synchronized Breaker get(String name, BreakerSettings settings, Time time, @Nullable ClassLoader loader) {
        Shared shared = new Shared(name, settings);
        WeakReference<Breaker> known = breakers.get(shared);
        Breaker breaker = known == null ? null : known.get();
        if (breaker == null) {
            breakers.values().removeIf(reference -> reference.get() == null);
            breaker = new Breaker(settings, time, new BreakerLog("breaker \"" + name + "\"", loader));
            breakers.put(shared, new WeakReference<>(breaker));
        }
        return breaker;
    }

    /** Who has defined that name otherwise in the same loader, if anybody has; else this method's is the definition. */
    synchronized @Nullable String otherDefinition(GuardedMethod method, String name, BreakerSettings settings) {
        Defined own = new Defined(settings, method.place());
        Defined first = definitions
                .computeIfAbsent(method.loader(), none -> new HashMap<>())
                .putIfAbsent(name, own);
        return first == null || first.settings().equals(settings) ? null : first.place();
    }
}
