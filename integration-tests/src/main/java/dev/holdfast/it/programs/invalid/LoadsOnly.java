package dev.holdfast.it.programs.invalid;

/** Loads the class with the faults and calls nothing of it. */
public final class LoadsOnly {

    private LoadsOnly() {}

    public static void main(String[] arguments) throws Exception {
        Class.forName("dev.holdfast.it.programs.invalid.Quotes");
        System.out.println("loaded");
    }
}
