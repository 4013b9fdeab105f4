/**
 * {@code @SharedSession}: a session that all nodes share, for the time of an attempt.
 *
 * <p>The life of it: the policy opens a session for each attempt and makes it the current one; the first operation of the body reads it; the commit
 * after the body stores what was done, in one step; then a response that was held is let go. Of an attempt that fails nothing is stored or sent.
 *
 * <p>What is stored lies in {@code store}, how values become bytes in {@code codec}, what there is to HTTP in {@code http}. The application's own type
 * {@code Session} is known by name alone.
 */
@NullMarked
package dev.holdfast.runtime.session;

import org.jspecify.annotations.NullMarked;
