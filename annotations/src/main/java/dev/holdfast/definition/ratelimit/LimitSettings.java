package dev.holdfast.definition.ratelimit;

import dev.holdfast.definition.template.Template;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code @RateLimited} says of one method, read and checked.
 *
 * @param name by which methods share it; empty for one of the method's own
 * @param rate how it counts
 * @param key null for none
 * @param cost what every call takes, 1 or more; 0 where {@code costs} says it
 * @param costs one hole that yields an integer; null where {@code cost} says it
 * @param maxWaitNanos how long a call may wait, 0 or more
 */
public record LimitSettings(
        String name,
        RateSettings rate,
        @Nullable Template key,
        long cost,
        @Nullable Template costs,
        long maxWaitNanos) {}
