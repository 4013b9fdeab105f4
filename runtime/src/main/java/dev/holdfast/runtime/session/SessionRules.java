package dev.holdfast.runtime.session;

import dev.holdfast.Conflict;
import dev.holdfast.Consistency;
import dev.holdfast.Unavailable;
import dev.holdfast.runtime.settings.Rule;
import java.util.Map;

/** What the configuration may say of {@code @SharedSession}. */
final class SessionRules {

    static final Map<String, Rule<?>> RULES = Map.of(
            "id", Rule.text(),
            "cookie", Rule.text(),
            "create", Rule.flag(),
            "idleTimeout", Rule.durationOrNone(),
            "maxAge", Rule.durationOrNone(),
            "consistency", Rule.oneOf(Consistency.class),
            "conflict", Rule.oneOf(Conflict.class),
            "whenUnavailable", Rule.oneOf(Unavailable.class));

    private SessionRules() {}
}
