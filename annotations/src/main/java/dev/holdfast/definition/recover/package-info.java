/** What {@code @Recover} may say of a method. Without state. */
@NullMarked
package dev.holdfast.definition.recover;

import org.jspecify.annotations.NullMarked;
