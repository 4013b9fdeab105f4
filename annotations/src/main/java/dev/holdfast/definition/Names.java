package dev.holdfast.definition;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names by which methods share something, and what they define by them. A name has one definition: a second one is a mistake.
 * Thread-safe, guarded by this.
 */
public final class Names {

    private final Map<Name, Claim> claims = new HashMap<>();

    private record Name(String kind, String name) {}

    private record Claim(Object definition, String place) {}

    /**
     * Claims a name for what a method defines by it.
     *
     * @param kind of what is shared, as in {@code breaker}; each has names of its own
     * @param definition compared by {@code equals}; refers to nothing of the application
     * @return null if it is this method's or defined alike, else the place of the first method that has defined it otherwise
     */
    public synchronized @Nullable String claim(String kind, String name, Object definition, MethodModel method) {
        Claim first = claims.putIfAbsent(new Name(kind, name), new Claim(definition, method.place()));
        return first == null || first.definition().equals(definition) ? null : first.place();
    }
}
