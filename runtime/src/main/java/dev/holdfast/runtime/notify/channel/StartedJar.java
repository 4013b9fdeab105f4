package dev.holdfast.runtime.notify.channel;

import java.io.File;
import java.util.Optional;

/** Finds out which jar a JVM was started with, by {@code -jar}. The JVM puts it before the arguments, with nothing but a space between. Stateless. */
public final class StartedJar {

    private StartedJar() {}

    /**
     * Its path as it was typed; none if the JVM was started otherwise.
     *
     * @param command the property {@code sun.java.command}
     * @param classPath the property {@code java.class.path}: the jar, and behind it those of agents
     */
    public static Optional<String> of(String command, String classPath) {
        for (int end = classPath.length(); end > 0; end = classPath.lastIndexOf(File.pathSeparatorChar, end - 1)) {
            String path = classPath.substring(0, end);
            if (command.equals(path) || command.startsWith(path + " ")) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
