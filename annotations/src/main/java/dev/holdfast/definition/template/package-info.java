/**
 * Texts with holes in annotations, as in {@code "{tenant}:{user.id}"}: taken apart, resolved and type-checked without the program's classes being
 * loaded. Evaluating them is the business of whoever runs the program.
 */
@NullMarked
package dev.holdfast.definition.template;

import org.jspecify.annotations.NullMarked;
