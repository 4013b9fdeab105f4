/**
 * What a definition may say, and all that can be wrong with it: read in the same way, and told in the same words, by the agent while a
 * program runs, by its command line before, and by the compiler.
 *
 * <p>Each of them knows the program's classes in a way of its own: by reflection, from class files, or as elements of the source. So what is
 * asked of classes here goes through {@link dev.holdfast.definition.TypeModel}. Not exported: no part of what programs may use.
 */
@NullMarked
package dev.holdfast.definition;

import org.jspecify.annotations.NullMarked;
