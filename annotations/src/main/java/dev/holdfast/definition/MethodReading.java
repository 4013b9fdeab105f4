package dev.holdfast.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the annotations of one method come to.
 *
 * @param <R> who reads them
 * @param settings by reader; of no use if there are faults
 * @param faults none for a method that can be guarded
 */
public record MethodReading<R extends AnnotationReader<?>>(Map<R, Object> settings, Faults faults) {

    /**
     * Reads them all.
     *
     * @param definitions as they stand on the method, or apply to it
     * @param faults where all that is wrong is told
     * @param readers in the order in which messages speak of their annotations
     * @param overrides by simple name of the annotation
     */
    public static <R extends AnnotationReader<?>> MethodReading<R> of(
            MethodModel method,
            List<Definition> definitions,
            Faults faults,
            List<? extends R> readers,
            Function<String, Overrides> overrides,
            Names names) {
        Map<String, List<Attributes>> given = new HashMap<>();
        for (Definition definition : definitions) {
            List<Attributes> same = given.get(definition.annotation());
            if (same == null) {
                same = new ArrayList<>();
                given.put(definition.annotation(), same);
            }
            same.add(new Attributes(definition, overrides.apply(definition.annotation()), faults));
        }
        Map<R, Object> settings = new LinkedHashMap<>();
        for (R reader : readers) {
            List<Attributes> own = given.get(reader.annotation());
            if (own != null) {
                Object read = reader.read(own, method, names);
                if (read != null) {
                    settings.put(reader, read);
                }
            }
        }
        return new MethodReading<>(settings, faults);
    }

    /** What is going to happen to the method's calls, a line for each annotation, beginning with its name. */
    public List<String> summaries() {
        List<String> summaries = new ArrayList<>();
        settings.forEach((reader, read) -> summaries.add("@" + reader.annotation() + " " + summary(reader, read)));
        return summaries;
    }

    @SuppressWarnings("unchecked") // what a reader has read is put under that reader
    private static String summary(AnnotationReader<?> reader, Object read) {
        return ((AnnotationReader<Object>) reader).summary(read);
    }
}
