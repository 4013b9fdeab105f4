package dev.holdfast.definition;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names by which methods share something, and what they define by them. A name has one definition: a second one is a mistake.
 * Thread-safe, guarded by this.
 */
public final class Names {

    /** By name, and there by place of the method: all of one name are alike. */
    private final Map<Name, Map<String, Object>> claims = new HashMap<>();

    private record Name(String kind, String name) {}

    /**
     * Claims a name for what a method defines by it. What the same method has defined by it before no longer counts: a debugger may have put a new
     * version of it in its place.
     *
     * @param kind of what is shared, as in {@code breaker}; each has names of its own
     * @param definition compared by {@code equals}; refers to nothing of the application
     * @return null if it is this method's or defined alike, else the place of the first method that has defined it otherwise
     */
    public synchronized @Nullable String claim(String kind, String name, Object definition, MethodModel method) {
        Map<String, Object> byPlace = claims.computeIfAbsent(new Name(kind, name), unknown -> new LinkedHashMap<>());
        String place = method.place();
        if (definition.equals(byPlace.get(place))) {
            return null;
        }
        byPlace.remove(place);
        if (!byPlace.isEmpty() && !byPlace.containsValue(definition)) {
            return byPlace.keySet().iterator().next();
        }
        byPlace.put(place, definition);
        return null;
    }
}
