package dev.holdfast.samples.cluster;

import java.util.ArrayList;
import java.util.List;

/** What was promised, and whether it was kept. Not thread-safe. */
final class Checks {

    private final List<String> lines = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    void check(boolean kept, String promise) {
        lines.add((kept ? "   ok      " : "   NOT OK  ") + promise);
        if (!kept) {
            broken.add(promise);
        }
    }

    List<String> lines() {
        return lines;
    }

    /** The promises that were not kept. */
    List<String> broken() {
        return broken;
    }
}
