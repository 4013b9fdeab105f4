package dev.holdfast.benchmarks.libraries;

/** What is asked for. An object, so that no library has to box a result. */
public record Quote(String id, int price) {}
