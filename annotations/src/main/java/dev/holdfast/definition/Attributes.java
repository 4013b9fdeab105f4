package dev.holdfast.definition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one annotation of one method, typed and checked: what the configuration overrides, else what the class file
 * says, else the default. What is out of range becomes a fault, and the default is given so that reading goes on and finds the
 * rest. Not thread-safe: it lives for one reading.
 */
public final class Attributes {

    private final String title;
    private final String path;
    private final Definition definition;
    private final Overrides overrides;
    private final Faults faults;

    /** What gave those attributes that were looked at so far, as messages name it. */
    private final Set<String> overridden = new LinkedHashSet<>();

    private Attributes(String title, String path, Definition definition, Overrides overrides, Faults faults) {
        this.title = title;
        this.path = path;
        this.definition = definition;
        this.overrides = overrides;
        this.faults = faults;
    }

    /** Of an annotation that stands on a method. */
    public Attributes(Definition definition, Overrides overrides, Faults faults) {
        this("@" + definition.annotation(), "", definition, overrides, faults);
    }

    /** Whether a value was given, rather than left to the default. */
    public boolean isGiven(String name) {
        return definition.attributes().containsKey(name) || override(name) != null;
    }

    /** A whole number from {@code least} to {@code most}. */
    public long integer(String name, long otherwise, long least, long most) {
        Overrides.Given override = override(name);
        Long value;
        if (override == null) {
            value = definition.attributes().get(name) instanceof Long given ? given : Long.valueOf(otherwise);
        } else {
            try {
                value = Long.valueOf(override.value().strip());
            } catch (NumberFormatException notANumber) {
                fault(name, "must be a whole number", override.value());
                return otherwise;
            }
        }
        if (value < least || value > most) {
            String rule = most == Long.MAX_VALUE || most == Integer.MAX_VALUE
                    ? "must be " + least + " or more"
                    : "must be " + least + " to " + most;
            fault(name, rule, String.valueOf(value));
            return otherwise;
        }
        return value;
    }

    /** A number from {@code least} to {@code most}; NaN is none. */
    public double number(String name, double otherwise, double least, double most) {
        Overrides.Given override = override(name);
        double value;
        if (override == null) {
            Object given = definition.attributes().get(name);
            value = given instanceof Number number ? number.doubleValue() : otherwise;
        } else {
            try {
                value = Double.parseDouble(override.value().strip());
            } catch (NumberFormatException notANumber) {
                fault(name, "must be a number", override.value());
                return otherwise;
            }
        }
        if (!(value >= least && value <= most)) {
            String rule = "must be " + NumberText.range(least, most);
            fault(name, rule, NumberText.plain(value));
            return otherwise;
        }
        return value;
    }

