package dev.holdfast.runtime.log;

import dev.holdfast.runtime.loader.ByLoader;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Remembers which class loaders see an SLF4J. Neither they nor their classes are held strongly. Thread-safe. */
final class Loaders {

    private final ByLoader<Known> known = new ByLoader<>(Known::new);

    /** Whether the loader has SLF4J's classes. Loads none. */
    boolean carriesSlf4j(ClassLoader loader) {
        Known about = known.get(loader);
        Boolean carries = about.carries;
        if (carries == null) {
            carries = loader.getResource(Slf4j.FACTORY_RESOURCE) != null;
            about.carries = carries;
        }
        return carries;
    }

    /** The SLF4J that the loader sees, woken if need be; null if there is none, or none that logs. */
    @Nullable
    Slf4j slf4j(ClassLoader loader) {
        Known about = known.get(loader);
        WeakReference<Class<?>> factory = about.factory;
        if (factory == null) {
            factory = new WeakReference<>(factory(loader));
            about.factory = factory;
        }
        Class<?> type = factory.get();
        return type == null ? null : Slf4j.of(type);
    }

    private static @Nullable Class<?> factory(ClassLoader loader) {
        try {
            return Class.forName(Slf4j.FACTORY, false, loader);
        } catch (ClassNotFoundException none) {
            return null;
        }
    }

    /** How many are remembered. */
    int size() {
        return known.size();
    }

    /** What is known of one; two threads may find it out at once, and find the same. */
    private static final class Known {
        volatile @Nullable Boolean carries;
        volatile @Nullable WeakReference<Class<?>> factory;
    }
}
