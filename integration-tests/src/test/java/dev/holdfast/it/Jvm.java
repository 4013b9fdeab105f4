package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of its own, by default under the packaged agent with this module's programs and the annotations on its class path. A
 * builder: not thread-safe, and good for one {@link #run}.
 */
final class Jvm {

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** Most of them live for a second: a third of their CPU went into code that is better than it pays for. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Jdk jdk;
    private final List<String> options = new ArrayList<>();
    private List<Path> classPath = List.of(programs(), annotations());
    private final Map<String, String> environment = new HashMap<>();
    private boolean agent = true;
    private boolean shortLived = true;

    private Jvm(Jdk jdk) {
        this.jdk = jdk;
    }

    static Jvm of(Jdk jdk) {
        return new Jvm(jdk);
    }

    /** The packaged agent. */
    static Path agent() {
        return path("it.agent");
    }

    /** The packaged annotations. */
    static Path annotations() {
        return path("it.annotations");
    }

    /** The classes of this module's programs. */
    static Path programs() {
        return path("it.programs");
    }

    /** The libraries of an application, by the name of its folder. */
    static List<Path> libraries(String application) {
        try (Stream<Path> jars = Files.list(path("it.apps").resolve(application))) {
            return jars.sorted().collect(Collectors.toList());
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** A file or folder of this module's test sources. */
    static Path source(String name) {
        return path("it.sources").resolve(name);
    }

    /** A folder below the build's own, made if it is missing. */
    static Path work(String name) {
        Path folder = path("it.work").resolve(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path path(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalStateException("system property " + property + " is missing; run these tests by failsafe");
        }
        return Path.of(value);
    }

    /** Leaves the agent away. */
    Jvm bare() {
        agent = false;
        return this;
    }

    /** With the collector and the compilers that a server has. */
    Jvm asDeployed() {
        shortLived = false;
        return this;
    }

    /** In the order given, and for -javaagent after the agent. */
    Jvm options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    Jvm environment(String key, String value) {
        environment.put(key, value);
        return this;
    }

    Jvm classPath(Path... paths) {
        classPath = List.of(paths);
        return this;
    }

    Jvm classPath(List<Path> paths) {
        classPath = List.copyOf(paths);
        return this;
    }

    /** Runs a main class, or {@code -jar} or {@code -m} and what follows, to its end. */
    Run run(String... mainAndArguments) {
        return run(command(mainAndArguments), environment);
    }

    /** What would be run. */
    List<String> command(String... mainAndArguments) {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        if (shortLived) {
            command.addAll(SHORT_LIVED);
        }
        if (agent) {
            command.add("-javaagent:" + agent());
        }
        command.addAll(options);
        if (!classPath.isEmpty()) {
            command.add("-cp");
            command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        }
        command.addAll(List.of(mainAndArguments));
        return command;
    }

    /** Runs any command of a JDK. */
    static Run run(List<String> command) {
        return run(command, Map.of());
    }

    private static Run run(List<String> command, Map<String, String> environment) {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile(work("output"), "out", ".txt");
            err = Files.createTempFile(work("output"), "err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            // What the shell that started the build has set must not reach a program under test.
            builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError("not done after " + DEADLINE + ": " + String.join(" ", command) + "\n"
                            + Files.readString(out) + Files.readString(err));
                }
            } finally {
                process.destroyForcibly();
            }
            return new Run(
                    command,
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } finally {
            delete(out);
            delete(err);
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** A JVM that has ended. */
    record Run(List<String> command, int exit, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }

        /** Fails with all that was printed unless it ended well. */
        Run succeeds() {
            assertThat(exit).as("exit status of %s", this).isZero();
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", command) + "\n--- stdout\n" + out + "--- stderr\n" + err;
        }
    }
}
