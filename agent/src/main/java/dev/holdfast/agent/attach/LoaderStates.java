package dev.holdfast.agent.attach;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One {@link LoaderState} for each class loader, as long as the loader lives. Loaders are told apart by identity: to ask one for
 * its hash code may run an application's code. Thread-safe.
 */
final class LoaderStates {

    private final Map<Key, LoaderState> states = new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> unloaded = new ReferenceQueue<>();

    /** What is remembered of the loader; null if that is nothing. */
    @Nullable
    LoaderState known(ClassLoader loader) {
        return states.get(new Key(loader, null));
    }

    /** What is remembered of the loader, from now on if need be. */
    LoaderState of(ClassLoader loader) {
        for (Reference<?> gone = unloaded.poll(); gone != null; gone = unloaded.poll()) {
            states.remove(gone);
        }
        LoaderState known = known(loader);
        if (known != null) {
            return known;
        }
        LoaderState fresh = new LoaderState();
        LoaderState first = states.putIfAbsent(new Key(loader, unloaded), fresh);
        return first == null ? fresh : first;
    }

    int size() {
        return states.size();
    }

    private static final class Key extends WeakReference<ClassLoader> {

        private final int hash;

        Key(ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> unloaded) {
            super(loader, unloaded);
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
            return loader != null && other instanceof Key key && key.refersTo(loader);
        }
    }
}
