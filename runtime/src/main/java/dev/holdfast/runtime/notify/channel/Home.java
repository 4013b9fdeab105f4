package dev.holdfast.runtime.notify.channel;

import java.lang.ref.WeakReference;

/**
 * Whose log is told what concerns no method in particular. It is the application's whose failures are told: the system's loader does not see it
 * where it comes as a jar within a jar, or runs on a server. Of several applications it is the first. Thread-safe.
 */
public final class Home {

    private static volatile WeakReference<ClassLoader> first = new WeakReference<>(null);

    private Home() {}

    /** Failures in a class of that loader are told. */
    public static void see(ClassLoader loader) {
        ClassLoader known = first.get();
        if (known == null || isAbove(known, loader)) {
            first = new WeakReference<>(loader);
        }
    }

    private static boolean isAbove(ClassLoader known, ClassLoader loader) {
        for (ClassLoader parent = loader.getParent(); parent != null; parent = parent.getParent()) {
            if (parent == known) {
                return true;
            }
        }
        return false;
    }

    /** A loader of the application's. */
    public static ClassLoader loader() {
        ClassLoader known = first.get();
        return known == null ? ClassLoader.getSystemClassLoader() : known;
    }
}
