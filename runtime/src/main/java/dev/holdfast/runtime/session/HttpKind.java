package dev.holdfast.runtime.session;

import org.jspecify.annotations.Nullable;

/** One way in which a method is handed HTTP. There is one for each method that is. Immutable. */
public interface HttpKind {

    /**
     * Begins an attempt.
     *
     * @param everything receiver and arguments of the call
     * @return null if this call was handed null in its place
     */
    @Nullable
    HttpSide begin(@Nullable Object[] everything);
}
