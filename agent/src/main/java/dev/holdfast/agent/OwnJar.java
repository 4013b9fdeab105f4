package dev.holdfast.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** The jar that the agent was started from. */
final class OwnJar {

    private OwnJar() {}

    /** Where this class comes from; null where the JVM does not tell. */
    static @Nullable URL location() {
        CodeSource source = OwnJar.class.getProtectionDomain().getCodeSource();
        return source == null ? null : source.getLocation();
    }

    /** The location as a file; null where it is none. */
    static @Nullable File file(@Nullable URL location) {
        if (location == null || !"file".equals(location.getProtocol())) {
            return null;
        }
        try {
            return new File(location.toURI());
        } catch (URISyntaxException | IllegalArgumentException notAFile) {
            return null;
        }
    }

    /**
     * The version, as the build wrote it beside the isolated classes. Not by the manifest, which is somebody else's once the jar
     * has been merged into another.
     */
    static String version() {
        try (InputStream text = OwnJar.class.getResourceAsStream("/" + IsolatedLoader.FOLDER + "version")) {
            return text == null ? "(unknown version)" : new String(text.readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (IOException unreadable) {
            return "(unknown version)";
        }
    }
}
