package dev.holdfast.benchmarks.sessions;

import org.jspecify.annotations.Nullable;

/** What a request does with its session: a name, a counter, and a list of five roles. */
public interface Visitor extends AutoCloseable {

    /** Makes the session. */
    void make() throws Exception;

    /** Loads it, and gives the name. */
    @Nullable
    Object load() throws Exception;

    /** Loads it, changes the counter, and saves it. */
    void save() throws Exception;

    @Override
    void close();
}
