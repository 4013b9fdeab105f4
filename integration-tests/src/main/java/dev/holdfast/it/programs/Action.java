package dev.holdfast.it.programs;

/** Something to run that may throw anything. */
@FunctionalInterface
public interface Action {
    void run() throws Throwable;
}
