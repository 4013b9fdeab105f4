package dev.holdfast.runtime;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the policies of one method remember when they are made anew because the configuration has changed: a breaker that is open
 * stays open, a permit that is taken stays taken, also while its annotation is switched off. It holds one object of a class.
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

    /** Of a method that had other policies. What these did not ask for, as their annotation was switched off, is there still. */
    Memory(Memory before) {
        Map<Class<?>, Object> all = new HashMap<>(before.before);
        all.putAll(before.kept);
        this.before = Map.copyOf(all);
    }

    /** What earlier policies have kept last; null if nothing. It may be in use by calls under way. */
    public <T> @Nullable T recall(Class<T> type) {
        return type.cast(before.get(type));
    }

    /** Keeps an object for policies to come. */
    public <T> T keep(Class<T> type, T object) {
        kept.put(type, object);
        return object;
    }
}
