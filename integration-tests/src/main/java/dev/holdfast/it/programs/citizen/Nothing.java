package dev.holdfast.it.programs.citizen;

/** A program with nothing to weave. */
public final class Nothing {

    private Nothing() {}

    public static void main(String[] arguments) {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("holdfast")) {
                System.out.println(thread.getName());
            }
        }
    }
}
