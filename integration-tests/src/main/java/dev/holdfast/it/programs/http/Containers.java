package dev.holdfast.it.programs.http;

import dev.holdfast.it.programs.Program;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/**
 * Runs the same cases on several servlet containers, each with a copy of the application and of the servlet API behind a loader of its own. Its
 * arguments: the class with the cases, then for each container its name, {@code =} and a class path.
 */
public final class Containers {

    private Containers() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i < arguments.length; i++) {
            String[] container = arguments[i].split("=", 2);
            URL[] path = Arrays.stream(container[1].split(File.pathSeparator))
                    .map(Containers::url)
                    .toArray(URL[]::new);
            URLClassLoader loader = new URLClassLoader(path, Containers.class.getClassLoader());
            Thread.currentThread().setContextClassLoader(loader);
            Class<?> type = Class.forName(arguments[0], true, loader);
            for (Method method : Program.cases(type, false)) {
                Program.run(container[0] + "." + method.getName(), () -> invoke(type, method));
            }
        }
        System.exit(0);
    }

    private static void invoke(Class<?> type, Method method) throws Throwable {
        Constructor<?> constructor = type.getDeclaredConstructor();
        method.setAccessible(true);
        try {
            method.invoke(constructor.newInstance());
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static URL url(String path) {
        try {
            return new File(path).toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(path, impossible);
        }
    }
}
