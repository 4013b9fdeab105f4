package dev.holdfast.runtime.settings;

import dev.holdfast.definition.DurationText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to look like, and how it is read. The same rules serve the keys of the configuration and the attributes that
 * can be overridden. Immutable. An interface, not a class: so the JVM loads those rules that are used, where it would load all of
 * them to see that they are rules.
 *
 * @param <T> what the text is read to
 */
public interface Rule<T> {

    /** What is allowed, to follow the words "must be". */
    String form();

    /**
     * Reads a value; spaces around it are no part of it any more.
     *
     * @throws IllegalArgumentException if it breaks the rule; the message is ready to follow the name of what was read: "must be
     *     … , was …"
     */
    T read(String text);

    /** The words that are allowed, where it is a choice. */
    default List<String> choices() {
        return List.of();
    }

    /** What makes a value that is allowed look unintended; null if nothing does. */
    default @Nullable String doubt(T value) {
        return null;
    }

    /** {@code true} or {@code false}, in any case. */
    static Rule<Boolean> flag() {
        return new Rules.Flag();
    }

    /** One of the constants, in any case. */
    static <E extends Enum<E>> Rule<E> oneOf(Class<E> type) {
        return new Rules.Choice<>(type);
    }

    /** A whole number, both ends included. */
    static Rule<Long> wholeNumber(long least, long most) {
        return new Rules.WholeNumber(least, most);
    }

    /** A number, both ends included; no NaN. */
    static Rule<Double> number(double least, double most) {
        return new Rules.Decimal(least, most);
    }

    /** A {@link DurationText duration} above 0, in nanoseconds. */
    static Rule<Long> duration() {
        return new Rules.Duration(1, false);
    }

    /** A {@link DurationText duration} of 0 or more in nanoseconds, or the empty text for none, which is read to -1. */
    static Rule<Long> waitOrNone() {
        return new Rules.Duration(0, true);
    }

    /** A {@link DurationText duration} above 0 in nanoseconds, or the empty text for none, which is read to -1. */
    static Rule<Long> durationOrNone() {
        return new Rules.Duration(1, true);
    }

    /** The names of classes, separated by commas, or none. A {@code .class} behind a name is accepted. */
    static Rule<List<String>> classNames() {
        return new Rules.ClassNames();
    }

    /** The names of channels, separated by commas, or none. */
    static Rule<List<String>> channelNames() {
        return new Rules.ChannelNames();
    }

    /** Any text. */
    static Rule<String> text() {
        return new Rules.Text();
    }
}
