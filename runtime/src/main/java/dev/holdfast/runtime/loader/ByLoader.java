package dev.holdfast.runtime.loader;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one value for each class loader, for as long as the loader lives. Loaders are told apart by identity and asked nothing, because an
 * application's may have an {@code equals} of its own; and they are held weakly, so a value must not lead back to its loader.
 *
 * <p>Thread-safe.
 *
 * @param <V> what is kept
 */
public final class ByLoader<V> {

    private final Supplier<? extends V> maker;

    /** For what the JVM itself has loaded, which has no loader. */
    private final V ofJvm;

    private final ConcurrentMap<Key, V> values = new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();

    /**
     * Nothing is kept yet.
     *
     * @param maker of the first value for a loader; where two threads ask at once it makes two, of which one is kept
     */
    public ByLoader(Supplier<? extends V> maker) {
        this.maker = maker;
        this.ofJvm = maker.get();
    }

    /** What is kept for that loader: the same for the same one. */
    public V get(@Nullable ClassLoader loader) {
        if (loader == null) {
            return ofJvm;
        }
        Reference<? extends ClassLoader> old;
        while ((old = gone.poll()) != null) {
            values.remove(old);
        }
        V known = values.get(new Key(loader, null));
        if (known != null) {
            return known;
        }
        V fresh = maker.get();
        known = values.putIfAbsent(new Key(loader, gone), fresh);
        return known == null ? fresh : known;
    }

    /** How many loaders are remembered, the JVM's own aside. */
    public int size() {
        return values.size();
    }

    private static final class Key extends WeakReference<ClassLoader> {

        private final int hash;

        Key(ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> gone) {
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
            return loader != null && other instanceof Key that && that.refersTo(loader);
        }
    }
}
