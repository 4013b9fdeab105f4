package dev.holdfast.runtime;

import dev.holdfast.definition.AnnotationReader;
import dev.holdfast.runtime.settings.Rule;
import java.util.Map;

/**
 * What there is to one annotation: how it is read, and what can be configured of it. Its policies stand in {@link Layers}.
 * Implementations are thread-safe, and start nothing before a policy is made or to be expected.
 *
 * @param <S> what the annotation says of a method, read and checked
 */
public interface Room<S> extends AnnotationReader<S> {

    /** Paths of its attributes, as in {@code attempts} or {@code breaker/openFor}, and what their values look like. */
    Map<String, Rule<?>> attributes();

    /** By attribute that holds another annotation: the simple name of that one, by which the configuration may call it as well. */
    default Map<String, String> nested() {
        return Map.of();
    }

    /**
     * The annotation of a method is switched off, or there was none.
     *
     * @param memory of the method, which tells what its policies were before
     */
    default void isOff(Memory memory) {}

    /**
     * A class was loaded that bears it, so its calls may begin: gets ready, on another thread, what the first of them would have to wait for. Returns at
     * once.
     */
    default void expect(S settings) {}
}
