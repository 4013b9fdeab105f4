/** What {@code @SharedSession} may say of a method. Without state. */
@NullMarked
package dev.holdfast.definition.session;

import org.jspecify.annotations.NullMarked;
