/** What {@code @RateLimited} may say of a method. Without state. */
@NullMarked
package dev.holdfast.definition.ratelimit;

import org.jspecify.annotations.NullMarked;
