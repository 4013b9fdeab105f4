package dev.holdfast.runtime.session.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For how long a session is kept, and how often its use is noted, where those who use it give it different lives. Each goes by his own; so it is kept
 * for the longest, and noted for the shortest.
 *
 * @param lifeMillis the longest without a note of its use
 * @param maxAgeMillis the greatest
 * @param slackMillis the smallest
 */
public record Span(long lifeMillis, long maxAgeMillis, long slackMillis) {

    /** The scripts know that form, too. */
    private static final Pattern FORM = Pattern.compile("(\\d{1,13}) (\\d{1,13}) (\\d{1,13})");

    /** Of one that all give the same life. */
    static Span of(Lifetime lifetime) {
        return new Span(lifetime.lifeMillis(), lifetime.maxAgeMillis(), lifetime.slackMillis());
    }

    /** What is stored; that usual one where it has not the form. */
    static Span of(String stored, Span usual) {
        Matcher parts = FORM.matcher(stored);
        return parts.matches()
                ? new Span(
                        Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)))
                : usual;
    }

    /** Where somebody else uses it, too. */
    Span with(Span other) {
        return covers(other)
                ? this
                : new Span(
                        Math.max(lifeMillis, other.lifeMillis),
                        Math.max(maxAgeMillis, other.maxAgeMillis),
                        Math.min(slackMillis, other.slackMillis));
    }

    /** Whether it is good for who has that one. */
    public boolean covers(Span other) {
        return lifeMillis >= other.lifeMillis && maxAgeMillis >= other.maxAgeMillis && slackMillis <= other.slackMillis;
    }

    /** As it is stored. */
    String text() {
        return lifeMillis + " " + maxAgeMillis + " " + slackMillis;
    }
}
