package dev.holdfast.benchmarks.libraries;

/** One library, and the guards that it is asked to build. What it does not have it refuses to build. */
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

    /** So many calls a second, in whatever order they come, and no wait; what is too much is refused. */
    default Guard limiting(Upstream upstream, int permits) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no rate limit");
    }

    /** The same for each id, of which there may be many. */
    default Guard limitingEach(Upstream upstream, int permits) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no rate limit for each key");
    }
}
