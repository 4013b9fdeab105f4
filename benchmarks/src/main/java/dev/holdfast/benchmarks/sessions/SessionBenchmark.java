package dev.holdfast.benchmarks.sessions;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A session in a Redis on the same machine, one client. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class SessionBenchmark {

    /** Who keeps the session. */
    @Param({"FLOOR", "FLOOR_BY_SCRIPT", "HOLDFAST_STRICT", "HOLDFAST_NEAR", "SPRING_SESSION"})
    public Kind kind;

    private Visitor visitor;

    /** Makes the session. */
    @Setup
    public void make() throws Exception {
        visitor = kind.open("127.0.0.1", Integer.getInteger("benchmarks.redis.port"));
        visitor.make();
    }

    /** Loads it. */
    @Benchmark
    public @Nullable Object load() throws Exception {
        return visitor.load();
    }

    /** Loads it, changes it, and saves it. */
    @Benchmark
    public void save() throws Exception {
        visitor.save();
    }

    /** Closes connections. */
    @TearDown
    public void close() {
        visitor.close();
    }
}
