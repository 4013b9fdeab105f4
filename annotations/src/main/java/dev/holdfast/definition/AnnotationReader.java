package dev.holdfast.definition;

import java.util.List;

/**
 * Reads one kind of annotation. Implementations are thread-safe.
 *
 * @param <S> what the annotation says of a method, read and checked
 */
public interface AnnotationReader<S> {

    /** Simple name of the annotation. */
    String annotation();

    /**
     * Reads the annotation of a method, and looks up what it names. What is wrong is told to the attributes, all of it; if anything is, what
     * is returned is not used.
     *
     * @param given one for each time that the annotation stands there, at least one
     * @param names for what it shares with other methods by name
     * @return names of classes and methods, and none of them itself; compared by {@code equals} with what was read before a change of the
     *     configuration: what is equal goes on as it is
     */
    S read(List<Attributes> given, MethodModel method, Names names);

    /** What it says, in one line for people, to follow the annotation's name; of what does nothing it does not speak. */
    String summary(S settings);
}
