package dev.holdfast.runtime.log;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which class loaders see an SLF4J. Loaders are compared by identity, because an application's may have an
 * {@code equals} of its own, and neither they nor their classes are held strongly. Thread-safe.
 */
final class Loaders {

    private final ConcurrentMap<Loader, Known> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();

    /** Whether the loader has SLF4J's classes. Loads none. */
    boolean carriesSlf4j(ClassLoader loader) {
        Known about = about(loader);
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
        Known about = about(loader);
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

    private Known about(ClassLoader loader) {
        Reference<? extends ClassLoader> old;
        while ((old = gone.poll()) != null) {
            known.remove(old);
        }
        Known found = known.get(new Loader(loader, null));
        if (found != null) {
            return found;
        }
        Known fresh = new Known();
        found = known.putIfAbsent(new Loader(loader, gone), fresh);
        return found == null ? fresh : found;
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

    private static final class Loader extends WeakReference<ClassLoader> {

        private final int hash;

        Loader(ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> gone) {
            super(loader, gone);
            hash = System.identityHashCode(loader);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            ClassLoader loader = get();
            return loader != null && other instanceof Loader that && that.refersTo(loader);
        }
    }
}
