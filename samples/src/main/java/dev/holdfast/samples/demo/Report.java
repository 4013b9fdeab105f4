package dev.holdfast.samples.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Tells the story on stdout, step by step, and keeps account of what did not come as promised. Not thread-safe. */
final class Report {

    private final PrintStream out;
    private final List<String> broken = new ArrayList<>();
    private int steps;
    private int checks;

    Report(PrintStream out) {
        this.out = out;
    }

    void step(String title) {
        steps++;
        out.println();
        out.println(steps + ". " + title);
    }

    void tell(Object line) {
        out.println("   " + line);
    }

    /** Says whether a promise was kept. */
    void check(boolean kept, String promise) {
        checks++;
        out.println((kept ? "   ok      " : "   NOT OK  ") + promise);
        if (!kept) {
            broken.add("step " + steps + ": " + promise);
        }
    }

    /** Sums up. */
    boolean allKept() {
        out.println();
        if (broken.isEmpty()) {
            out.println("All " + checks + " checks in " + steps + " steps were as promised.");
        } else {
            out.println(broken.size() + " of " + checks + " checks were not as promised:");
            broken.forEach(promise -> out.println("   " + promise));
        }
        return broken.isEmpty();
    }
}
