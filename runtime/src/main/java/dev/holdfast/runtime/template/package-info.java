/**
 * Texts with holes in annotations, as in {@code "{tenant}:{user.id}"}. They are parsed, resolved and type-checked once, by reflection, and
 * evaluated by method handles.
 */
@NullMarked
package dev.holdfast.runtime.template;

import org.jspecify.annotations.NullMarked;
