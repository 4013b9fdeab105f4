package dev.holdfast.agent.weave;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The annotation types of users' own that bear one of Holdfast's, directly or through others. There is one of these per JVM; it
 * answers per class loader, because the same name may mean different types in two of them.
 *
 * <p>An annotation type is usually loaded after the classes that bear it, or never. So its class file is looked up, once per loader
 * and name, whatever comes of it. Types that come by while they are loaded are remembered too: that finds those which exist only in
 * memory.
 *
 * <p>Thread-safe, and no lock is held during a look-up, which may load classes and so come back here. Class loaders are held weakly;
 * what is kept of a type is its class file.
 */
public final class ComposedAnnotations {

    /** Stands for a type that bears nothing of ours, or cannot be found. */
    private static final byte[] ORDINARY = {};

    private final Map<LoaderKey, Map<String, byte[]>> byLoader = new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> unloaded = new ReferenceQueue<>();

    /** Knows nothing yet. */
    public ComposedAnnotations() {}

    /**
     * What the classes of one loader see. Cheap; to be used for one class and dropped, since it holds the loader.
     *
     * @param loader null for the boot loader
     * @param resources finds class files as that loader would
     */
    public View seenBy(@Nullable ClassLoader loader, Resources resources) {
        return new View(loader, resources);
    }

    private Map<String, byte[]> of(@Nullable ClassLoader loader) {
        for (Reference<?> gone = unloaded.poll(); gone != null; gone = unloaded.poll()) {
            byLoader.remove(gone);
        }
        Map<String, byte[]> known = byLoader.get(new LoaderKey(loader, null));
        if (known == null) {
            Map<String, byte[]> fresh = new ConcurrentHashMap<>();
            known = byLoader.putIfAbsent(new LoaderKey(loader, unloaded), fresh);
            known = known == null ? fresh : known;
        }
        return known;
    }

    /** How many loaders are remembered. */
    int loaders() {
        return byLoader.size();
    }

    /** The annotation types as the classes of one loader see them. Thread-safe. */
    public final class View {

        private final @Nullable ClassLoader loader;
        private final Resources resources;

        private View(@Nullable ClassLoader loader, Resources resources) {
            this.loader = loader;
            this.resources = resources;
        }

        /**
         * The class file of an annotation type that bears one of Holdfast's annotations, itself or through others.
         *
         * @return null if it bears none or cannot be found
         */
        byte @Nullable [] find(String descriptor) {
            return find(descriptor, new HashSet<>());
        }

        /** Remembers an annotation type that is being loaded by this loader. */
        void saw(ClassBytes type) {
            String descriptor = type.descriptor();
            if (composed(type, new HashSet<>(Set.of(descriptor)))) {
                of(loader).put(descriptor, type.file());
            }
        }

        private byte @Nullable [] find(String descriptor, Set<String> path) {
            Map<String, byte[]> known = of(loader);
            byte[] type = known.get(descriptor);
            if (type == null) {
                type = seenByParents(descriptor);
            }
            if (type == null) {
                type = lookedUp(descriptor, path);
                // Inside a circle of types, "none" may only mean that the circle was cut here.
                if (type == ORDINARY && !path.isEmpty()) {
                    return null;
                }
            }
            known.put(descriptor, type);
            return type == ORDINARY ? null : type;
        }

        private byte[] lookedUp(String descriptor, Set<String> path) {
            byte[] file = null;
            try {
                file = resources.find(
                        descriptor.substring(1, descriptor.length() - 1).concat(".class"));
            } catch (RuntimeException | LinkageError brokenLoader) {
                // An application's own loader may do anything; its classes are still woven by what they bear directly.
            }
            ClassBytes type = file == null ? null : ClassBytes.firstLook(file);
            if (type == null) {
                return ORDINARY;
            }
            path.add(descriptor);
            boolean composed = composed(type, path);
            path.remove(descriptor);
            return composed ? type.file() : ORDINARY;
        }

        private boolean composed(ClassBytes type, Set<String> path) {
            try {
                if (!type.isAnnotationType()) {
                    return false;
                }
                for (String borne : type.annotationsOfClass()) {
                    if (Kind.of(borne) != null
                            || Kind.heldBy(borne) != null
                            || (!path.contains(borne) && find(borne, path) != null)) {
                        return true;
                    }
                }
                return false;
            } catch (IndexOutOfBoundsException damaged) {
                return false;
            }
        }

        private byte @Nullable [] seenByParents(String descriptor) {
            ClassLoader parent = loader == null ? null : loader.getParent();
            while (parent != null) {
                Map<String, byte[]> known = byLoader.get(new LoaderKey(parent, null));
                byte[] type = known == null ? null : known.get(descriptor);
                if (type != null && type != ORDINARY) {
                    return type;
                }
                parent = parent.getParent();
            }
            return null;
        }
    }

    /** A loader by identity: one that is asked for its hash code may run an application's code. */
    private static final class LoaderKey extends WeakReference<@Nullable ClassLoader> {

        private final int hash;
        private final boolean boot;

        LoaderKey(@Nullable ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> unloaded) {
            super(loader, unloaded);
            hash = System.identityHashCode(loader);
            boot = loader == null;
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
            if (!(other instanceof LoaderKey key)) {
                return false;
            }
            ClassLoader loader = get();
            return boot ? key.boot : loader != null && key.refersTo(loader);
        }
    }
}
