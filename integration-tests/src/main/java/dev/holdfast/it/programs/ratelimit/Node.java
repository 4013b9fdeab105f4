package dev.holdfast.it.programs.ratelimit;

import dev.holdfast.Algorithm;
import dev.holdfast.RateLimited;
import dev.holdfast.RateLimitedException;
import dev.holdfast.Scope;
import dev.holdfast.Unavailable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * One node of several that share limits: calls a method over and over, and writes down when each call that came through began, by the clock that
 * all JVMs of a machine share.
 *
 * <pre>Node limit threads pause-in-microseconds go file</pre>
 *
 * <p>It says that it is ready by making the file, and begins when the file {@code go} is there, which names begin and end. The times are of {@link System#nanoTime()}, eight bytes each; what is written stays when the JVM is killed. After the end it prints how many were refused, how many failed in another way, and how many microseconds the
 * slowest refusal took.
 */
public final class Node {

    private final LongAdder begun = new LongAdder();

    @RateLimited(permits = 1000, name = "bucket")
    void bucket() {
        begun.increment();
    }

    @RateLimited(permits = 2000, burst = 100, name = "small", scope = Scope.CLUSTER)
    void small() {
        begun.increment();
    }

    @RateLimited(permits = 20, burst = 5, name = "slow")
    void slow() {
        begun.increment();
    }

    @RateLimited(permits = 300, per = "500ms", algorithm = Algorithm.FIXED_WINDOW, name = "fixed")
    void fixed() {
        begun.increment();
    }

    @RateLimited(permits = 300, per = "500ms", algorithm = Algorithm.SLIDING_WINDOW, name = "sliding")
    void sliding() {
        begun.increment();
    }

    @RateLimited(permits = 50, algorithm = Algorithm.LEAKY_BUCKET, maxWait = "100ms", name = "leaky")
    void leaky() {
        begun.increment();
    }

    @RateLimited(permits = 100, algorithm = Algorithm.LEAKY_BUCKET, maxWait = "1s", name = "queued")
    void queued() {
        begun.increment();
    }

    @RateLimited(permits = 1000, name = "denied", whenUnavailable = Unavailable.DENY)
    void denied() {
        begun.increment();
    }

    @RateLimited(permits = 5, name = "allowed", whenUnavailable = Unavailable.ALLOW)
    void allowed() {
        begun.increment();
    }

    /** Another limit, by which all that is needed has been loaded before the measuring begins. */
    @RateLimited(permits = 10, name = "other")
    void other() {
        begun.increment();
    }

    private void call(String limit) {
        switch (limit) {
            case "bucket" -> bucket();
            case "small" -> small();
            case "slow" -> slow();
            case "fixed" -> fixed();
            case "sliding" -> sliding();
            case "leaky" -> leaky();
            case "queued" -> queued();
            case "denied" -> denied();
            case "allowed" -> allowed();
            default -> throw new IllegalArgumentException(limit);
        }
    }

    /** What one thread has seen. */
    private static final class Seen {
        long refused;
        long failed;
        long slowestNanos;
    }

    private Seen run(String limit, long pauseMicros, long begin, long end, OutputStream file) throws IOException {
        Seen seen = new Seen();
        while (System.nanoTime() - begin < 0) {
            LockSupport.parkNanos(begin - System.nanoTime());
        }
        long now = System.nanoTime();
        while (now - end < 0) {
            boolean admitted = false;
            try {
                call(limit);
                admitted = true;
            } catch (RateLimitedException refused) {
                seen.refused++;
            } catch (Throwable failed) {
                seen.failed++;
                failed.printStackTrace();
            }
            long after = System.nanoTime();
            seen.slowestNanos = Math.max(seen.slowestNanos, after - now);
            if (admitted) {
                file.write(ByteBuffer.allocate(Long.BYTES).putLong(after).array());
            }
            if (pauseMicros > 0) {
                LockSupport.parkNanos(pauseMicros * 1000);
            }
            now = System.nanoTime();
        }
        return seen;
    }

    private void warmUp() {
        for (int i = 0; i < 500; i++) {
            try {
                other();
            } catch (RateLimitedException refused) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private static long[] times(Path go) throws IOException {
        while (!Files.exists(go)) {
            LockSupport.parkNanos(5_000_000);
        }
        String[] times = Files.readString(go).split(" ", -1);
        return new long[] {Long.parseLong(times[0]), Long.parseLong(times[1])};
    }

    /** See above. */
    public static void main(String[] args) throws Exception {
        Node node = new Node();
        node.warmUp();
        List<Seen> all = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        try (OutputStream file = new FileOutputStream(args[4])) {
            long[] times = times(Path.of(args[3]));
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                Thread thread = new Thread(() -> {
                    try {
                        all.add(node.run(args[0], Long.parseLong(args[2]), times[0], times[1], file));
                    } catch (IOException full) {
                        throw new UncheckedIOException(full);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        System.out.println("begun " + node.begun);
        System.out.println(
                "refused " + all.stream().mapToLong(seen -> seen.refused).sum());
        System.out.println(
                "failed " + all.stream().mapToLong(seen -> seen.failed).sum());
        System.out.println("slowest "
                + all.stream().mapToLong(seen -> seen.slowestNanos).max().orElse(0) / 1000);
    }
}
