package dev.holdfast.runtime;

import dev.holdfast.runtime.settings.Rule;
import java.util.List;
import java.util.Map;

/**
 * What there is to one annotation: how it is read, and what can be configured of it. Its policies stand in {@link Layers}.
 * Implementations are thread-safe.
 *
 * @param <S> what the annotation says of a method, read and checked
 */
public interface Room<S> {

    /** Simple name of the annotation. */
    String annotation();

    /** Paths of its attributes, as in {@code attempts} or {@code breaker/openFor}, and what their values look like. */
    Map<String, Rule<?>> attributes();

    /**
     * Reads the annotation of a method, and looks up what it names, by reflection alone: nothing of the application is initialised. What is
     * wrong is told to the attributes, all of it; if anything is, what is returned is not used.
     *
     * @param given one for each time that the annotation stands there, at least one
     * @param names for what it shares with other methods by name
     * @return compared by {@code equals} with what was read before a change of the configuration; what is equal goes on as it is
     */
    S read(List<Attributes> given, GuardedMethod method, Names names);
}
