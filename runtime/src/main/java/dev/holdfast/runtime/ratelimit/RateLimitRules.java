package dev.holdfast.runtime.ratelimit;

import dev.holdfast.Algorithm;
import dev.holdfast.Scope;
import dev.holdfast.Unavailable;
import dev.holdfast.runtime.settings.Rule;
import java.util.Map;

/** What can be configured of {@code @RateLimited}. */
final class RateLimitRules {

    private RateLimitRules() {}

    /** What can be configured, and what it looks like. */
    static final Map<String, Rule<?>> RULES = Map.of(
            "permits", Rule.wholeNumber(1, Long.MAX_VALUE),
            "per", Rule.duration(),
            "burst", Rule.wholeNumber(0, Long.MAX_VALUE),
            "algorithm", Rule.oneOf(Algorithm.class),
            "key", Rule.text(),
            "cost", Rule.text(),
            "maxWait", Rule.waitOrNone(),
            "scope", Rule.oneOf(Scope.class),
            "name", Rule.text(),
            "whenUnavailable", Rule.oneOf(Unavailable.class));
}
