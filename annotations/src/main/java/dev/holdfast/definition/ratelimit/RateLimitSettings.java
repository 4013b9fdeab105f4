package dev.holdfast.definition.ratelimit;

import java.util.List;

/**
 * What the {@code @RateLimited} annotations of one method say, read and checked.
 *
 * @param limits one for each of them, in the order in which they stand there; at least one
 */
public record RateLimitSettings(List<LimitSettings> limits) {

    public RateLimitSettings {
        limits = List.copyOf(limits);
    }
}
