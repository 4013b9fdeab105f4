package dev.holdfast.runtime.ratelimit;

import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits that methods share by name and definition, across all class loaders of the JVM. Where a name is defined otherwise, in the
 * loader of another application or release, it is another limit.
 *
 * <p>Thread-safe, guarded by this; no foreign code runs under it. A limit lives as long as a method that uses it.
 */
final class NamedLimits {

    private final Map<Shared, WeakReference<Limit>> limits = new HashMap<>();

    private record Shared(String name, RateSettings settings) {}

    /**
     * The limit of that name and definition.
     *
     * @param before the limit that the method shared by that name under another configuration; null if there was none. Where this
     *     definition is new it goes on from there
     */
    synchronized Limit get(String name, RateSettings settings, @Nullable Limit before, Meters.Source source) {
        Shared shared = new Shared(name, settings);
        WeakReference<Limit> known = limits.get(shared);
        Limit limit = known == null ? null : known.get();
        if (limit == null) {
            limits.values().removeIf(reference -> reference.get() == null || reference.refersTo(before));
            limit = before != null && before.follow(settings) ? before : new Limit("name:" + name, settings, source);
            limits.put(shared, new WeakReference<>(limit));
        }
        return limit;
    }
}
