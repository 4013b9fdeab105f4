package dev.holdfast.agent.attach;

import dev.holdfast.agent.weave.Weaving.Woven;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Classes that were woven and are not known to be loaded yet. A definition can be checked in full only on the class itself, and
 * the class is not there while it is being woven, nor may it be loaded for a check that the program did not ask for. So it is looked
 * for among what its loader has, until it is there.
 *
 * <p>A class whose loading failed never turns up, and is dropped in the end. Loaders are held weakly. Not thread-safe: one thread
 * owns it.
 */
final class AwaitedClasses {

    /** How long a class is looked for. It is defined microseconds after it is woven, unless its superclass is slow to come. */
    static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Function<ClassLoader, Class<?>[]> loadedBy;
    private final RuntimeEntry runtime;
    private final List<Awaited> all = new ArrayList<>();

    /**
     * For checks by this runtime.
     *
     * @param loadedBy tells what a loader has loaded, without loading anything
     */
    AwaitedClasses(Function<ClassLoader, Class<?>[]> loadedBy, RuntimeEntry runtime) {
        this.loadedBy = loadedBy;
        this.runtime = runtime;
    }

    /** Waits for one more. */
    void add(WeakReference<ClassLoader> loader, String className, List<Woven> methods, long nowNanos) {
        all.add(new Awaited(loader, className, methods, nowNanos + PATIENCE_NANOS));
    }

    /** Checks those that are loaded by now, and gives how many are still to come. */
    int settle(long nowNanos) {
        for (Map.Entry<ClassLoader, Map<String, Awaited>> each :
                wantedByLoader(nowNanos).entrySet()) {
            settle(each.getKey(), each.getValue());
        }
        return all.size();
    }

    private IdentityHashMap<ClassLoader, Map<String, Awaited>> wantedByLoader(long nowNanos) {
        IdentityHashMap<ClassLoader, Map<String, Awaited>> byLoader = new IdentityHashMap<>();
        for (Iterator<Awaited> each = all.iterator(); each.hasNext(); ) {
            Awaited awaited = each.next();
            ClassLoader loader = awaited.loader.get();
            if (loader == null || nowNanos - awaited.untilNanos > 0) {
                each.remove();
                continue;
            }
            Map<String, Awaited> wanted = byLoader.get(loader);
            if (wanted == null) {
                wanted = new HashMap<>();
                byLoader.put(loader, wanted);
            }
            if (wanted.putIfAbsent(awaited.className, awaited) != null) {
                each.remove(); // woven by two threads at once, of which one came to load it
            }
        }
        return byLoader;
    }

    private void settle(ClassLoader loader, Map<String, Awaited> wanted) {
        for (Class<?> type : loadedBy.apply(loader)) {
            // Among them are classes that this loader got from another one, which are not meant.
            if (type.getClassLoader() == loader) {
                Awaited awaited = wanted.remove(type.getName());
                if (awaited != null) {
                    all.remove(awaited);
                    check(type, awaited.methods);
                }
            }
        }
    }

    private void check(Class<?> type, List<Woven> methods) {
        for (Woven method : methods) {
            runtime.check(type, method.name(), method.descriptor(), method.definition());
        }
    }

    /** Compared by identity. */
    private static final class Awaited {

        final WeakReference<ClassLoader> loader;
        final String className;
        final List<Woven> methods;
        final long untilNanos;

        Awaited(WeakReference<ClassLoader> loader, String className, List<Woven> methods, long untilNanos) {
            this.loader = loader;
            this.className = className;
            this.methods = methods;
            this.untilNanos = untilNanos;
        }
    }
}
