package dev.holdfast.agent.check;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import net.bytebuddy.jar.asm.ClassReader;
import org.jspecify.annotations.Nullable;

/**
 * Finds class files: in folders, in archives, and in the archives within them, as Spring Boot and web applications have them. What must be
 * unpacked for that is deleted again in the end.
 */
final class Places implements AutoCloseable {

    private static final String CLASS = ".class";
    private static final String SERVICES = "META-INF/services/";
    private static final String VERSIONS = "META-INF/versions/";

    /** Where classes lie in archives that are more than a jar. */
    private static final List<String> ROOTS = List.of("BOOT-INF/classes/", "WEB-INF/classes/");

    private final Program program;
    private final List<ZipFile> open = new ArrayList<>();
    private final List<Path> unpacked = new ArrayList<>();

    Places(Program program) {
        this.program = program;
    }

    /**
     * Adds what lies there.
     *
     * @throws IOException with a message for people, if it is not there or cannot be read
     */
    void add(File place) throws IOException {
        if (place.isDirectory()) {
            addFolder(place.toPath());
        } else if (place.isFile()) {
            addArchive(place, place.getPath());
        } else {
            throw new IOException(place + " is not there; expected: a jar, a war, or a folder of classes or jars");
        }
    }

    private void addFolder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (isArchive(name)) {
                addArchive(file.toFile(), file.toString());
            } else if (name.endsWith(CLASS)) {
                String internalName = internalName(Files.readAllBytes(file));
                if (internalName == null) { // which is told if it is one of those that matter
                    internalName =
                            withoutRoot(folder.relativize(file).toString().replace(File.separatorChar, '/'));
                }
                add(internalName, () -> Files.readAllBytes(file));
            } else {
                addService(folder.relativize(file).toString().replace(File.separatorChar, '/'));
            }
        }
    }

    /** Adds a file if it names classes which implement something. */
    private void addService(String name) {
        int at = name.indexOf(SERVICES); // a folder may begin above the root
        if (at >= 0) {
            program.addService(name.substring(at));
        }
    }

    private void add(String internalName, Program.ClassFile classFile) throws IOException {
        if (internalName.endsWith("module-info")) {
            addProvided(classFile.read());
        } else if (!internalName.endsWith("package-info")) {
            program.add(internalName, classFile);
        }
    }

    private void addProvided(byte[] moduleFile) {
        try {
            for (ModuleDescriptor.Provides provided :
                    ModuleDescriptor.read(ByteBuffer.wrap(moduleFile)).provides()) {
                program.addService(SERVICES + provided.service());
            }
        } catch (InvalidModuleDescriptorException | BufferUnderflowException newer) {
            return; // of it, nothing is told
        }
    }

    private static boolean isArchive(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".jar") || lower.endsWith(".war") || lower.endsWith(".ear");
    }

    private void addArchive(File file, String shown) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file);
        } catch (ZipException none) {
            throw new IOException(shown + " is no jar (" + none.getMessage() + ")", none);
        }
        open.add(zip);
        Map<String, ZipEntry> classes = new HashMap<>();
        List<String> order = new ArrayList<>();
        List<ZipEntry> inner = new ArrayList<>();
        boolean versioned = isMultiRelease(zip, shown);
        Map<String, Integer> versionOf = new HashMap<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            if (!entry.isDirectory() && isArchive(name)) {
                inner.add(entry);
            }
            if (entry.isDirectory() || !name.endsWith(CLASS)) {
                addService(name);
                continue;
            }
            int version = 0;
            if (name.startsWith(VERSIONS)) {
                int slash = name.indexOf('/', VERSIONS.length());
                version = slash < 0 ? 0 : number(name.substring(VERSIONS.length(), slash));
                if (!versioned || version == 0 || version > Runtime.version().feature()) {
                    continue;
                }
                name = name.substring(slash + 1);
            } else if (name.startsWith("META-INF/")) {
                continue;
            }
            String internalName = withoutRoot(name);
            Integer known = versionOf.putIfAbsent(internalName, version);
            if (known == null) {
                order.add(internalName);
            } else if (known >= version) {
                continue;
            }
            versionOf.put(internalName, version);
            classes.put(internalName, entry);
        }
        for (String internalName : order) {
            ZipEntry entry = classes.get(internalName);
            if (entry != null) {
                add(internalName, () -> read(zip, entry, shown));
            }
        }
        for (ZipEntry entry : inner) {
            Path copy = Files.createTempFile("holdfast-check-", ".jar");
            unpacked.add(copy);
            Files.write(copy, read(zip, entry, shown));
            addArchive(copy.toFile(), shown + "!/" + entry.getName());
        }
    }

    private static String withoutRoot(String name) {
        String plain = name.substring(0, name.length() - CLASS.length());
        for (String root : ROOTS) {
            if (plain.startsWith(root)) {
                return plain.substring(root.length());
            }
        }
        return plain;
    }

    private static boolean isMultiRelease(ZipFile zip, String shown) throws IOException {
        ZipEntry entry = zip.getEntry("META-INF/MANIFEST.MF");
        if (entry == null) {
            return false;
        }
        InputStream content = new ByteArrayInputStream(read(zip, entry, shown));
        Attributes main = new Manifest(content).getMainAttributes();
        return "true".equalsIgnoreCase(main.getValue("Multi-Release"));
    }

    /** 0 for what is none. */
    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private static byte[] read(ZipFile zip, ZipEntry entry, String shown) throws IOException {
        try (InputStream content = zip.getInputStream(entry)) {
            return content.readAllBytes();
        } catch (IOException damaged) {
            throw new IOException(
                    entry.getName() + " in " + shown + " is damaged (" + damaged.getMessage()
                            + "); expected: a jar that can be unpacked, so build or copy it again",
                    damaged);
        }
    }

    /** By the class file itself, as a folder may begin above or below the root of its packages; null for one that cannot be read. */
    private static @Nullable String internalName(byte[] classFile) {
        try {
            return new ClassReader(classFile).getClassName();
        } catch (RuntimeException damaged) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        for (ZipFile zip : open) {
            zip.close();
        }
        for (Path copy : unpacked.stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(copy);
        }
    }
}
