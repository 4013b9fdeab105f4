package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.libraries.Guard;
import dev.holdfast.benchmarks.libraries.Quote;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The body succeeds behind a circuit breaker, which counts it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class ClosedBreaker {

    /** Who guards the call. */
    @Param({
        "BARE",
        "HOLDFAST",
        "RESILIENCE4J",
        "RESILIENCE4J_LOCK_FREE",
        "FAILSAFE",
        "FAILSAFE_BY_HAND",
        "SMALLRYE",
        "SENTINEL"
    })
    public Library library;

    private Guard guard;

    /** Builds the guard, once for all threads. */
    @Setup
    public void build() {
        guard = library.open().breaking(Quotes.working());
    }

    /** One call. */
    @Benchmark
    public Quote quote(Ids ids) {
        return guard.quote(ids.next());
    }
}
