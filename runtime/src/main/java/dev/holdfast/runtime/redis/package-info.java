/**
 * Redis, shared by the rooms: where it is, scripts that run on it, and what happens while it is away. Knows nothing of what is kept there.
 */
@NullMarked
package dev.holdfast.runtime.redis;

import org.jspecify.annotations.NullMarked;
