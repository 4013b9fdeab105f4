package dev.holdfast.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The RabbitMQ of this machine, with everything of its own: folders, ports, and the daemon by which Erlang's nodes find each other. It takes some
 * seconds to start. Not thread-safe.
 */
public final class RabbitServer implements AutoCloseable {

    private static final Path INSTALLED = Path.of("/usr/lib/rabbitmq/lib");
    private static final Path NAMES = Path.of("/usr/bin/epmd");
    private static final long START_MILLIS = 90_000;

    private final Path scripts;
    private final Path folder;
    private final int port = Ports.free();
    private final int namesPort = Ports.free();
    private final int nodesPort = Ports.free();
    private final Process names;
    private @Nullable ProcessHandle node;

    private RabbitServer(Path scripts) throws IOException {
        this.scripts = scripts;
        this.folder = Files.createTempDirectory("rabbit");
        this.names = new ProcessBuilder(NAMES.toString(), "-port", String.valueOf(namesPort), "-address", "127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("names").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Starts one, and returns once it takes connections; empty where none is installed. */
    public static Optional<RabbitServer> start() {
        Optional<Path> scripts = scripts();
        if (scripts.isEmpty() || !Files.isExecutable(NAMES)) {
            return Optional.empty();
        }
        try {
            RabbitServer server = new RabbitServer(scripts.get());
            server.restart();
            return Optional.of(server);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Optional<Path> scripts() {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("sbin"))
                    .filter(sbin -> Files.isExecutable(sbin.resolve("rabbitmq-server")))
                    .max(Comparator.naturalOrder());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** At the loopback. */
    public int port() {
        return port;
    }

    /** Starts it where it was, with what it had on disk. */
    public void restart() {
        try {
            Path pid = folder.resolve("pid");
            Files.deleteIfExists(pid);
            builder("rabbitmq-server").start();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
            while (System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(100);
                if (Files.exists(pid) && !Files.readString(pid).isBlank() && answers()) {
                    node = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                            .orElseThrow();
                    return;
                }
            }
            throw new IllegalStateException("it does not start: " + Files.readString(folder.resolve("log.txt")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Runs {@code rabbitmqctl}, as in {@code "set_vm_memory_high_watermark", "0.4"}, and gives what it says. */
    public String control(String... arguments) {
        List<String> command = new ArrayList<>(List.of("rabbitmqctl"));
        command.addAll(List.of(arguments));
        try {
            Process process = builder(command.toArray(new String[0]))
                    .redirectOutput(ProcessBuilder.Redirect.PIPE)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            return said;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Puts on disk which queues there are: unlike confirmed messages they get there a moment after they were declared. */
    public void sync() {
        control("eval", "mnesia:sync_log().");
    }

    private ProcessBuilder builder(String... command) {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.set(0, scripts.resolve(command[0]).toString());
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(key -> key.startsWith("RABBITMQ_") || key.startsWith("ERL_"));
        environment.putAll(Map.of(
                "HOME", folder.toString(),
                "ERL_EPMD_PORT", String.valueOf(namesPort),
                "RABBITMQ_NODENAME", "holdfast" + port + "@localhost",
                "RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1",
                "RABBITMQ_NODE_PORT", String.valueOf(port),
                "RABBITMQ_DIST_PORT", String.valueOf(nodesPort),
                "RABBITMQ_MNESIA_BASE", folder.resolve("data").toString(),
                "RABBITMQ_LOG_BASE", folder.resolve("logs").toString(),
                "RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString(),
                "RABBITMQ_PID_FILE", folder.resolve("pid").toString()));
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("none").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
        return builder;
    }

    /** Ends it at once, as a loss of power would; what it has on disk stays. */
    public void killNode() {
        ProcessHandle running = node;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
            node = null;
        }
    }

    private void kill() {
        killNode();
        names.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException busy) {
            throw new UncheckedIOException(busy);
        }
    }
}
