package dev.holdfast.benchmarks.libraries;

/** A method that calls {@link Upstream#ask}, guarded in one way or another. */
@FunctionalInterface
public interface Guard {

    /** Asks for a quote. */
    Quote quote(String id);
}
