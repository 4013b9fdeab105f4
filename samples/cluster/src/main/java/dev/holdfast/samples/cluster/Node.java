package dev.holdfast.samples.cluster;

import dev.holdfast.samples.shop.ShopServer;
import dev.holdfast.samples.shop.ShopTomcat;
import dev.holdfast.servers.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One node of the shop, a JVM under the agent. */
final class Node implements AutoCloseable {

    private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)$");
    private static final Pattern USED = Pattern.compile("tenured generation\\s+total \\d+K, used (\\d+)K");

    /** A search that was let through, by the clock of this machine. */
    record Search(long micros, String customer) {}

    private final String name;
    private final int port;
    private final Program program;

    private Node(String name, int port, Program program) {
        this.name = name;
        this.port = port;
        this.program = program;
    }

    /** Not started yet. */
    static Node of(int number, Settings settings, Path folder, URI bank, String redis, String orders)
            throws IOException {
        String name = "node-" + (number + 1);
        int port = Ports.free();
        Path own = folder.toAbsolutePath().resolve(name);
        List<String> options = new ArrayList<>();
        if (!settings.agent().isEmpty()) {
            options.add("-javaagent:" + Path.of(settings.agent()).toAbsolutePath());
        }
        options.addAll(List.of(
                "-Dholdfast.redis=" + redis,
                "-Dholdfast.application=shop",
                "-Dholdfast.journal=" + own.resolve("journal"),
                "-Dholdfast.channel.orders=" + orders,
                "-Dshop.lag=" + settings.lagMillis(number),
                "-Djava.io.tmpdir=" + Files.createDirectories(own.resolve("temp")),
                "-Xmx96m"));
        return new Node(
                name,
                port,
                new Program(
                        name,
                        own,
                        Java.command(
                                options,
                                settings.servlet() ? ShopTomcat.class : ShopServer.class,
                                name,
                                String.valueOf(port),
                                bank.toString(),
                                own.resolve("shop.log").toString())));
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    void start() throws IOException {
        program.start();
    }

    void awaitReady() throws IOException, InterruptedException {
        program.awaitReady(() -> Java.saysAddress(program));
    }

    void kill() {
        program.kill();
    }

    boolean isAlive() {
        return program.isAlive();
    }

    /** The searches that it has let through, also those before it was killed. */
    List<Search> searches() throws IOException {
        Path log = program.folder().resolve("shop.log");
        if (!Files.exists(log)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(line -> line.split(" ", 3))
                    .filter(words -> words[1].equals("search"))
                    .map(words -> new Search(Long.parseLong(words[0]), words[2]))
                    .toList();
        }
    }

    /** How many threads it has; -1 where the system does not tell. */
    int threads() throws IOException {
        Path status = Path.of("/proc", String.valueOf(program.pid()), "status");
        Matcher threads = THREADS.matcher(Files.exists(status) ? Files.readString(status) : "");
        return threads.find() ? Integer.parseInt(threads.group(1)) : -1;
    }

    /** The kilobytes of its heap that are in use once all garbage is gone; -1 where there is no {@code jcmd} to ask with. */
    long liveKilobytes() throws IOException, InterruptedException {
        if (!Files.isExecutable(Java.tool("jcmd"))) {
            return -1;
        }
        jcmd("GC.run");
        // It moves there what is left; what lies elsewhere has come since.
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        return used.find() ? Long.parseLong(used.group(1)) : -1;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path out = program.folder().resolve("jcmd.txt");
        Process asking = new ProcessBuilder(Java.tool("jcmd").toString(), String.valueOf(program.pid()), command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!asking.waitFor(30, TimeUnit.SECONDS)) {
            asking.destroyForcibly();
            throw new IOException("jcmd " + command + " does not end");
        }
        return Files.readString(out);
    }

    /** What it has said so far, also before it was killed. */
    String said() throws IOException {
        StringBuilder said = new StringBuilder();
        try (Stream<Path> files = Files.list(program.folder())) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("out"))
                    .sorted()
                    .toList()) {
                said.append(Files.readString(file));
            }
        }
        return said.toString();
    }

    @Override
    public void close() {
        program.close();
    }
}
