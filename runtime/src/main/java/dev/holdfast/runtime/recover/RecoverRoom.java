package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Attributes;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.Room;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.time.Time;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code @Recover}: its reading, and the policies that it asks for. Thread-safe. */
public final class RecoverRoom implements Room<RecoverSettings> {

    private final Time time;
    private final NamedBreakers named = new NamedBreakers();

    public RecoverRoom(Time time) {
        this.time = time;
    }

    @Override
    public String annotation() {
        return "Recover";
    }

    @Override
    public Map<String, Rule<?>> attributes() {
        return new TreeMap<>(RecoverReading.RULES);
    }

    @Override
    public RecoverSettings read(List<Attributes> given, GuardedMethod method) {
        RecoverSettings settings = RecoverReading.read(given.get(0), method);
        if (settings.breaker() != null && !settings.breakerName().isEmpty()) {
            String other = named.otherDefinition(method, settings.breakerName(), settings.breaker());
            if (other != null) {
                given.get(0)
                        .fault("breaker name \"" + settings.breakerName()
                                + "\" is defined otherwise by " + other
                                + "; expected: the same attributes, or another name");
            }
        }
        return settings;
    }

    /** The budget of the whole call. */
    public @Nullable Policy budget(RecoverSettings settings, GuardedMethod method) {
        return settings.withinNanos() == 0 ? null : new Budget(settings.withinNanos(), time);
    }

    /** What is given in place of a failure. */
    public @Nullable Policy recovery(RecoverSettings settings, GuardedMethod method)
            throws ReflectiveOperationException {
        if (settings.lastGoodNanos() == 0 && settings.fallbacks().isEmpty() && settings.handler() == null) {
            return null;
        }
        Class<?> handler = settings.handler();
        return new Recovery(
                settings.handled(),
                settings.lastGoodNanos() == 0 ? null : new LastGood(settings.lastGoodNanos(), time),
                settings.fallbacks().isEmpty() ? null : Fallback.link(settings.fallbacks(), method),
                handler == null ? null : new Handler(handler, method),
                method,
                time);
    }

    /** Attempts after the first. */
    public @Nullable Policy retry(RecoverSettings settings, GuardedMethod method) {
        return settings.attempts() == 1
                ? null
                : new Retry(settings.handled(), settings.attempts(), settings.waits(), method, time);
    }

    /** The circuit breaker. */
    public @Nullable Policy breaker(RecoverSettings settings, GuardedMethod method) {
        BreakerSettings breaker = settings.breaker();
        if (breaker == null) {
            return null;
        }
        String name = settings.breakerName();
        return new BreakerGate(
                settings.handled(),
                name.isEmpty()
                        ? new Breaker(breaker, time, new BreakerLog(method.place(), method.loader()))
                        : named.get(name, breaker, time, method.loader()),
                method);
    }

    /** The limit of attempts under way at once. */
    public @Nullable Policy concurrencyLimit(RecoverSettings settings, GuardedMethod method) {
        return settings.maxConcurrent() == 0 ? null : new ConcurrencyGate(settings.maxConcurrent(), method);
    }

    /** The time limit of one attempt. */
    public @Nullable Policy timeout(RecoverSettings settings, GuardedMethod method) {
        return settings.timeoutNanos() == 0 ? null : new Timeout(settings.timeoutNanos(), method, time);
    }
}
