package dev.holdfast.benchmarks.sessions;

/** Keeps the sessions of one JVM, as its server has them: all clients share it, and its connections. Thread-safe. */
public interface Keeper extends AutoCloseable {

    /** A client with a session of its own, which is made; for one thread. */
    Visitor visitor() throws Exception;

    @Override
    void close();
}
