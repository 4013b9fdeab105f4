package dev.holdfast.runtime.notify.channel;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A jar with all of an application's jars in it, as Spring Boot packs them. Its loader is not there yet when the configuration is read, so what
 * the application brings is looked for in the jar. Takes tenths of a second, so it is for what is about to go wrong. Stateless.
 */
final class FatJar {

    /** Where the application's own classes lie, if not at the root. */
    private static final List<String> ROOTS = List.of("", "BOOT-INF/classes/", "WEB-INF/classes/");

    /** These load from their own jar alone; others, from wherever they are told. */
    private static final String LAUNCHER = "org\\.springframework\\.boot\\.loader\\.(launch\\.)?(Jar|War)Launcher";

    private final File file;

    FatJar(File file) {
        this.file = file;
    }

    /** The jar that this JVM was started with; none if it was started otherwise. */
    static Optional<FatJar> started() {
        return StartedJar.of(System.getProperty("sun.java.command", ""), System.getProperty("java.class.path", ""))
                .map(path -> new FatJar(new File(path)));
    }

    /** Whether the application may have a resource: not if it can have no other classes than those in the jar, and nothing there has it. */
    boolean mayHold(String resource) {
        try (JarFile jar = new JarFile(file, false)) { // who has signed it is not asked
            Manifest manifest = jar.getManifest();
            String main = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            return main == null || !main.matches(LAUNCHER) || holds(jar, resource);
        } catch (IOException | RuntimeException unreadable) {
            return true; // which the application itself will be told
        }
    }

    private static boolean holds(JarFile jar, String resource) throws IOException {
        for (String root : ROOTS) {
            if (jar.getEntry(root + resource) != null) {
                return true;
            }
        }
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (entry.getName().endsWith(".jar")) {
                try (InputStream content = jar.getInputStream(entry);
                        ZipInputStream inner = new ZipInputStream(content)) {
                    if (holds(inner, resource)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean holds(ZipInputStream jar, String resource) throws IOException {
        for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
            if (entry.getName().equals(resource)) {
                return true;
            }
        }
        return false;
    }
}
