package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.it.programs.session.Node;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM under the agent that serves {@link Node}. */
final class SessionNode implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final int port;

    SessionNode(String... options) throws IOException {
        this(List.of(), options);
    }

    /** With more on the class path. */
    SessionNode(List<Path> more, String... options) throws IOException {
        List<Path> classPath = new ArrayList<>(List.of(Jvm.programs(), Jvm.annotations()));
        classPath.addAll(more);
        log = Files.createTempFile(Jvm.work("output"), "node", ".txt");
        ProcessBuilder builder = new ProcessBuilder(Jvm.of(Jdk.running())
                        .classPath(classPath)
                        .options(options)
                        .command(Node.class.getName()))
                .redirectError(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
        process = builder.start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("port ")) {
            process.destroyForcibly();
            throw new AssertionError(line + Files.readString(log));
        }
        port = Integer.parseInt(line.substring("port ".length()));
    }

    int port() {
        return port;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Asks the JVM to end in good order. */
    void askToEnd() {
        process.destroy();
    }

    boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(log);
    }
}
