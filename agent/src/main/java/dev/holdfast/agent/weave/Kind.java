package dev.holdfast.agent.weave;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holdfast's annotations that make a method woven, as class files know them. This list is the one place that names them; a
 * definition lists its annotations in this order.
 */
enum Kind {
    RECOVER("Ldev/holdfast/Recover;", null) {
        /** A breaker and a concurrency limit ask before each attempt; the rest looks at failures only. */
        @Override
        boolean gates(Annotation recover) {
            return (recover.values().get("breaker") instanceof List<?> breakers && !breakers.isEmpty())
                    || (recover.values().get("maxConcurrent") instanceof Integer limit && limit > 0);
        }

        @Override
        boolean hasTemplates() {
            return false;
        }
    },

    RATE_LIMITED("Ldev/holdfast/RateLimited;", "Ldev/holdfast/RateLimited$List;") {
        /** Where there is one limit for all calls, the arguments need not be looked at. */
        @Override
        boolean gates(Annotation limited) {
            return !(limited.values().get("key") instanceof String key) || key.isEmpty();
        }

        @Override
        boolean hasTemplates() {
            return true;
        }
    },

    SHARED_SESSION("Ldev/holdfast/SharedSession;", null) {
        /** Every call goes through it from its start. */
        @Override
        boolean gates(Annotation session) {
            return false;
        }

        @Override
        boolean hasTemplates() {
            return true;
        }
    },

    NOTIFY_ON_FAILURE("Ldev/holdfast/NotifyOnFailure;", "Ldev/holdfast/NotifyOnFailure$List;") {
        /** It looks at failures only, but tells how long a call took that failed. */
        @Override
        boolean gates(Annotation notify) {
            return true;
        }

        @Override
        boolean hasTemplates() {
            return true;
        }
    };

    private static final Kind[] ALL = values();

    private final String descriptor;
    private final @Nullable String container;

    Kind(String descriptor, @Nullable String container) {
        this.descriptor = descriptor;
        this.container = container;
    }

    /** The type descriptor of the annotation. */
    String descriptor() {
        return descriptor;
    }

    /** The type descriptor of the annotation that holds several of this kind; null if it is not repeatable. */
    @Nullable
    String container() {
        return container;
    }

    boolean repeatable() {
        return container != null;
    }

    /** Whether with this annotation somebody must know of a call before its body runs, so that its wrapper needs the gated shape. */
    abstract boolean gates(Annotation annotation);

    /** Whether some of its texts may name parameters of the method. */
    abstract boolean hasTemplates();

    /** As users write it, as in {@code @Recover}. */
    String written() {
        return "@" + descriptor.substring(descriptor.lastIndexOf('/') + 1, descriptor.length() - 1);
    }

    /** The kind whose own annotation this is, or null. */
    static @Nullable Kind of(String descriptor) {
        for (Kind kind : ALL) {
            if (kind.descriptor.equals(descriptor)) {
                return kind;
            }
        }
        return null;
    }

    /** The kind of which this annotation holds several, or null. */
    static @Nullable Kind heldBy(String descriptor) {
        for (Kind kind : ALL) {
            if (descriptor.equals(kind.container)) {
                return kind;
            }
        }
        return null;
    }
}
