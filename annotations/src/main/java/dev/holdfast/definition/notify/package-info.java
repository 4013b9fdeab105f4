/** What {@code @NotifyOnFailure} may say of a method. Without state. */
@NullMarked
package dev.holdfast.definition.notify;

import org.jspecify.annotations.NullMarked;
