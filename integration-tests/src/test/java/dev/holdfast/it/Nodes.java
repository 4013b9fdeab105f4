package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.ratelimit.Node;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/** JVMs under the agent that share limits by a Redis, and what they have admitted together, by the clock that they share. Not thread-safe. */
final class Nodes implements AutoCloseable {

    /** In which all of them hear that they are to begin. */
    private static final long HEARD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String redis;
    private final String limit;
    private final Path folder;
    private final long nanos;
    private long begin;
    private final List<One> nodes = new ArrayList<>();

    /** One of them. */
    static final class One {

        private final Process process;
        private final Path file;
        private final Path out;
        private final Path err;

        private One(Process process, Path file, Path out, Path err) {
            this.process = process;
            this.file = file;
            this.out = out;
            this.err = err;
        }

        /** Ends it at once, as {@code kill -9} does. */
        void kill() {
            process.destroyForcibly();
        }

        /** What its last lines say. */
        private long says(String word) {
            return read(out)
                    .lines()
                    .filter(line -> line.startsWith(word + " "))
                    .mapToLong(line -> Long.parseLong(line.substring(word.length() + 1)))
                    .sum();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /**
     * Of which each calls the method of that limit for so long, all at once.
     *
     * @param redis as {@code holdfast.redis} takes it
     */
    Nodes(String redis, String limit, long millis, Path folder) {
        this.redis = redis;
        this.limit = limit;
        this.folder = folder;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Starts one, which calls from so many threads, each of which pauses after every call. */
    One start(int threads, int pauseMicros, String... options) {
        int number = nodes.size();
        Path file = folder.resolve(limit + number);
        Path out = folder.resolve(limit + number + ".out");
        Path err = folder.resolve(limit + number + ".err");
        List<String> command = new ArrayList<>(List.of(
                Jdk.running().java().toString(),
                "-javaagent:" + Jvm.agent(),
                "-Dholdfast.redis=" + redis,
                "-Dholdfast.journal=" + folder.resolve("journal"),
                "-Xmx128m"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                Jvm.programs() + File.pathSeparator + Jvm.annotations(),
                Node.class.getName(),
                limit,
                String.valueOf(threads),
                String.valueOf(pauseMicros),
                folder.resolve("go").toString(),
                file.toString()));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
            One one = new One(builder.start(), file, out, err);
            nodes.add(one);
            return one;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Lets them begin, once all of them are ready. */
    Nodes begin() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> nodes.stream()
                .allMatch(node -> Files.exists(node.file) || !node.process.isAlive()));
        begin = System.nanoTime() + HEARD_NANOS;
        try {
            Path go = Files.writeString(folder.resolve("times"), begin + " " + (begin + nanos));
            Files.move(go, folder.resolve("go"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return this;
    }

    /** Waits until so long after the calls have begun. */
    void await(long millis) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(begin + TimeUnit.MILLISECONDS.toNanos(millis) - System.nanoTime());
    }

    /** Waits until all have ended, and well but for those that were killed. */
    Nodes join(One... killed) throws InterruptedException {
        for (One node : nodes) {
            assertThat(node.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            if (!Arrays.asList(killed).contains(node)) {
                assertThat(node.process.exitValue()).as(One.read(node.err)).isZero();
                assertThat(node.says("failed")).as(One.read(node.err)).isZero();
            }
        }
        return this;
    }

    /** When calls came through, in nanoseconds since they have begun, of all nodes, in their order. */
    long[] admitted() {
        return nodes.stream()
                .flatMapToLong(node -> LongStream.of(admitted(node)))
                .sorted()
                .toArray();
    }

    /** Of one node. */
    long[] admitted(One node) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(node.file));
            long[] times = new long[bytes.remaining() / Long.BYTES];
            for (int i = 0; i < times.length; i++) {
                times[i] = bytes.getLong() - begin;
            }
            return times;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** How many calls were refused. */
    long refused() {
        return nodes.stream().mapToLong(node -> node.says("refused")).sum();
    }

    /** How long the slowest call took. */
    long slowestMicros() {
        return nodes.stream().mapToLong(node -> node.says("slowest")).max().orElse(0);
    }

    /** By how many permits the fullest of all windows of time, whatever its length, goes beyond what a bucket promises; below 0 if none does. */
    static double excess(long[] admitted, long permits, long perNanos, long burst) {
        double level = 0;
        double most = 0;
        long before = 0;
        for (long nanos : admitted) {
            level = Math.max(0, level - (double) (nanos - before) * permits / perNanos) + 1;
            most = Math.max(most, level);
            before = nanos;
        }
        return most - burst;
    }

    /** How many milliseconds it is now since they began to call. */
    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /** When they began to call, by {@link System#nanoTime()}. */
    long began() {
        return begin;
    }

    @Override
    public void close() {
        nodes.forEach(One::kill);
    }
}
