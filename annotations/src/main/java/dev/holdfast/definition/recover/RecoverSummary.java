package dev.holdfast.definition.recover;

import dev.holdfast.Backoff;
import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.MethodKey;
import java.util.ArrayList;
import java.util.List;

/** Puts what {@code @Recover} says into one line, in the order in which it happens to a call that fails. */
final class RecoverSummary {

    private final RecoverSettings settings;
    private final List<String> parts = new ArrayList<>();

    private RecoverSummary(RecoverSettings settings) {
        this.settings = settings;
    }

    static String of(RecoverSettings settings) {
        return new RecoverSummary(settings).text();
    }

    private String text() {
        if (settings.timeoutNanos() != 0) {
            parts.add("timeout " + DurationText.text(settings.timeoutNanos()));
        }
        if (settings.maxConcurrent() != 0) {
            parts.add("at most " + settings.maxConcurrent() + " at once");
        }
        addBreaker();
        addAttempts();
        if (settings.withinNanos() != 0) {
            parts.add("within " + DurationText.text(settings.withinNanos()));
        }
        if (settings.lastGoodNanos() != 0) {
            parts.add("last good result of up to " + DurationText.text(settings.lastGoodNanos()));
        }
        for (MethodKey fallback : settings.fallbacks()) {
            parts.add("fallback " + fallback);
        }
        if (settings.handler() != null) {
            parts.add("handler " + settings.handler());
        }
        if (parts.isEmpty()) {
            parts.add(settings.respond() ? "answers over HTTP" : "nothing, as the configuration has it");
        }
        return "on " + simple(settings.on())
                + (settings.except().isEmpty() ? "" : " except " + simple(settings.except())) + ": "
                + String.join(", ", parts);
    }

    private void addBreaker() {
        BreakerSettings breaker = settings.breaker();
        if (breaker == null) {
            return;
        }
        StringBuilder text = new StringBuilder("breaker ");
        if (!settings.breakerName().isEmpty()) {
            text.append('"').append(settings.breakerName()).append("\" ");
        }
        text.append("opens for ").append(DurationText.text(breaker.openForNanos()));
        text.append(" at ").append(plain(breaker.failureRate())).append("% failed");
        if (breaker.slowerThanNanos() != 0) {
            text.append(" or ").append(plain(breaker.slowRate())).append("% slower than ");
            text.append(DurationText.text(breaker.slowerThanNanos()));
        }
        if (breaker.windowTimeNanos() != 0) {
            text.append(" of ").append(DurationText.text(breaker.windowTimeNanos()));
        } else {
            text.append(" of ").append(breaker.window());
        }
        text.append(" (").append(breaker.minCalls()).append(" or more), ");
        text.append(breaker.probes()).append(breaker.probes() == 1 ? " probe" : " probes");
        parts.add(text.toString());
    }

    private void addAttempts() {
        if (settings.attempts() == 1) {
            return;
        }
        WaitSettings waits = settings.waits();
        StringBuilder text = new StringBuilder().append(settings.attempts()).append(" attempts, ");
        if (waits.delayNanos() == 0) {
            parts.add(text.append("no wait").toString());
            return;
        }
        text.append("waits ").append(DurationText.text(waits.delayNanos()));
        if (waits.backoff() == Backoff.EXPONENTIAL) {
            text.append(" x ").append(plain(waits.multiplier()));
        } else if (waits.backoff() == Backoff.FIBONACCI) {
            text.append(" x 1, 1, 2, 3, 5...");
        }
        if (waits.maxDelayNanos() != Long.MAX_VALUE) {
            text.append(" up to ").append(DurationText.text(waits.maxDelayNanos()));
        }
        if (waits.jitter() != 0) {
            text.append(" +-").append(plain(waits.jitter() * 100)).append('%');
        }
        parts.add(text.toString());
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.valueOf((long) number)
                : String.valueOf(number);
    }

    /** Names that everybody knows go without their package. */
    private static String simple(List<String> names) {
        List<String> simple = new ArrayList<>();
        for (String name : names) {
            simple.add(name.substring(name.lastIndexOf('.') + 1).replace('$', '.'));
        }
        return String.join(", ", simple);
    }
}
