package dev.holdfast.runtime.recover;

/**
 * How waits grow from one to the next: by the names of {@code dev.holdfast.Backoff}, which itself lives in the loaders of the
 * applications.
 */
enum Growth {
    CONSTANT,
    EXPONENTIAL,
    FIBONACCI
}
