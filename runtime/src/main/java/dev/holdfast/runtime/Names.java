package dev.holdfast.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names by which methods share something, and what they define by them. Within one class loader a name has one definition: a second
 * one is a mistake. In another loader it may be another application's, or another release.
 *
 * <p>There is one for each configuration, for a definition may come from there. Thread-safe, guarded by this; no foreign code runs
 * under it. Loaders are referred to weakly.
 */
public final class Names {

    private final Map<@Nullable ClassLoader, Map<Name, Claim>> claims = new WeakHashMap<>();

    private record Name(String kind, String name) {}

    private record Claim(Object definition, String place) {}

    /**
     * Claims a name for what a method defines by it.
     *
     * @param kind of what is shared, as in {@code breaker}; each has names of its own
     * @param definition compared by {@code equals}; refers to nothing of the application
     * @return null if it is this method's or defined alike, else the place of the first method that has defined it otherwise
     */
    public synchronized @Nullable String claim(String kind, String name, Object definition, GuardedMethod method) {
        Claim first = claims.computeIfAbsent(method.loader(), none -> new HashMap<>())
                .putIfAbsent(new Name(kind, name), new Claim(definition, method.place()));
        return first == null || first.definition().equals(definition) ? null : first.place();
    }
}
