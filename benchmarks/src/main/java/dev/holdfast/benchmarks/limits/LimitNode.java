package dev.holdfast.benchmarks.limits;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One node of several, in a JVM of its own: asks for permits as fast as it can.
 *
 * <pre>LimitNode kind load port begin end file</pre>
 *
 * <p>Begin and end are of {@link System#nanoTime()}; until a second before it warms up. It writes how often it has asked since, and for each permit when it got
 * it and of which key, eight bytes each.
 */
final class LimitNode {

    /** In which buckets fill again after the warm-up. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

    private static final int MOST = 4_000_000;

    private final SplittableRandom random;
    private long asked;
    private long[] got = new long[1024];
    private int count;

    private LimitNode(int number) {
        this.random = new SplittableRandom(number);
    }

    private void run(Limiter limiter, int keys, long begin, long end) {
        while (System.nanoTime() - begin < -REST_NANOS) {
            boolean unused = limiter.take(random.nextInt(keys));
        }
        while (System.nanoTime() - begin < 0) {
            LockSupport.parkNanos(begin - System.nanoTime());
        }
        for (long now = begin; now - end < 0; ) {
            int key = keys == 1 ? 0 : random.nextInt(keys);
            boolean taken = limiter.take(key);
            asked++;
            now = System.nanoTime();
            if (taken && count < MOST) {
                if (count == got.length) {
                    got = Arrays.copyOf(got, 2 * count);
                }
                got[count++] = now;
                got[count++] = key;
            }
        }
    }

    public static void main(String[] args) throws InterruptedException, IOException {
        Load load = Load.valueOf(args[1]);
        Limiter limiter = Kind.valueOf(args[0]).open(load, Integer.parseInt(args[2]));
        long begin = Long.parseLong(args[3]);
        long end = Long.parseLong(args[4]);
        List<LimitNode> nodes = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < load.threads; i++) {
            LimitNode node = new LimitNode(i + 1);
            nodes.add(node);
            Thread thread = new Thread(() -> node.run(limiter, load.keys, begin, end));
            thread.setUncaughtExceptionHandler((of, failure) -> {
                failure.printStackTrace();
                Runtime.getRuntime().halt(1); // a limit that refuses to work is not a fast one
            });
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        int all = nodes.stream().mapToInt(node -> node.count).sum();
        ByteBuffer bytes = ByteBuffer.allocate((all + 1) * Long.BYTES);
        bytes.putLong(nodes.stream().mapToLong(node -> node.asked).sum());
        for (LimitNode node : nodes) {
            for (int i = 0; i < node.count; i++) {
                bytes.putLong(node.got[i]);
            }
        }
        Files.write(Path.of(args[5]), bytes.array());
        System.exit(0); // Redisson has threads of its own
    }
}
