package dev.holdfast.samples.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A long play with faults at random. Meanwhile it looks at the memory and the threads of the node that is never killed. Not thread-safe. */
final class Soak {

    /** A fault each 2 to 6 seconds in a short one, each 6 to 18 in a long one. */
    private static final long SHORT_PAUSE_MILLIS = 2_000;

    private static final long LONG_PAUSE_MILLIS = 8_000;
    private static final long LONG_SECONDS = 300;

    private static final int LOOKS = 24;
    private static final long MEMORY_NOISE_KILOBYTES = 2_048;
    private static final int THREAD_NOISE = 4;

    private final Stage stage;
    private final Play play;

    /** Written by the thread that looks, read after it has ended. */
    private final List<Long> kilobytes = new ArrayList<>();

    private final List<Long> threads = new ArrayList<>();

    Soak(Stage stage, Consumer<String> told) {
        this.stage = stage;
        this.play = new Play(stage, told);
    }

    /** See {@link Play#run}. */
    void run(int users, int thinkMillis, long seconds, long seed, long patience)
            throws IOException, InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Thread looking = new Thread(() -> look(over, seconds), "looking at a node");
        looking.setDaemon(true);
        looking.start();
        try {
            long pause = seconds < LONG_SECONDS ? SHORT_PAUSE_MILLIS : LONG_PAUSE_MILLIS;
            play.run(users, thinkMillis, seconds, seed, () -> play.faults().soak(seed, seconds, pause), patience);
        } finally {
            over.countDown();
            looking.join();
        }
    }

    private void look(CountDownLatch over, long seconds) {
        Node node = stage.nodes().get(0);
        try {
            while (!over.await(seconds * 1_000 / LOOKS, TimeUnit.MILLISECONDS)) {
                kilobytes.add(node.liveKilobytes());
                threads.add((long) node.threads());
            }
        } catch (IOException broken) {
            play.ledger().error("cannot look at " + node.name() + ": " + broken);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    List<String> report() throws IOException {
        List<String> lines = new ArrayList<>(play.report());
        lines.add(String.format(Locale.ROOT, "   faults     %,9d", play.faults().count()));
        lines.add("   live heap of " + stage.nodes().get(0).name() + ", MB: "
                + kilobytes.stream()
                        .map(one -> String.format(Locale.ROOT, "%.1f", one / 1024.0))
                        .collect(Collectors.joining(" ")));
        lines.add("   its threads: " + threads.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        return lines;
    }

    void check(Checks checks) throws IOException, InterruptedException {
        play.check(checks);
        int quarter = kilobytes.size() / 4;
        checks.check(quarter > 0, "memory and threads were looked at");
        if (quarter > 0) {
            checks.check(
                    flat(kilobytes, quarter, MEMORY_NOISE_KILOBYTES),
                    "the memory of a node is no more at the end than it was before");
            checks.check(flat(threads, quarter, THREAD_NOISE), "nor are its threads");
        }
    }

    /** The last quarter holds no more than the second did, some noise aside. In the first a node fills what it keeps. */
    private static boolean flat(List<Long> samples, int quarter, long noise) {
        long before = Collections.max(samples.subList(quarter, 2 * quarter));
        long after = Collections.max(samples.subList(samples.size() - quarter, samples.size()));
        return after <= before + before / 10 + noise;
    }
}
