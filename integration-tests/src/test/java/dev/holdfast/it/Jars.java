package dev.holdfast.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Puts jars together while the tests run. */
final class Jars {

    private Jars() {}

    /** A jar with that in its manifest, and the contents of some folders and jars; of two files with one name the first counts. */
    static Path jar(Path file, Map<String, String> manifest, Path... contents) {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest(manifest))) {
            Set<String> names = new HashSet<>(Set.of(JarFile.MANIFEST_NAME));
            for (Path content : contents) {
                add(jar, "", content, names);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return file;
    }

    /** A fat jar of Spring Boot's kind: its loader, the application in BOOT-INF/classes, and libraries as jars in the jar. */
    static Path fatJar(Path file, String main, Path loader, Iterable<Path> libraries, Path... classes) {
        Map<String, String> manifest = Map.of(
                "Main-Class",
                "org.springframework.boot.loader.launch.JarLauncher",
                "Start-Class",
                main,
                "Spring-Boot-Classes",
                "BOOT-INF/classes/",
                "Spring-Boot-Lib",
                "BOOT-INF/lib/");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest(manifest))) {
            Set<String> names = new HashSet<>(Set.of(JarFile.MANIFEST_NAME));
            add(jar, "", loader, names);
            // The loader asks for these.
            for (String folder : new String[] {"BOOT-INF/", "BOOT-INF/classes/", "BOOT-INF/lib/"}) {
                jar.putNextEntry(new ZipEntry(folder));
            }
            for (Path folder : classes) {
                add(jar, "BOOT-INF/classes/", folder, names);
            }
            for (Path library : libraries) {
                byte[] content = Files.readAllBytes(library);
                ZipEntry entry = new ZipEntry("BOOT-INF/lib/" + library.getFileName());
                CRC32 crc = new CRC32();
                crc.update(content);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                jar.putNextEntry(entry);
                jar.write(content);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return file;
    }

    private static Manifest manifest(Map<String, String> entries) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        entries.forEach(manifest.getMainAttributes()::putValue);
        return manifest;
    }

    private static void add(JarOutputStream jar, String prefix, Path content, Set<String> names) throws IOException {
        if (Files.isDirectory(content)) {
            try (Stream<Path> files = Files.walk(content)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    String name = prefix + content.relativize(file);
                    if (names.add(name)) {
                        jar.putNextEntry(new ZipEntry(name));
                        Files.copy(file, jar);
                    }
                }
            }
            return;
        }
        try (ZipFile zip = new ZipFile(content.toFile())) {
            for (ZipEntry entry :
                    zip.stream().filter(each -> !each.isDirectory()).toList()) {
                String name = prefix + entry.getName();
                if (names.add(name)) {
                    jar.putNextEntry(new ZipEntry(name));
                    try (InputStream bytes = zip.getInputStream(entry)) {
                        bytes.transferTo(jar);
                    }
                }
            }
        }
    }

    /** An agent whose class is on the class path already. */
    static Path agentOf(String premain) {
        Path jar = Jvm.work("agents").resolve(premain + ".jar");
        Map<String, String> manifest = Map.of("Premain-Class", premain, "Can-Redefine-Classes", "true");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest(manifest)).close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return jar;
    }
}
