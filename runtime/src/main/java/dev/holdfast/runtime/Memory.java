package dev.holdfast.runtime;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the policies of one method remember when they are made anew because the configuration has changed: a breaker that is open
 * stays open, a permit that is taken stays taken. It holds one object of a class.
 *
 * <p>Belongs to the thread that makes the policies, and is only read after.
 */
public final class Memory {

    private final Map<Class<?>, Object> before;
    private final Map<Class<?>, Object> kept = new HashMap<>();

    /** Of a method that had no policies. */
    public Memory() {
        this.before = Map.of();
    }

    /** Of a method that had other policies. */
    Memory(Memory before) {
        this.before = before.kept;
    }

    /** What the earlier policies have kept; null if nothing. It may be in use by calls under way. */
    public <T> @Nullable T recall(Class<T> type) {
        return type.cast(before.get(type));
    }

    /** Keeps an object for policies to come. */
    public <T> T keep(Class<T> type, T object) {
        kept.put(type, object);
        return object;
    }
}
