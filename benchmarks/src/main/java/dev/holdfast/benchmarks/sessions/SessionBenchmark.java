package dev.holdfast.benchmarks.sessions;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Sessions in a Redis on the same machine: one for each thread, and one server's connections for all of them. */
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class SessionBenchmark {

    /** What all threads share. */
    @State(Scope.Benchmark)
    public static class Server {

        /** Who keeps the sessions. */
        @Param({"FLOOR", "FLOOR_BY_SCRIPT", "HOLDFAST_STRICT", "HOLDFAST_NEAR", "SPRING_SESSION", "SPRING_OVER_JEDIS"})
        public Kind kind;

        private Keeper keeper;

        /** Connects. */
        @Setup
        public void open(BenchmarkParams params) {
            keeper = kind.open("127.0.0.1", Integer.getInteger("benchmarks.redis.port"), params.getThreads());
        }

        /** Closes connections. */
        @TearDown
        public void close() {
            keeper.close();
        }
    }

    /** One thread. */
    @State(Scope.Thread)
    public static class Client {

        private Visitor visitor;

        /** Makes its session. */
        @Setup
        public void make(Server server) throws Exception {
            visitor = server.keeper.visitor();
        }
    }

    /** Loads it. */
    @Benchmark
    public @Nullable Object load(Client client) throws Exception {
        return client.visitor.load();
    }

    /** Loads it, changes it, and saves it. */
    @Benchmark
    public void save(Client client) throws Exception {
        client.visitor.save();
    }
}
