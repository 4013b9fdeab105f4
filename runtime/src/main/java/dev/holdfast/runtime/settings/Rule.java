package dev.holdfast.runtime.settings;

import dev.holdfast.runtime.DurationText;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to look like, and how it is read. The same rules serve the keys of the configuration and the attributes that
 * can be overridden. Immutable.
 *
 * @param <T> what the text is read to
 */
public abstract class Rule<T> {

    Rule() {}

    /** What is allowed, to follow the words "must be". */
    public abstract String form();

    /**
     * Reads a value; spaces around it are no part of it any more.
     *
     * @throws IllegalArgumentException if it breaks the rule; the message is ready to follow the name of what was read: "must be
     *     … , was …"
     */
    public abstract T read(String text);

    /** The words that are allowed, where it is a choice. */
    List<String> choices() {
        return List.of();
    }

    /** What makes a value that is allowed look unintended; null if nothing does. */
    @Nullable
    String doubt(T value) {
        return null;
    }

    /** The breach of this rule. */
    final IllegalArgumentException refuse(String text) {
        return new IllegalArgumentException("must be " + form() + ", was " + Shown.quoted(text));
    }

    /** {@code true} or {@code false}, in any case. */
    public static Rule<Boolean> flag() {
        return new Flag();
    }

    /** One of the constants, in any case. */
    public static <E extends Enum<E>> Rule<E> oneOf(Class<E> type) {
        return new Choice<>(type);
    }

    /** A whole number, both ends included. */
    public static Rule<Long> wholeNumber(long least, long most) {
        return new WholeNumber(least, most);
    }

    /** A number, both ends included; no NaN. */
    public static Rule<Double> number(double least, double most) {
        return new Decimal(least, most);
    }

    /** A {@link DurationText duration}, in nanoseconds. */
    public static Rule<Long> duration() {
        return new Duration(false);
    }

    /** A {@link DurationText duration} in nanoseconds, or the empty text for none, which is read to -1. */
    public static Rule<Long> durationOrNone() {
        return new Duration(true);
    }

    /** The names of classes, separated by commas, or none. A {@code .class} behind a name is accepted. */
    public static Rule<List<String>> classNames() {
        return new ClassNames();
    }

    /** Any text. */
    public static Rule<String> text() {
        return new Text();
    }

    static Rule<WeavePatterns> patterns() {
        return new Patterns();
    }

    static Rule<File> file() {
        return new FileName();
    }

    private static final class Flag extends Rule<Boolean> {

        @Override
        public String form() {
            return "true or false";
        }

        @Override
        public Boolean read(String text) {
            if (text.equalsIgnoreCase("true")) {
                return true;
            }
            if (text.equalsIgnoreCase("false")) {
                return false;
            }
            throw refuse(text);
        }
    }

    private static final class Choice<E extends Enum<E>> extends Rule<E> {

        private final E[] constants;

        Choice(Class<E> type) {
            constants = type.getEnumConstants();
        }

        @Override
        public String form() {
            List<String> choices = choices();
            StringBuilder form = new StringBuilder();
            for (int i = 0; i < choices.size(); i++) {
                form.append(i == 0 ? "" : i == choices.size() - 1 ? " or " : ", ")
                        .append(choices.get(i));
            }
            return form.toString();
        }

        @Override
        public E read(String text) {
            for (E constant : constants) {
                if (constant.name().equalsIgnoreCase(text)) {
                    return constant;
                }
            }
            throw refuse(text);
        }

        @Override
        List<String> choices() {
            List<String> choices = new ArrayList<>();
            for (E constant : constants) {
                choices.add(Shown.lowerCase(constant.name()));
            }
            return choices;
        }
    }

    private static final class WholeNumber extends Rule<Long> {

        private final long least;
        private final long most;

        WholeNumber(long least, long most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public String form() {
            boolean open = most >= Integer.MAX_VALUE;
            return "a whole number, " + least + (open ? " or more" : " to " + most);
        }

        @Override
        public Long read(String text) {
            try {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                throw (IllegalArgumentException) refuse(text).initCause(noNumber);
            }
            throw refuse(text);
        }
    }

    private static final class Decimal extends Rule<Double> {

        private final double least;
        private final double most;

        Decimal(double least, double most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public String form() {
            return "a number, " + least + (most == Double.MAX_VALUE ? " or more" : " to " + most);
        }

        @Override
        public Double read(String text) {
            try {
                double number = Double.parseDouble(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                throw (IllegalArgumentException) refuse(text).initCause(noNumber);
            }
            throw refuse(text);
        }
    }

    private static final class Duration extends Rule<Long> {

        private final boolean orNone;

        Duration(boolean orNone) {
            this.orNone = orNone;
        }

        @Override
        public String form() {
            return DurationText.FORM + (orNone ? ", or empty" : "");
        }

        @Override
        public Long read(String text) {
            return orNone && text.isEmpty() ? -1L : DurationText.nanos(text);
        }
    }

    private static final class ClassNames extends Rule<List<String>> {

        @Override
        public String form() {
            return "names of classes, separated by commas, as in java.io.IOException";
        }

        @Override
        public List<String> read(String text) {
            List<String> names = new ArrayList<>();
            if (text.isEmpty()) {
                return names;
            }
            for (String part : Shown.split(text, ',')) {
                String name = part.endsWith(".class") ? part.substring(0, part.length() - ".class".length()) : part;
                if (!WeavePatterns.isClassName(name)) {
                    throw refuse(text);
                }
                names.add(name);
            }
            return names;
        }
    }

    private static final class Text extends Rule<String> {

        @Override
        public String form() {
            return "text";
        }

        @Override
        public String read(String text) {
            return text;
        }
    }

    private static final class Patterns extends Rule<WeavePatterns> {

        @Override
        public String form() {
            return WeavePatterns.FORM;
        }

        @Override
        public WeavePatterns read(String text) {
            return WeavePatterns.of(text);
        }

        @Override
        @Nullable
        String doubt(WeavePatterns patterns) {
            return patterns.doubt();
        }
    }

    private static final class FileName extends Rule<File> {

        @Override
        public String form() {
            return "the path of a file";
        }

        @Override
        public File read(String text) {
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                throw refuse(text);
            }
            return new File(text).getAbsoluteFile();
        }
    }
}
