package dev.holdfast.runtime.notify;

import dev.holdfast.Severity;
import dev.holdfast.When;
import dev.holdfast.definition.notify.NotifyReader;
import dev.holdfast.runtime.settings.Rule;
import java.util.Map;

/** What can be configured of {@code @NotifyOnFailure}. */
final class NotifyRules {

    private NotifyRules() {}

    /** What can be configured, and what it looks like. */
    static final Map<String, Rule<?>> RULES = Map.of(
            "on", Rule.classNames(),
            "except", Rule.classNames(),
            "channels", Rule.channelNames(),
            "when", Rule.oneOf(When.class),
            "after", Rule.wholeNumber(1, NotifyReader.MOST_AFTER),
            "within", Rule.duration(),
            "severity", Rule.oneOf(Severity.class),
            "message", Rule.text(),
            "arguments", Rule.flag());
}
