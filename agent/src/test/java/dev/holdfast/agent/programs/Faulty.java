package dev.holdfast.agent.programs;

import dev.holdfast.Recover;

/** Has an invalid definition that is never called. */
public final class Faulty {

    private Faulty() {}

    public static void main(String[] arguments) {
        System.out.println("done");
    }

    @Recover(attempts = 0)
    static void neverCalled() {}
}
