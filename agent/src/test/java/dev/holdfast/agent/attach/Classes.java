package dev.holdfast.agent.attach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Class files of the tests' own classes. */
final class Classes {

    private Classes() {}

    static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    static byte[] file(Class<?> type) {
        try (InputStream content = type.getClassLoader().getResourceAsStream(internalName(type) + ".class")) {
            if (content == null) {
                throw new IllegalStateException("no class file of " + type);
            }
            return content.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A loader of its own, which delegates everything. */
    static ClassLoader loader() {
        return new ClassLoader(Classes.class.getClassLoader()) {};
    }
}
