package dev.holdfast.runtime;

import java.util.List;
import java.util.Map;

/** What the runtime makes of the definitions that the weaver writes: the two share a form, and no code. */
public final class ReadByRuntime {

    private ReadByRuntime() {}

    /**
     * The attributes of the only annotation in a text.
     *
     * @throws IllegalArgumentException if the runtime cannot read it
     */
    public static Map<String, Object> attributes(String text) {
        List<Definition> definitions = Definition.parse(text).definitions();
        if (definitions.size() != 1) {
            throw new IllegalArgumentException("expected one annotation, was " + definitions);
        }
        return definitions.get(0).attributes();
    }

    /** The faults that were found while weaving, as the runtime reads them. */
    public static List<String> faults(String text) {
        return Definition.parse(text).faults();
    }

    /** A class or a constant. */
    public static Object name(String text) {
        return new Definition.Name(text);
    }

    /** A nested annotation. */
    public static Object nested(String annotation, Map<String, Object> attributes) {
        return new Definition(annotation, attributes);
    }
}
