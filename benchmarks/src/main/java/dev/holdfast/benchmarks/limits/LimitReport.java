package dev.holdfast.benchmarks.limits;

import dev.holdfast.servers.RedisServer;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Measures limits over a cluster, each with a Redis of its own, and tells the tables; progress goes to stderr. Beside how many decisions there were it
 * counts what was promised and not held: by how many permits the fullest of all windows of time went beyond what a bucket may give.
 */
public final class LimitReport {

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int SECONDS = 4;

    private final Path folder;

    private final List<Kind> kinds;

    private LimitReport(List<Kind> kinds, Path folder) {
        this.kinds = kinds;
        this.folder = folder;
    }

    /** Of the kinds that are named, or of all. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("limits");
        List<Kind> kinds = args.length == 0
                ? List.of(Kind.values())
                : Arrays.stream(args).map(Kind::valueOf).toList();
        System.out.print(new LimitReport(kinds, folder).tables());
        Files.delete(folder);
    }

    private String tables() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        for (Load load : Load.values()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | decisions/s | against Holdfast | commands for a decision | of what is allowed | too many |%n"
                            + "| --- | ---: | ---: | ---: | ---: | ---: |%n",
                    load.title()));
            double own = 0;
            for (Kind kind : kinds) {
                Measured measured = measure(kind, load);
                own = kind == Kind.HOLDFAST ? measured.perSecond() : own;
                String row = measured.row(kind, own);
                System.err.print(load + " " + row);
                text.append(row);
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    /** A permit that was got, and when. */
    private record Got(long nanos, long key) {}

    private record Measured(Load load, long asked, long commands, List<Got> got) {

        double perSecond() {
            return (double) asked / SECONDS;
        }

        String row(Kind kind, double own) {
            String cost = String.format(Locale.ROOT, "%.4f", (double) commands / asked);
            String limited = kind.limits() ? String.format(Locale.ROOT, "%.2f | %,.0f", used(), tooMany()) : " | ";
            return String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %.3f × | %s | %s |%n",
                    kind.title(),
                    perSecond(),
                    perSecond() / own,
                    cost,
                    limited);
        }

        /** Which part of what may be given at most, where that is not more than what was asked for. */
        private double used() {
            double most = (double) load.keys * load.permits * (1 + SECONDS);
            return got.size() / Math.min((double) asked, most);
        }

        /** Of all keys the one for which it was most. */
        private double tooMany() {
            double[] level = new double[load.keys];
            long[] at = new long[load.keys];
            double most = 0;
            for (Got one : got) {
                int key = (int) one.key();
                double drained = level[key] == 0 ? 0 : (one.nanos() - at[key]) * (load.permits / 1e9);
                level[key] = Math.max(0, level[key] - drained) + 1;
                at[key] = one.nanos();
                most = Math.max(most, level[key]);
            }
            return Math.max(0, most - load.permits);
        }
    }

    private Measured measure(Kind kind, Load load) throws IOException, InterruptedException {
        try (RedisServer server = RedisServer.start()) {
            long begin = System.nanoTime() + START_NANOS + (load.keys == 1 ? 0 : START_NANOS);
            long end = begin + TimeUnit.SECONDS.toNanos(SECONDS);
            List<Process> processes = new ArrayList<>();
            List<Path> files = new ArrayList<>();
            for (int i = 0; i < load.nodes; i++) {
                files.add(folder.resolve("node" + i));
                processes.add(start(kind, load, server.port(), begin, end, files.get(i)));
            }
            TimeUnit.NANOSECONDS.sleep(begin - System.nanoTime());
            long before = commands(server);
            TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
            long commands = commands(server) - before;
            long asked = 0;
            List<Got> got = new ArrayList<>();
            for (int i = 0; i < load.nodes; i++) {
                if (processes.get(i).waitFor() != 0) {
                    throw new IOException("a node of " + kind + " failed");
                }
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(files.get(i)));
                asked += bytes.getLong();
                while (bytes.hasRemaining()) {
                    got.add(new Got(bytes.getLong(), bytes.getLong()));
                }
                Files.delete(files.get(i));
            }
            Collections.sort(got, (a, b) -> Long.compare(a.nanos(), b.nanos()));
            return new Measured(load, asked, commands, got);
        }
    }

    private static Process start(Kind kind, Load load, int port, long begin, long end, Path file) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (kind == Kind.HOLDFAST) {
            command.add("-javaagent:" + System.getProperty("benchmarks.agent"));
            command.add("-Dholdfast.redis=redis://127.0.0.1:" + port);
        }
        command.addAll(List.of(
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path").replace("\n", File.pathSeparator),
                LimitNode.class.getName(),
                kind.name(),
                load.name(),
                String.valueOf(port),
                String.valueOf(begin),
                String.valueOf(end),
                file.toString()));
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** How many commands clients have sent. Each script of those that are measured reads one value; what else is read was asked for by a client. */
    private static long commands(RedisServer server) throws IOException {
        String stats = server.command("INFO", "commandstats");
        long scripts = calls(stats, "evalsha") + calls(stats, "eval");
        return scripts + calls(stats, "ping") + Math.max(0, calls(stats, "get") - scripts);
    }

    private static long calls(String stats, String command) {
        for (String line : stats.split("\r\n", -1)) {
            if (line.startsWith("cmdstat_" + command + ":calls=")) {
                return Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(',')));
            }
        }
        return 0;
    }
}
