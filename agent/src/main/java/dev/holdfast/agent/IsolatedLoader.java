package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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

    /** How the header of a zip file's entry begins, and how long it is without the name. */
    private static final int ENTRY = 0x04034b50;

    private static final int HEADER = 30;

    /**
     * The archives, and what each has; of two the first counts, unless both are of the same place: then the second has what the first has not. Weaver and
     * what any method needs come with the first class that has something to weave, and are not compressed; the rest of the runtime and the
     * libraries come when they are used.
     */
    private static final String[][] ARCHIVES = {
        {"asm.zip", "dev/holdfast/shaded/net/bytebuddy/"},
        {"caffeine.zip", "dev/holdfast/shaded/com/github/"},
        {"libraries.zip", "dev/holdfast/shaded/"},
        {"first.zip", "dev/holdfast/"},
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
                Content classFile = classFile(name);
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

    private @Nullable Content classFile(String name) throws ClassNotFoundException {
        try {
            return content(name.replace('.', '/').concat(CLASS));
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name + " cannot be read from " + jar.getName(), unreadable);
        }
    }

    private Class<?> define(String name, Content classFile) {
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            definePackageOnce(name.substring(0, dot));
        }
        return defineClass(name, classFile.bytes, classFile.from, classFile.length, domain);
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
            Content content = content(name);
            return content == null ? super.getResourceAsStream(name) : content.stream();
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
    private @Nullable Content content(String resource) throws IOException {
        String packed = packed(resource);
        ZipEntry entry = jar.getEntry(FOLDER.concat(packed));
        if (entry != null) {
            byte[] bytes = read(entry);
            return new Content(bytes, 0, bytes.length);
        }
        String place = null;
        for (int i = 0; i < ARCHIVES.length; i++) {
            if (place == null ? packed.startsWith(ARCHIVES[i][1]) : place.equals(ARCHIVES[i][1])) {
                Content found = archive(i).get(packed);
                if (found != null) {
                    return found;
                }
                place = ARCHIVES[i][1];
            }
        }
        return null;
    }

    private static String packed(String resource) {
        return resource.endsWith(CLASS) ? resource.concat("data") : resource;
    }

    private byte[] read(ZipEntry entry) throws IOException {
        try (InputStream content = jar.getInputStream(entry)) {
            return content.readNBytes((int) entry.getSize());
        }
    }

    @SuppressWarnings("unchecked") // there is nothing else in there
    private Map<String, Content> archive(int number) throws IOException {
        synchronized (archivesLock) {
            SoftReference<?> kept = archives[number];
            Object unpacked = kept == null ? null : kept.get();
            if (unpacked == null) {
                ZipEntry entry = jar.getEntry(FOLDER.concat(ARCHIVES[number][0]));
                unpacked = entry == null ? Map.of() : unpack(read(entry));
                archives[number] = new SoftReference<>(unpacked);
            }
            return (Map<String, Content>) unpacked;
        }
    }

    /**
     * What is in there is stored as it is, and compressed with the archive as a whole, if at all: smaller, and unpacked at one go. So all that is left to
     * do is to go from one entry's header to the next, where the JDK's stream would copy and sum up each byte.
     */
    private static Map<String, Content> unpack(byte[] archive) throws IOException {
        Map<String, Content> contents = new HashMap<>();
        int at = 0;
        while (at + HEADER <= archive.length && number(archive, at) == ENTRY) {
            int length = number(archive, at + 22);
            int name = at + HEADER;
            int nameLength = number(archive, at + 26) & 0xFFFF;
            int from = name + nameLength + (number(archive, at + 26) >>> 16);
            if (length != number(archive, at + 18) || length < 0 || from + length > archive.length) {
                throw new IOException("an archive in the agent's jar is not as it was built");
            }
            contents.put(new String(archive, name, nameLength, ISO_8859_1), new Content(archive, from, length));
            at = from + length;
        }
        return contents;
    }

    /** Four bytes, the lowest first. */
    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF)
                | (bytes[at + 1] & 0xFF) << 8
                | (bytes[at + 2] & 0xFF) << 16
                | (bytes[at + 3] & 0xFF) << 24;
    }

    /** A part of an array. */
    private static final class Content {

        final byte[] bytes;
        final int from;
        final int length;

        Content(byte[] bytes, int from, int length) {
            this.bytes = bytes;
            this.from = from;
            this.length = length;
        }

        InputStream stream() {
            return new ByteArrayInputStream(bytes, from, length);
        }
    }

    /** Opens {@code holdfast:/name} on this loader's folder. */
    private final class Handler extends URLStreamHandler {

        @Override
        protected URLConnection openConnection(URL url) {
            return new Connection(url);
        }
    }

    private final class Connection extends URLConnection {

        private Content content = new Content(new byte[0], 0, 0);

        Connection(URL url) {
            super(url);
        }

        @Override
        public void connect() throws IOException {
            if (!connected) {
                Content found = IsolatedLoader.this.content(url.getPath().substring(1));
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
            return content.stream();
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
