/** Limits that all nodes share, counted in Redis. */
@NullMarked
package dev.holdfast.runtime.ratelimit.cluster;

import org.jspecify.annotations.NullMarked;
