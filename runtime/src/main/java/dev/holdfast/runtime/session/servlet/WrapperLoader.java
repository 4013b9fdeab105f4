package dev.holdfast.runtime.session.servlet;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Defines the classes of one package of {@code dev.holdfast.servlets} anew, below a loader that has the servlet API. They lie among the runtime's own, where
 * they could not be linked.
 */
final class WrapperLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final String own;

    /**
     * Below that loader.
     *
     * @param name of the package
     */
    WrapperLoader(String name, @Nullable ClassLoader parent) {
        super("holdfast-servlets", parent);
        this.own = name + ".";
    }

    /** Its own come first: an application may have a copy of ours in its class path, such as one that was shaded by mistake. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(own)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream content = WrapperLoader.class.getClassLoader().getResourceAsStream(file)) {
            if (content == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] classFile = content.readAllBytes();
            return defineClass(name, classFile, 0, classFile.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
