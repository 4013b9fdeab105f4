package dev.holdfast.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A {@code redis-server} that keeps nothing on disk: the one on the PATH, else one that a library carries. Not thread-safe.
 */
public final class RedisServer implements AutoCloseable {

    private static final long START_MILLIS = 20_000;

    private static final Object FINDING = new Object();

    private static @Nullable String executable;

    private final int port;
    private final Path folder;
    private final List<String> options;
    private @Nullable Process process;

    private RedisServer(int port, List<String> options) throws IOException {
        this.port = port;
        this.options = options;
        this.folder = Files.createTempDirectory("redis");
    }

    /**
     * Starts one, and returns once it answers.
     *
     * @param options as on the command line, as in {@code "--requirepass", "secret"}
     */
    public static RedisServer start(String... options) {
        return startAt(Ports.free(), options);
    }

    static RedisServer startAt(int port, String... options) {
        try {
            RedisServer server = new RedisServer(port, List.of(options));
            server.restart();
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** By a file of settings, which it may change. */
    static RedisServer startWith(int port, Path settings, String... options) {
        try {
            RedisServer server = new RedisServer(port, List.of());
            Files.move(settings, server.folder.resolve("settings"));
            List<String> command = new ArrayList<>(
                    List.of(executable(), server.folder.resolve("settings").toString()));
            command.addAll(List.of("--dir", server.folder.toString()));
            command.addAll(List.of(options));
            server.begin(command);
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** At the loopback. */
    public int port() {
        return port;
    }

    /** As {@code holdfast.redis} takes it. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Its folder, which goes when it is closed. */
    Path folder() {
        return folder;
    }

    /** Starts it again where it was, empty. */
    public void restart() {
        kill();
        List<String> command = new ArrayList<>(List.of(executable()));
        command.addAll(List.of(
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                folder.toString()));
        command.addAll(options);
        begin(command);
    }

    void begin(List<String> command) {
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            process = started;
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            awaitAnswer(started);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void awaitAnswer(Process started) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (started.isAlive() && System.nanoTime() - end < 0) {
            try {
                String answer = command("PING");
                if (answer.startsWith("+PONG") || answer.startsWith("-NOAUTH")) {
                    return;
                }
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new IOException("redis-server did not start:\n" + Files.readString(folder.resolve("log")));
    }

    /**
     * Sends a command of plain words over a connection of its own.
     *
     * @return the first line of the answer
     */
    public String command(String... words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                request.append('$')
                        .append(word.getBytes(UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write(request.toString().getBytes(UTF_8));
            out.flush();
            return answer(socket.getInputStream());
        }
    }

    /** A simple line, or a text of one line; a number or an error as it is. */
    private static String answer(InputStream in) throws IOException {
        String line = line(in);
        if (line.startsWith("$") && !line.equals("$-1")) {
            byte[] text = in.readNBytes(Integer.parseInt(line.substring(1)));
            return new String(text, UTF_8);
        }
        return line;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\r') {
            line.append((char) c);
            c = in.read();
        }
        in.read();
        return line.toString();
    }

    /** Makes it hang: connections are taken, and nothing is answered. */
    public void pause() {
        signal("STOP");
    }

    /** Ends {@link #pause}. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("it does not run");
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(running.pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " failed");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Ends it at once, as {@code kill -9} does. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
            process = null;
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    static String executable() {
        synchronized (FINDING) {
            String found = executable;
            if (found == null) {
                found = find();
                executable = found;
            }
            return found;
        }
    }

    private static String find() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            File file = new File(folder, "redis-server");
            if (file.canExecute()) {
                return file.getPath();
            }
        }
        try {
            Path folder = Files.createTempDirectory("redis-server");
            File file =
                    ExecutableProvider.newJarResourceProvider(folder.toFile()).get();
            file.deleteOnExit();
            folder.toFile().deleteOnExit();
            return file.getPath();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
