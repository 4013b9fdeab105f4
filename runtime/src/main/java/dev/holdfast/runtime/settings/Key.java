package dev.holdfast.runtime.settings;

import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration; all of them stand in {@link Keys}. Immutable.
 *
 * @param <T> what its value is read to
 */
public final class Key<T> {

    private final String name;
    private final Rule<T> rule;
    private final @Nullable String usual;
    private final boolean live;
    private final String meaning;

    private Key(String name, Rule<T> rule, @Nullable String usual, boolean live, String meaning) {
        this.name = name;
        this.rule = rule;
        this.usual = usual;
        this.live = live;
        this.meaning = meaning;
    }

    /** A key whose changes apply to what runs. */
    static <T> Key<T> live(String name, Rule<T> rule, @Nullable String usual, String meaning) {
        return new Key<>(name, rule, usual, true, meaning);
    }

    /** A key that is read when the JVM starts. */
    static <T> Key<T> atStart(String name, Rule<T> rule, @Nullable String usual, String meaning) {
        return new Key<>(name, rule, usual, false, meaning);
    }

    /** As in {@code holdfast.log}. */
    public String name() {
        return name;
    }

    /** What its values look like. */
    public Rule<T> rule() {
        return rule;
    }

    /** The default as one would type it; null if there is none, and empty where nothing typed is a value. */
    public @Nullable String usual() {
        return usual;
    }

    /** Whether a change of the watched file applies to what runs; if not, it is for the next start. */
    public boolean live() {
        return live;
    }

    /** What it is for, in one line. */
    public String meaning() {
        return meaning;
    }

    /** Its name as that of an environment variable. */
    String environmentName() {
        return Shown.environmentForm(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
