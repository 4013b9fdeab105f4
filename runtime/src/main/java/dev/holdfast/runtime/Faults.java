package dev.holdfast.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with the definitions of one method, so that all of it is told at once. A fault reads: place, rule, value,
 * remedy. Not thread-safe: it lives for one check of one method.
 */
public final class Faults {

    private final String place;
    private final List<String> messages = new ArrayList<>();

    /** For the method that is named so, as in {@code com.acme.Quotes.quote(String)}. */
    public Faults(String place) {
        this.place = place;
    }

    /** Adds one, as in {@code add("@Recover attempts must be 1 or more, was 0")}; the place is put before it. */
    public void add(String fault) {
        messages.add(place + ": " + fault);
    }

    public boolean isEmpty() {
        return messages.isEmpty();
    }

    /** All of them, in the order found. */
    public List<String> messages() {
        return List.copyOf(messages);
    }
}
