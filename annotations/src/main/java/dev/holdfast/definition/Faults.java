package dev.holdfast.definition;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with the definitions of one method, so that all of it is told at once. A fault reads: place, rule, value,
 * remedy. Not thread-safe: it lives for one check of one method.
 */
public final class Faults {

    private final String place;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> unsure = new ArrayList<>();

    /**
     * One thing that is wrong.
     *
     * @param message place, rule, value, remedy
     * @param definition the annotation in which it stands, by identity; null if in none of them
     * @param attribute of that annotation; null if it is not a matter of one
     */
    public record Fault(
            String message,
            @Nullable Definition definition,
            @Nullable String attribute) {}

    /**
     * What is wrong where several annotations of a user's own bring one that may stand but once.
     *
     * @param written as in {@code @Recover}
     * @param bringers names of the annotations that bring it
     */
    public static String broughtTwice(String written, List<String> bringers) {
        return written + " comes with @" + String.join(" and with @", bringers) + "; expected: one of them, or "
                + written + " written out, which beats both";
    }

    /** For the method that is named so, as in {@code com.acme.Quotes.quote(String)}. */
    public Faults(String place) {
        this.place = place;
    }

    /** Adds one, as in {@code add("@Recover comes with …")}; the place is put before it. */
    public void add(String fault) {
        add(fault, null, null);
    }

    /** Adds one that stands in an annotation, and maybe in one of its attributes. */
    void add(String fault, @Nullable Definition definition, @Nullable String attribute) {
        faults.add(new Fault(place + ": " + fault, definition, attribute));
    }

    /** Adds what could not be looked at, as a class is needed for it that cannot be seen. */
    void addUnsure(String unseen) {
        unsure.add(place + ": " + unseen);
    }

    /** Whether nothing is known to be wrong. */
    public boolean isEmpty() {
        return faults.isEmpty();
    }

    /** All of them, in the order found. */
    public List<Fault> all() {
        return List.copyOf(faults);
    }

    /** All of them as they are told, in the order found; once, what is wrong with several annotations of one kind. */
    public List<String> messages() {
        Set<String> messages = new LinkedHashSet<>();
        for (Fault fault : faults) {
            messages.add(fault.message());
        }
        return List.copyOf(messages);
    }

    /** What could not be looked at, in the order found. */
    public List<String> unsure() {
        return List.copyOf(unsure);
    }
}
