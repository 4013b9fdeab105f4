package dev.holdfast.agent.check;

import dev.holdfast.agent.weave.Resources;
import dev.holdfast.definition.TypeModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The class files of a program, all that was found, and behind them those of the JDK and of Holdfast. Not thread-safe. */
final class Program implements Resources {

    private static final String CLASS = ".class";

    /** Of two files of one class the first counts, as on a class path. */
    private final Map<String, ClassFile> classFiles = new LinkedHashMap<>();

    private final Set<String> services = new HashSet<>();

    private final Map<String, @Nullable TypeModel> types = new HashMap<>();

    /** A class file where it lies. */
    interface ClassFile {
        byte[] read() throws IOException;
    }

    /** Adds one, unless there is another of that class. */
    void add(String internalName, ClassFile classFile) {
        classFiles.putIfAbsent(internalName, classFile);
    }

    /** Adds a file that names classes which implement something. */
    void addService(String resourceName) {
        services.add(resourceName);
    }

    /** Whether it has a class file, or a file that names classes which implement something, in what was added. */
    boolean has(String resourceName) {
        return services.contains(resourceName)
                || (resourceName.endsWith(CLASS)
                        && classFiles.containsKey(resourceName.substring(0, resourceName.length() - CLASS.length())));
    }

    /** Internal names of all that was added, in that order. */
    List<String> classes() {
        return List.copyOf(classFiles.keySet());
    }

    /** The class file of one that was added. */
    byte[] classFile(String internalName) throws IOException {
        ClassFile found = classFiles.get(internalName);
        if (found == null) {
            throw new IOException("there is no " + internalName);
        }
        return found.read();
    }

    @Override
    public byte @Nullable [] find(String resourceName) {
        String internalName = resourceName.substring(0, resourceName.length() - CLASS.length());
        try {
            ClassFile own = classFiles.get(internalName);
            if (own != null) {
                return own.read();
            }
            // Of the JDK that runs this, or the annotations, of which the agent has a copy.
            try (InputStream behind = Program.class.getClassLoader().getResourceAsStream(resourceName)) {
                return behind == null ? null : behind.readAllBytes();
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable.getMessage(), unreadable);
        }
    }

    /** A class by its binary name; null if nobody has it, or it cannot be read. */
    @Nullable
    TypeModel type(String name) {
        if (types.containsKey(name)) {
            return types.get(name);
        }
        byte[] classFile = find(name.replace('.', '/') + CLASS);
        TypeModel type = null;
        if (classFile != null) {
            try {
                type = ClassFileType.read(classFile, this);
            } catch (RuntimeException damaged) {
                type = null; // as good as not there
            }
        }
        types.put(name, type);
        return type;
    }
}
