package known;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Loads and verifies every class of the jars on its class path that its arguments name, and says which cannot be, and why. */
public final class Linked {

    private Linked() {}

    public static void main(String[] jars) throws Exception {
        int linked = 0;
        for (String jar : jars) {
            for (String name : classes(jar)) {
                String failure = link(name);
                if (failure == null) {
                    linked++;
                } else {
                    System.out.println(name + ": " + failure);
                }
            }
        }
        System.out.println("linked " + linked);
        Runtime.getRuntime().halt(0); // definitions of 100,000 methods wait to be checked, which is not what this is about
    }

    private static List<String> classes(String jar) throws Exception {
        List<String> names = new ArrayList<>();
        try (ZipFile zip = new ZipFile(new File(jar))) {
            for (ZipEntry entry : zip.stream().toArray(ZipEntry[]::new)) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("-info.class")) {
                    names.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
        return names;
    }

    private static String link(String name) {
        try {
            // Reflection links the class before it lists what is declared, and does not run its initialiser.
            Class.forName(name, false, Linked.class.getClassLoader()).getDeclaredConstructors();
            return null;
        } catch (Throwable failure) {
            // Which of several missing types it meets first depends on the order of methods.
            return failure.getClass().getName();
        }
    }
}
