package dev.holdfast.agent.programs;

/** Has nothing to weave. */
public final class Hello {

    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
