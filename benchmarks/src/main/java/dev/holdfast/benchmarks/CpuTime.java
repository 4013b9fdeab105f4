package dev.holdfast.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Tells the CPU time that the calling threads spend on one call. Unlike the time by the clock it leaves out what other programs take of
 * a core meanwhile, and what other threads of the same JVM do.
 *
 * <p>Not thread-safe; JMH calls it from one thread.
 */
public final class CpuTime implements InternalProfiler {

    /** What the figure is called in JMH's results. */
    static final String NANOS_PER_CALL = "cpu.time.norm";

    private static final String WORKERS = "-jmh-worker-";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long before;

    /** Made by JMH. */
    public CpuTime() {}

    @Override
    public String getDescription() {
        return "CPU time of the calling threads";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = nanosOfWorkers();
    }

    @Override
    public List<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long nanos = nanosOfWorkers() - before;
        // All, also those before and after the time that is measured by the clock.
        long calls = result.getMetadata().getAllOps();
        return List.of(new ScalarResult(NANOS_PER_CALL, (double) nanos / calls, "ns/op", AggregationPolicy.AVG));
    }

    /** Of the threads that JMH keeps for a fork's life. */
    private long nanosOfWorkers() {
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains(WORKERS)) {
                sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return sum;
    }
}
