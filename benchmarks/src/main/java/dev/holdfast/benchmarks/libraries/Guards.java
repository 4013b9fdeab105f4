package dev.holdfast.benchmarks.libraries;

/** One library, and the three guards that it is asked to build. What it does not have it refuses to build. */
public interface Guards {

    /** Three attempts with no wait between them, then the fallback. */
    default Guard retrying(Upstream upstream) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no retry");
    }

    /** No retry; the fallback if the body fails. */
    default Guard recovering(Upstream upstream) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no fallback");
    }

    /** A circuit breaker that opens when half of the last hundred calls have failed; no retry and no fallback. */
    default Guard breaking(Upstream upstream) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no circuit breaker");
    }
}
