package dev.holdfast.agent.weave;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One of Holdfast's annotations, as class files know it.
 *
 * @param descriptor the annotation's type descriptor
 * @param container the descriptor of the annotation that holds several of this kind; null if it is not repeatable
 * @param gated whether a definition must be asked before each body, so that the wrapper needs the gated shape
 */
record Kind(String descriptor, @Nullable String container, Predicate<Annotation> gated) {

    boolean repeatable() {
        return container != null;
    }

    /** As users write it, as in {@code @Recover}. */
    String written() {
        return "@" + descriptor.substring(descriptor.lastIndexOf('/') + 1, descriptor.length() - 1);
    }
}