    /** Yes or no. */
    public boolean flag(String name, boolean otherwise) {
        Overrides.Given override = override(name);
        if (override == null) {
            return definition.attributes().get(name) instanceof Boolean given ? given : otherwise;
        }
        String text = override.value().strip();
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return text.equalsIgnoreCase("true");
        }
        fault(name, "must be true or false", text);
        return otherwise;
    }

    /** A text as it was typed. */
    public String text(String name, String otherwise) {
        Overrides.Given override = override(name);
        if (override != null) {
            return override.value();
        }
        return definition.attributes().get(name) instanceof String given ? given : otherwise;
    }

    /**
     * A duration in nanoseconds, {@code least} or more.
     *
     * @param otherwise the default, as it would be typed; empty for none
     * @return null for none
     */
    public @Nullable Long duration(String name, String otherwise, long leastNanos) {
        Overrides.Given override = override(name);
        String text = text(name, otherwise);
        if (text.isEmpty()) {
            return null;
        }
        try {
            long nanos = DurationText.nanos(override == null ? text : text.strip());
            if (nanos >= leastNanos) {
                return nanos;
            }
            fault(name, "must be " + DurationText.text(leastNanos) + " or more", quoted(text));
        } catch (IllegalArgumentException unreadable) {
            fault(name, String.valueOf(unreadable.getMessage()));
        }
        return null;
    }

    /** The name of one of the constants of an enum. */
    public <E extends Enum<E>> E constant(String name, Class<E> type, E otherwise) {
        Overrides.Given override = override(name);
        String text;
        if (override != null) {
            text = override.value().strip();
        } else if (definition.attributes().get(name) instanceof Definition.Name given) {
            text = given.text();
        } else {
            return otherwise;
        }
        StringJoiner names = new StringJoiner(", ");
        for (E constant : type.getEnumConstants()) {
            if (override == null
                    ? constant.name().equals(text)
                    : constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
            names.add(constant.name());
        }
        fault(name, "must be one of " + names, text);
        return otherwise;
    }

    /** Several texts; in the configuration separated by commas. */
    public List<String> texts(String name, List<String> otherwise) {
        Overrides.Given override = override(name);
        if (override != null) {
            return parts(override);
        }
        Object given = definition.attributes().get(name);
        if (given instanceof String one) {
            return List.of(one);
        }
        if (!(given instanceof List<?> list)) {
            return otherwise;
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            texts.add(String.valueOf(element));
        }
        return List.copyOf(texts);
    }

    private static List<String> parts(Overrides.Given override) {
        List<String> parts = new ArrayList<>();
        for (String part : Arrays.asList(override.value().split(",", -1))) {
            String stripped = part.strip();
            if (!stripped.isEmpty()) {
                parts.add(stripped);
            }
        }
        return List.copyOf(parts);
    }

    /** The binary names of classes. */
    public List<String> classes(String name, List<String> otherwise) {
        Overrides.Given override = override(name);
        if (override != null) {
            return parts(override);
        }
        Object given = definition.attributes().get(name);
        if (given instanceof Definition.Name one) {
            return List.of(one.text());
        }
        if (!(given instanceof List<?> list)) {
            return otherwise;
        }
        List<String> names = new ArrayList<>();
        for (Object element : list) {
            names.add(String.valueOf(element));
        }
        return List.copyOf(names);
    }

    /** Whether the configuration gives a key such as {@code holdfast.redis}; null where no configuration is known. */
    public @Nullable Boolean isConfigured(String key) {
        return overrides.isConfigured(key);
    }

    /** The same annotation without what the configuration says of it; what is wrong with it goes nowhere. */
    public Attributes asWritten() {
        return new Attributes(title, path, definition, Overrides.NONE, new Faults(""));
    }

    /**
     * The one annotation in an array that holds none or one.
     *
     * @return null for none, or for one that the configuration switches off by {@code enabled}
     */
    public @Nullable Attributes nested(String name) {
        Object given = definition.attributes().get(name);
        List<?> list = given instanceof List<?> several ? several : given == null ? List.of() : List.of(given);
        if (list.size() > 1) {
            fault(name, "takes none or one", String.valueOf(list.size()));
        }
        if (list.isEmpty() || !(list.get(0) instanceof Definition nested)) {
            return null;
        }
        Attributes attributes = new Attributes(title + " " + name, path + name + "/", nested, overrides, faults);
        return attributes.flag("enabled", true) ? attributes : null;
    }

    /**
     * Adds a fault of the annotation: rule, value and remedy; the place and the annotation's name are put before it, and behind it what overrides
     * any of the attributes that were looked at.
     */
    public void fault(String message) {
        faults.add(title + " " + message + from(overridden), definition, null);
    }

    /**
     * Adds a fault of one of its attributes: rule, value and remedy; place, annotation and the attribute's name are put before it, and behind it
     * what gives the attribute, if that is not the annotation.
     */
    public void fault(String name, String message) {
        Overrides.Given override = override(name);
        Set<String> from = override == null ? Set.of() : Set.of(override.from());
        faults.add(title + " " + name + " " + message + from(from), definition, name);
    }

    private static String from(Set<String> overridden) {
        return overridden.isEmpty() ? "" : " (from " + String.join(", ", overridden) + ")";
    }

    /**
     * Looks at classes that an attribute names. If one is needed that cannot be seen, it says so, and it is no fault.
     *
     * @param otherwise what is read then
     */
    public <T> T known(String name, T otherwise, Supplier<T> look) {
        try {
            return look.get();
        } catch (MissingTypeException unseen) {
            faults.addUnsure(title + " " + name + " is not checked, for " + unseen.getMessage());
            return otherwise;
        }
    }

    /** Whether anything was found wrong with the method so far, or could not be looked at. */
    public boolean hasFault() {
        return !faults.isEmpty() || !faults.unsure().isEmpty();
    }

    private void fault(String name, String rule, String value) {
        fault(name, rule + ", was " + value);
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private Overrides.@Nullable Given override(String name) {
        Overrides.Given given = overrides.find(path + name);
        if (given != null) {
            overridden.add(given.from());
        }
        return given;
    }
}
