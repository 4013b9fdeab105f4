package dev.holdfast.runtime.recover;

import dev.holdfast.Backoff;
import dev.holdfast.runtime.settings.Rule;
import java.util.Map;

/** What can be configured of {@code @Recover}. */
final class RecoverRules {

    private RecoverRules() {}

    private static final Rule<Long> ONE_OR_MORE = Rule.wholeNumber(1, Integer.MAX_VALUE);
    private static final Rule<Double> PERCENT = Rule.number(Double.MIN_VALUE, 100);

    /** What can be configured, and what it looks like. */
    static final Map<String, Rule<?>> RULES = Map.ofEntries(
            Map.entry("on", Rule.classNames()),
            Map.entry("except", Rule.classNames()),
            Map.entry("attempts", ONE_OR_MORE),
            Map.entry("delay", Rule.waitOrNone()),
            Map.entry("backoff", Rule.oneOf(Backoff.class)),
            Map.entry("multiplier", Rule.number(1, Double.MAX_VALUE)),
            Map.entry("maxDelay", Rule.waitOrNone()),
            Map.entry("jitter", Rule.number(0, 1)),
            Map.entry("within", Rule.durationOrNone()),
            Map.entry("timeout", Rule.durationOrNone()),
            Map.entry("maxConcurrent", Rule.wholeNumber(0, Integer.MAX_VALUE)),
            Map.entry("breaker/enabled", Rule.flag()),
            Map.entry("breaker/failureRate", PERCENT),
            Map.entry("breaker/slowRate", PERCENT),
            Map.entry("breaker/slowerThan", Rule.durationOrNone()),
            Map.entry("breaker/window", Rule.wholeNumber(1, 1_000_000)),
            Map.entry("breaker/windowTime", Rule.durationOrNone()),
            Map.entry("breaker/minCalls", ONE_OR_MORE),
            Map.entry("breaker/openFor", Rule.duration()),
            Map.entry("breaker/probes", ONE_OR_MORE),
            Map.entry("breaker/name", Rule.text()),
            Map.entry("lastGood", Rule.durationOrNone()),
            Map.entry("fallback", Rule.text()),
            Map.entry("handler", Rule.classNames()),
            Map.entry("respond", Rule.flag()));
}
