package dev.holdfast.benchmarks.sessions;

import org.jspecify.annotations.Nullable;

/** What a request does with its session: a name, a counter, and a list of five roles. Not thread-safe. */
public interface Visitor {

    /** Loads it, and gives the name. */
    @Nullable
    Object load() throws Exception;

    /** Loads it, changes the counter, and saves it. */
    void save() throws Exception;
}
