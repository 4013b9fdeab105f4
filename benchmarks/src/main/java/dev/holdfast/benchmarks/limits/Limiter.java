package dev.holdfast.benchmarks.limits;

/** Says whether a call may pass. Thread-safe. */
interface Limiter {

    /**
     * Whether there is a permit, which is taken then.
     *
     * @param key its number
     */
    boolean take(int key);
}
