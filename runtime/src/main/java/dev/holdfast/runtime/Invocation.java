package dev.holdfast.runtime;

import org.jspecify.annotations.Nullable;

/** What is known of one invocation of a woven method, whether it lasts until the method returns or until its stage completes. */
public interface Invocation {

    /** Null for a static method. */
    @Nullable
    Object receiver();

    /** As the caller passed them, in a new array. */
    @Nullable
    Object[] arguments();

    /** The receiver (null for a static method) and the arguments, for a handle that takes them spread; not to be changed. */
    @Nullable
    Object[] everything();

    /** How often the body was executed, 0 if never. */
    int attempts();
}
