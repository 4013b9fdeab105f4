package dev.holdfast.it.programs.loaders;

import dev.holdfast.it.programs.Program;
import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * The program that starts applications behind loaders of their own and lets them go again. Its arguments: the name of the
 * application's class, a {@link Callable} of a text that is null if all is well, then the paths of its class path.
 */
public final class Applications {

    private Applications() {}

    public static void main(String[] arguments) throws Exception {
        URL[] path = Arrays.stream(arguments).skip(1).map(Applications::url).toArray(URL[]::new);
        Program.run("alone", () -> start(arguments[0], path));
        Program.run("two_at_once", () -> {
            List<Alone> both = List.of(new Alone(path), new Alone(path));
            for (Alone loader : both) {
                start(loader, arguments[0]);
            }
            for (Alone loader : both) {
                loader.close();
            }
        });
        Program.run("collected_when_dropped", () -> gone(List.of(start(arguments[0], path))));
        Program.run("fifty_in_a_row", () -> {
            List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                dropped.add(start(arguments[0], path));
            }
            gone(dropped);
        });
        System.exit(0);
    }

    private static URL url(String path) {
        try {
            return new File(path).toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(path, impossible);
        }
    }

    private static WeakReference<ClassLoader> start(String name, URL... path) throws Throwable {
        try (Alone loader = new Alone(path)) {
            start(loader, name);
            return new WeakReference<>(loader);
        }
    }

    private static void start(Alone loader, String name) throws Throwable {
        Class<?> type = Class.forName(name, true, loader);
        if (type.getClassLoader() != loader) {
            throw new AssertionError("the application is not behind its own loader");
        }
        try {
            Object said = ((Callable<?>) type.getConstructor().newInstance()).call();
            if (said != null) {
                throw new AssertionError(said);
            }
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    /** Waits until the collector has taken them all; the deadline of the case is the limit. */
    private static void gone(List<WeakReference<ClassLoader>> dropped) {
        while (dropped.stream().anyMatch(loader -> loader.get() != null)) {
            System.gc();
            LockSupport.parkNanos(20_000_000);
        }
    }
}
