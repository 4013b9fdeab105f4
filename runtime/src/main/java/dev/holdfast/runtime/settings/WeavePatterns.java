package dev.holdfast.runtime.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which classes are woven, as {@code holdfast.weave} says it: {@code com.acme.*} for a package, {@code com.acme.**} for it and
 * those below, {@code com.acme.Quotes} for a class and its nested ones; {@code !} before a pattern excludes and wins, whatever the
 * order. Where nothing is included, all that is not excluded is; so the empty text stands for all.
 *
 * <p>Immutable. A test compares strings and allocates nothing: it is asked for every class that has an annotation of ours.
 */
public final class WeavePatterns implements Predicate<String> {

    static final String FORM =
            "patterns separated by commas: pkg.* (a package), pkg.** (it and those below) or the name of a"
                    + " class, with ! before what is to be left out";

    private final String text;
    private final List<String> included;
    private final List<String> excluded;

    private WeavePatterns(String text, List<String> included, List<String> excluded) {
        this.text = text;
        this.included = included;
        this.excluded = excluded;
    }

    /**
     * Reads patterns.
     *
     * @throws IllegalArgumentException naming each pattern that is none
     */
    static WeavePatterns of(String text) {
        List<String> included = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        StringBuilder faulty = new StringBuilder();
        if (!text.isBlank()) {
            for (String part : Shown.split(text, ',')) {
                boolean excludes = part.startsWith("!");
                String pattern = excludes ? part.substring(1).strip() : part;
                if (isPattern(pattern)) {
                    (excludes ? excluded : included).add(pattern);
                } else {
                    faulty.append(faulty.length() == 0 ? "" : ", ").append(Shown.quoted(part));
                }
            }
        }
        if (faulty.length() > 0) {
            throw new IllegalArgumentException("must be " + FORM + "; not a pattern: " + faulty);
        }
        return new WeavePatterns(text, included, excluded);
    }

    /** Whether a class is woven, by its binary name, {@code com.acme.Outer$Inner}. */
    @Override
    public boolean test(String className) {
        return !matchesAny(excluded, className) && (included.isEmpty() || matchesAny(included, className));
    }

    /** Whether a class was included, and not by there being no pattern that includes. */
    public boolean names(String className) {
        return !included.isEmpty() && test(className);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WeavePatterns patterns && text.equals(patterns.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The patterns as they were given. */
    @Override
    public String toString() {
        return text;
    }

    /** A name of a package where one of a class is expected would weave nothing, and say nothing. */
    @Nullable
    String doubt() {
        if (included.contains("*")) {
            return Shown.quoted("*") + " stands for classes without a package; for all classes write **";
        }
        for (List<String> patterns : List.of(included, excluded)) {
            for (String pattern : patterns) {
                char first = pattern.charAt(pattern.lastIndexOf('.') + 1);
                if (!pattern.endsWith("*") && Character.isLowerCase(first)) {
                    return Shown.quoted(pattern) + " stands for a class; for a package write " + pattern + ".**";
                }
            }
        }
        return null;
    }

    private static boolean matchesAny(List<String> patterns, String className) {
        for (int i = 0; i < patterns.size(); i++) {
            if (matches(patterns.get(i), className)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String className) {
        if (pattern.endsWith("**")) {
            return className.regionMatches(0, pattern, 0, pattern.length() - 2);
        }
        if (pattern.endsWith("*")) {
            int dot = pattern.length() - 2;
            return className.lastIndexOf('.') == dot && className.regionMatches(0, pattern, 0, dot + 1);
        }
        return matchesClass(pattern, className);
    }

    /** The class itself or one nested in it; a nested class can be written with a {@code .} for each {@code $}. */
    private static boolean matchesClass(String pattern, String className) {
        int length = pattern.length();
        if (className.length() < length || (className.length() > length && className.charAt(length) != '$')) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char wanted = pattern.charAt(i);
            char found = className.charAt(i);
            if (wanted != found && !(wanted == '.' && found == '$')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPattern(String pattern) {
        String packageName = pattern;
        if (pattern.equals("*") || pattern.equals("**")) {
            return true;
        } else if (pattern.endsWith(".**")) {
            packageName = pattern.substring(0, pattern.length() - 3);
        } else if (pattern.endsWith(".*")) {
            packageName = pattern.substring(0, pattern.length() - 2);
        }
        return isClassName(packageName);
    }

    /** Whether it could name a class or a package: identifiers with dots between them. */
    static boolean isClassName(String name) {
        boolean starts = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' && !starts) {
                starts = true;
            } else if (starts ? Character.isJavaIdentifierStart(c) : Character.isJavaIdentifierPart(c)) {
                starts = false;
            } else {
                return false;
            }
        }
        return !starts;
    }
}
