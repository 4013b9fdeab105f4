package dev.holdfast.agent.programs;

import java.net.URL;
import java.net.URLClassLoader;

/** Runs a program behind a class loader that hides the bridge. */
public final class Shut {

    private Shut() {}

    public static void main(String[] arguments) throws Exception {
        URL here = Shut.class.getProtectionDomain().getCodeSource().getLocation();
        Class<?> guarded = new ShutLoader(here).loadClass("dev.holdfast.agent.programs.Guarded");
        guarded.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }

    private static final class ShutLoader extends URLClassLoader {

        ShutLoader(URL classes) {
            super(new URL[] {classes}, Shut.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals("java.lang.HoldfastSite")) {
                throw new ClassNotFoundException(name);
            }
            return name.startsWith("dev.holdfast.agent.programs.") ? findHere(name) : super.loadClass(name, resolve);
        }

        private Class<?> findHere(String name) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }
}
