package dev.holdfast.samples.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that belongs to the stage and ends with it, with all that it has started. Not thread-safe. */
final class Program implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 60_000;

    /** Whether it is ready; asked again and again. */
    interface Ready {
        boolean now() throws IOException;
    }

    private final String name;
    private final Path folder;
    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>();
    private int starts;
    private volatile Process process;

    /**
     * Not started yet.
     *
     * @param folder where it runs, and where {@code out.txt} gets what it says, {@code out-1.txt} what it said before it was started again; made if it
     *     is missing
     */
    Program(String name, Path folder, List<String> command) throws IOException {
        this.name = name;
        this.folder = Files.createDirectories(folder);
        this.command = List.copyOf(command);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    Program environment(String key, String value) {
        environment.put(key, value);
        return this;
    }

    Path folder() {
        return folder;
    }

    Path out() {
        return folder.resolve("out.txt");
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Starts it, and returns at once. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out().toFile()));
        // What the shell that started this has set for another program must not reach it.
        builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
        builder.environment().putAll(environment);
        if (Files.exists(out())) {
            starts++;
            Files.move(out(), folder.resolve("out-" + starts + ".txt"));
        }
        Files.createFile(out());
        process = builder.start();
    }

    void awaitReady(Ready ready) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!ready.now()) {
            if (!isAlive() || System.nanoTime() - end > 0) {
                throw new IOException(name + " did not start; it said:\n" + tail());
            }
            Thread.sleep(20);
        }
    }

    /** The end of what it has said. */
    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(out());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid()))
                .redirectErrorStream(true)
                .start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + signal + " " + pid() + " failed");
        }
    }

    /** As {@code kill -9} does, and everything that it has started likewise. */
    void kill() {
        Process running = process;
        if (running != null) {
            // They would be nobody's children without it, so they are looked up before.
            List<ProcessHandle> started;
            try (Stream<ProcessHandle> descendants = running.descendants()) {
                started = descendants.toList();
            }
            running.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
            running.onExit().join();
            started.forEach(child -> child.onExit().join());
        }
    }

    @Override
    public void close() {
        kill();
    }
}
