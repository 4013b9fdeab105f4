package dev.holdfast.runtime.recover;

import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.recover.BreakerSettings;
import dev.holdfast.definition.recover.RecoverReader;
import dev.holdfast.definition.recover.RecoverSettings;
import dev.holdfast.runtime.Early;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Memory;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.Room;
import dev.holdfast.runtime.http.HttpArguments;
import dev.holdfast.runtime.http.Verdict;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.time.Time;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code @Recover}: its reading, and the policies that it asks for. Thread-safe. */
public final class RecoverRoom implements Room<RecoverSettings> {

    private final Time time;
    private final RecoverReader reader = new RecoverReader();
    private final NamedBreakers named = new NamedBreakers();

    public RecoverRoom(Time time) {
        this.time = time;
        Early.initialise(TimeLimit.class, Verdict.class);
    }

    @Override
    public String annotation() {
        return reader.annotation();
    }

    @Override
    public Map<String, Rule<?>> attributes() {
        return new TreeMap<>(RecoverRules.RULES);
    }

    @Override
    public Map<String, String> nested() {
        return Map.of("breaker", "CircuitBreaker");
    }

    @Override
    public RecoverSettings read(List<Attributes> given, MethodModel method, Names names) {
        return reader.read(given, method, names);
    }

    @Override
    public String summary(RecoverSettings settings) {
        return reader.summary(settings);
    }

    /** The budget of the whole call. */
    public @Nullable Policy budget(RecoverSettings settings, GuardedMethod method, Memory memory) {
        return settings.withinNanos() == 0 ? null : new Budget(settings.withinNanos(), time);
    }

    /** What a client is told of a failure. */
    public @Nullable Policy answer(RecoverSettings settings, GuardedMethod method, Memory memory) {
        HttpArguments http = HttpArguments.of(method.method());
        return settings.respond() && http.canAnswer() ? new Answer(http, method, time) : null;
    }

    /** What is given in place of a failure. */
    public @Nullable Policy recovery(RecoverSettings settings, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        if (settings.lastGoodNanos() == 0 && settings.fallbacks().isEmpty() && settings.handler() == null) {
            return null;
        }
        return new Recovery(
                Handled.of(settings, method.loader()),
                settings.lastGoodNanos() == 0 ? null : lastGood(settings.lastGoodNanos(), memory),
                settings.fallbacks().isEmpty() ? null : Fallback.link(settings.fallbacks(), method),
                settings.handler() == null ? null : handler(settings.handler(), method, memory),
                method,
                time);
    }

    private LastGood lastGood(long ageNanos, Memory memory) {
        LastGood before = memory.recall(LastGood.class);
        LastGood lastGood = memory.keep(LastGood.class, before == null ? new LastGood(ageNanos, time) : before);
        lastGood.age(ageNanos);
        return lastGood;
    }

    private static Handler handler(String name, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        Class<?> type = Class.forName(name, false, method.loader());
        Handler before = memory.recall(Handler.class);
        return memory.keep(Handler.class, before != null && before.type() == type ? before : new Handler(type, method));
    }

    /** Attempts after the first. */
    public @Nullable Policy retry(RecoverSettings settings, GuardedMethod method, Memory memory)
            throws ClassNotFoundException {
        return settings.attempts() == 1
                ? null
                : new Retry(
                        Handled.of(settings, method.loader()),
                        settings.attempts(),
                        new Waits(settings.waits()),
                        HttpArguments.of(method.method()),
                        method,
                        time);
    }

    /** The circuit breaker. */
    public @Nullable Policy breaker(RecoverSettings settings, GuardedMethod method, Memory memory)
            throws ClassNotFoundException {
        BreakerSettings breaker = settings.breaker();
        if (breaker == null) {
            return null;
        }
        return new BreakerGate(
                Handled.of(settings, method.loader()),
                breaker(settings.breakerName(), breaker, method, memory),
                method);
    }

    private Breaker breaker(String name, BreakerSettings settings, GuardedMethod method, Memory memory) {
        Held held = memory.recall(Held.class);
        Breaker before = held != null && held.name().equals(name) ? held.breaker() : null;
        Breaker breaker;
        if (!name.isEmpty()) {
            breaker = named.get(name, settings, before, time, method.loader());
        } else if (before != null) {
            breaker = before.under(settings);
        } else {
            breaker = new Breaker(settings, time, new BreakerLog(method.place(), method.loader()));
        }
        memory.keep(Held.class, new Held(name, breaker));
        return breaker;
    }

    /** The breaker of a method, and the name by which it is shared; empty for its own. */
    private record Held(String name, Breaker breaker) {}

    /** The limit of attempts under way at once. */
    public @Nullable Policy concurrencyLimit(RecoverSettings settings, GuardedMethod method, Memory memory) {
        ConcurrencyLimit before = memory.recall(ConcurrencyLimit.class);
        int most = settings.maxConcurrent();
        if (most == 0) {
            if (before != null) {
                memory.keep(ConcurrencyLimit.class, before); // its permits may be taken when it is asked for again
            }
            return null;
        }
        ConcurrencyLimit limit =
                memory.keep(ConcurrencyLimit.class, before == null ? new ConcurrencyLimit(most) : before);
        limit.limit(most);
        return new ConcurrencyGate(limit, most, method);
    }

    /** The time limit of one attempt. */
    public @Nullable Policy timeout(RecoverSettings settings, GuardedMethod method, Memory memory) {
        return settings.timeoutNanos() == 0 ? null : new Timeout(settings.timeoutNanos(), method, time);
    }
}
