package dev.holdfast.benchmarks;

import dev.holdfast.NotifyOnFailure;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs a thread that its failures are told, and a call that has none that they would be. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Telling {

    /** How often it fails. */
    @State(Scope.Thread)
    public static class Pace {

        /** Failures a second; 0 for as many as there can be. */
        @Param({"1", "10000", "0"})
        public int perSecond;

        private long next = System.nanoTime();

        /** Waits until the next one is due. */
        @Setup(Level.Invocation)
        public void await() {
            if (perSecond == 0) {
                return;
            }
            next = Math.max(next + TimeUnit.SECONDS.toNanos(1) / perSecond, System.nanoTime());
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                if (left > 200_000) {
                    LockSupport.parkNanos(left - 100_000);
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private int number;

    private final Queue<Note> noted = new ConcurrentLinkedQueue<>();

    private int bare(boolean fails) throws IOException {
        return body(fails);
    }

    @NotifyOnFailure
    private int told(boolean fails) throws IOException {
        return body(fails);
    }

    /** As much as anybody must do who tells of it later: who failed, when, for how long. */
    private int byHand(boolean fails) throws IOException {
        long begun = System.nanoTime();
        try {
            return body(fails);
        } catch (IOException failure) {
            noted.add(new Note(
                    failure, Thread.currentThread().getName(), System.currentTimeMillis(), System.nanoTime() - begun));
            throw failure;
        }
    }

    private record Note(Throwable failure, String thread, long millis, long nanos) {}

    private void forget() {
        while (true) {
            while (noted.poll() != null) {
                number++;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private int body(boolean fails) throws IOException {
        if (fails) {
            throw new IOException("failure " + number);
        }
        return ++number;
    }

    /** What is measured once a second must not be measured while it is interpreted. */
    @Setup(Level.Trial)
    public void warmUp() throws InterruptedException {
        Thread forgets = new Thread(this::forget);
        forgets.setDaemon(true);
        forgets.start();
        for (int i = 0; i < 30_000; i++) {
            try {
                told(true);
            } catch (IOException told) {
                number++;
            }
            try {
                bare(true);
            } catch (IOException bare) {
                number++;
            }
            try {
                byHand(true);
            } catch (IOException noted) {
                number++;
            }
            if (i % 1_000 == 0) {
                Thread.sleep(20); // the compiler works beside
            }
        }
    }

    /** A call that goes well. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public int successBare() throws IOException {
        return bare(false);
    }

    /** The same, were its failure told. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public int successTold() throws IOException {
        return told(false);
    }

    /** A call that fails. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public Throwable failureBare(Pace pace) {
        try {
            bare(true);
            throw new AssertionError("it fails");
        } catch (IOException failure) {
            return failure;
        }
    }

    /** The same, with its failure put into a queue, and nothing else. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public Throwable failureByHand(Pace pace) {
        try {
            byHand(true);
            throw new AssertionError("it fails");
        } catch (IOException failure) {
            return failure;
        }
    }

    /** The same, with its failure told. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public Throwable failureTold(Pace pace) {
        try {
            told(true);
            throw new AssertionError("it fails");
        } catch (IOException failure) {
            return failure;
        }
    }
}
