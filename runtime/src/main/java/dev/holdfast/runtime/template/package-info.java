/** Evaluates the texts with holes in annotations, as in {@code "{tenant}:{user.id}"}, by method handles. */
@NullMarked
package dev.holdfast.runtime.template;

import org.jspecify.annotations.NullMarked;
