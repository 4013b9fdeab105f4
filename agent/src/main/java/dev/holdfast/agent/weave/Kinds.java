package dev.holdfast.agent.weave;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The annotations that make a method woven. This list is the one place that names them. */
final class Kinds {

    private static final Kind RECOVER = new Kind("Ldev/holdfast/Recover;", null, Kinds::admits);

    /** All of them; a definition lists its annotations in this order. */
    static final List<Kind> ALL = List.of(RECOVER);

    private Kinds() {}

    /** The kind whose own annotation this is, or null. */
    static @Nullable Kind of(String descriptor) {
        for (Kind kind : ALL) {
            if (kind.descriptor().equals(descriptor)) {
                return kind;
            }
        }
        return null;
    }

    /** The kind of which this annotation holds several, or null. */
    static @Nullable Kind heldBy(String descriptor) {
        for (Kind kind : ALL) {
            if (descriptor.equals(kind.container())) {
                return kind;
            }
        }
        return null;
    }

    /** A breaker and a concurrency limit ask before each attempt; the rest of {@code @Recover} looks at failures only. */
    private static boolean admits(Annotation recover) {
        return (recover.values().get("breaker") instanceof List<?> breakers && !breakers.isEmpty())
                || (recover.values().get("maxConcurrent") instanceof Integer limit && limit > 0);
    }
}
