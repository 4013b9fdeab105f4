package dev.holdfast.benchmarks.libraries;

/**
 * The failure. It is made once and has no stack trace: what is measured is how a library carries a failure, not how long the JVM
 * takes to walk the stack.
 */
public final class QuoteUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Keeps no suppressed failures either: thrown for ever, it would collect them. */
    public QuoteUnavailable() {
        super("no quote", null, false, false);
    }
}
