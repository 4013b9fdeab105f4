package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.libraries.Guard;
import dev.holdfast.benchmarks.libraries.Quote;
import dev.holdfast.benchmarks.libraries.QuoteUnavailable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One call of {@value Ids#COUNT} fails, too few to open the circuit breaker; there is no fallback, the benchmark catches it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class BusyBreaker {

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

    private final Quotes upstream = Quotes.failingFor(Ids.FIRST);

    private Guard guard;

    /** Builds the guard, once for all threads. */
    @Setup
    public void build() {
        guard = library.open().breaking(upstream);
    }

    /** One call. */
    @Benchmark
    public Quote quote(Ids ids) {
        try {
            return guard.quote(ids.next());
        } catch (QuoteUnavailable failure) {
            return upstream.cached();
        }
    }
}
