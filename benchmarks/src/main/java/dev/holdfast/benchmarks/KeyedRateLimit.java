package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.libraries.Guard;
import dev.holdfast.benchmarks.libraries.Holdfast;
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

/** The body succeeds under a rate limit for each id, none of which is reached. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class KeyedRateLimit {

    /** Who guards the call. */
    @Param({"BARE", "HOLDFAST", "GUAVA", "BUCKET4J", "RESILIENCE4J"})
    public Library library;

    private Guard guard;

    /** Builds the guard, once for all threads. */
    @Setup
    public void build() {
        guard = library.open().limitingEach(Quotes.working(), Holdfast.MANY);
    }

    /** One call. */
    @Benchmark
    public Quote quote(Ids ids) {
        return guard.quote(ids.next());
    }
}
