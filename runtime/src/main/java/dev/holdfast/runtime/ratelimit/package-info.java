/** {@code @RateLimited}. */
@NullMarked
package dev.holdfast.runtime.ratelimit;

import org.jspecify.annotations.NullMarked;
