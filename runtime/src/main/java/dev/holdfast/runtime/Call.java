package dev.holdfast.runtime;

/** One invocation under way. */
public final class Call {}
