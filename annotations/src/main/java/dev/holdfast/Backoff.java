package dev.holdfast;

/** How the wait between attempts grows; see {@link Recover#backoff}. */
public enum Backoff {
    /** Always {@link Recover#delay}. */
    CONSTANT,
    /** Times {@link Recover#multiplier} from one wait to the next. */
    EXPONENTIAL,
    /** {@link Recover#delay} × 1, 1, 2, 3, 5, 8 and so on. */
    FIBONACCI
}
