package dev.holdfast;

/** How much a failure matters to those who are told of it. */
public enum Severity {

    /** Good to know. */
    INFO,

    /** Somebody should look at it when there is time. */
    WARNING,

    /** Somebody should look at it. */
    ERROR,

    /** Somebody should look at it now. */
    CRITICAL
}
