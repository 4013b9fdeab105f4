package dev.holdfast.it.programs.loaders;

import java.net.URL;
import java.net.URLClassLoader;

/** A loader that gets nothing but {@code java.*} from elsewhere, as containers of plugins have them. */
final class Alone extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    Alone(URL... urls) {
        super(urls, null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = name.startsWith("java.") ? super.loadClass(name, false) : findClass(name);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }
}
