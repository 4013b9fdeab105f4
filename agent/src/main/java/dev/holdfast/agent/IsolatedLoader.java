package dev.holdfast.agent;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent from one folder of the agent's jar, out of sight of the application: its class files end in {@code .classdata},
 * so no other loader takes them for classes, and the application's classes are not seen from here. What the folder has comes
 * first, then the JDK; {@code java.*} is the JDK's alone.
 *
 * <p>In the folder itself lies what every program's start needs. The rest lies there in archives, each of which is unpacked into memory when
 * something of it is asked for: the JVM reads the jar's whole directory before {@code main}, and a thousand entries cost each start 10 ms.
 *
 * <p>The jar is opened as a plain zip file, because verifying signatures would load a good part of the JDK before {@code main},
 * and stays open as long as the JVM lives. Thread-safe, and parallel capable.
 */
final class IsolatedLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    /** Where in the jar everything lies that is loaded from here. */
    static final String FOLDER = "holdfast/";

    private static final String CLASS = ".class";

    /**
     * The archives, and what each has; of two the first counts. Runtime and weaver come with the first class that has something to weave, the
     * libraries when they are used.
     */
    private static final String[][] ARCHIVES = {
        {"asm.zip", "dev/holdfast/shaded/net/bytebuddy/"},
        {"caffeine.zip", "dev/holdfast/shaded/com/github/"},
        {"libraries.zip", "dev/holdfast/shaded/"},
        {"runtime.zip", "dev/holdfast/"}
    };

    private final ZipFile jar;
    private final ProtectionDomain domain;
    private final Object archivesLock = new Object();

    /**
     * By archive, and then by entry; null until one is asked for. Guarded by the lock. A class is read once, so they are let go of if memory runs
     * short.
     */
    private final SoftReference<?>[] archives = new SoftReference<?>[ARCHIVES.length];

    /**
     * Opens the agent's jar.
     *
     * @param file the jar
     * @param location the same, as the code source of the classes
     */
    IsolatedLoader(File file, @Nullable URL location) throws IOException {
        super("holdfast", ClassLoader.getPlatformClassLoader());
        jar = new ZipFile(file);
        domain = new ProtectionDomain(new CodeSource(location, (Certificate[]) null), null, this, null);
    }

    /** Whether the folder itself has this resource; classes are asked for as {@code .class}. */
    boolean has(String resource) {
        return jar.getEntry(FOLDER.concat(packed(resource))) != null;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("java.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] classFile = classFile(name);
                if (classFile == null) {
                    return super.loadClass(name, resolve);
                }
                loaded = define(name, classFile);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    /** Only for what neither the folder nor the JDK has: {@link #loadClass} has looked in the folder before. */
    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        throw new ClassNotFoundException(name);
    }

    private byte @Nullable [] classFile(String name) throws ClassNotFoundException {
        try {
            return content(name.replace('.', '/').concat(CLASS));
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name + " cannot be read from " + jar.getName(), unreadable);
        }
    }

    private Class<?> define(String name, byte[] classFile) {
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            definePackageOnce(name.substring(0, dot));
        }
        return defineClass(name, classFile, 0, classFile.length, domain);
    }

    private void definePackageOnce(String name) {
        if (getDefinedPackage(name) == null) {
            try {
                definePackage(name, null, null, null, "Holdfast", null, null, null);
            } catch (IllegalArgumentException definedByAnotherThread) {
                // Which is as good.
            }
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>();
        URL own = findResource(name);
        if (own != null) {
            all.add(own);
        }
        Enumeration<URL> parents = getParent().getResources(name);
        while (parents.hasMoreElements()) {
            all.add(parents.nextElement());
        }
        return Collections.enumeration(all);
    }

    /** Without the detour over a URL, whose connection would load classes that the start of a program has no use for. */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        try {
            byte[] content = content(name);
            return content == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(content);
        } catch (IOException unreadable) {
            return null;
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        try {
            if (content(name) == null) {
                return null;
            }
            // With the handler given, the scheme needs no registration, which would be global.
            return new URL("holdfast", "", -1, "/" + name, new Handler());
        } catch (IOException malformed) {
            return null;
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL own = findResource(name);
        return own == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(own));
    }

    /** Null for what is not there. */
    private byte @Nullable [] content(String resource) throws IOException {
        String packed = packed(resource);
        ZipEntry entry = jar.getEntry(FOLDER.concat(packed));
        if (entry != null) {
            return read(entry);
        }
        for (int i = 0; i < ARCHIVES.length; i++) {
            if (packed.startsWith(ARCHIVES[i][1])) {
                return archive(i).get(packed);
            }
        }
        return null;
    }

    private static String packed(String resource) {
        return resource.endsWith(CLASS) ? resource.concat("data") : resource;
    }

    private byte[] read(ZipEntry entry) throws IOException {
        try (InputStream content = jar.getInputStream(entry)) {
            return content.readAllBytes();
        }
    }

    @SuppressWarnings("unchecked") // there is nothing else in there
    private Map<String, byte[]> archive(int number) throws IOException {
        synchronized (archivesLock) {
            SoftReference<?> kept = archives[number];
            Object unpacked = kept == null ? null : kept.get();
            if (unpacked == null) {
                ZipEntry entry = jar.getEntry(FOLDER.concat(ARCHIVES[number][0]));
                unpacked = entry == null ? Map.of() : unpack(entry);
                archives[number] = new SoftReference<>(unpacked);
            }
            return (Map<String, byte[]>) unpacked;
        }
    }

    /** What is in there is stored as it is, and compressed with the archive as a whole: smaller, and unpacked at one go. */
    private Map<String, byte[]> unpack(ZipEntry archive) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(read(archive)))) {
            ZipEntry entry = zip.getNextEntry();
            while (entry != null) {
                contents.put(entry.getName(), zip.readAllBytes());
                entry = zip.getNextEntry();
            }
        }
        return contents;
    }

    /** Opens {@code holdfast:/name} on this loader's folder. */
    private final class Handler extends URLStreamHandler {

        @Override
        protected URLConnection openConnection(URL url) {
            return new Connection(url);
        }
    }

    private final class Connection extends URLConnection {

        private byte[] content = {};

        Connection(URL url) {
            super(url);
        }

        @Override
        public void connect() throws IOException {
            if (!connected) {
                byte[] found = IsolatedLoader.this.content(url.getPath().substring(1));
                if (found == null) {
                    throw new FileNotFoundException(url.toString());
                }
                content = found;
                connected = true;
            }
        }

        @Override
        public InputStream getInputStream() throws IOException {
            connect();
            return new ByteArrayInputStream(content);
        }

        @Override
        public long getContentLengthLong() {
            try {
                connect();
            } catch (IOException missing) {
                return -1;
            }
            return content.length;
        }
    }
}
