package dev.holdfast.runtime.notify;

import dev.holdfast.When;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.notify.NotifyReader;
import dev.holdfast.definition.notify.NotifySettings;
import dev.holdfast.definition.notify.Telling;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Memory;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.Room;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code @NotifyOnFailure}: its reading, and the policies that it asks for. Thread-safe. */
public final class NotifyRoom implements Room<NotifySettings> {

    private final Time time;
    private final NotifyReader reader = new NotifyReader();
    private final Told told;
    private final Reporter reporter;

    /**
     * In that time.
     *
     * @param settings those in force, asked for again and again
     */
    public NotifyRoom(Time time, Supplier<Settings> settings) {
        this.time = time;
        this.told = new Told(time);
        this.reporter = new Reporter(time, settings);
    }

    @Override
    public String annotation() {
        return reader.annotation();
    }

    @Override
    public Map<String, Rule<?>> attributes() {
        return new TreeMap<>(NotifyRules.RULES);
    }

    @Override
    public NotifySettings read(List<Attributes> given, MethodModel method, Names names) {
        return reader.read(given, method, names);
    }

    @Override
    public String summary(NotifySettings settings) {
        return reader.summary(settings);
    }

    /** Tells how calls end. */
    public @Nullable Policy calls(NotifySettings settings, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        Tellers tellers = tellers(settings, false, method);
        return tellers == null ? null : new TellCalls(tellers, time);
    }

    /** Tells how attempts end. */
    public @Nullable Policy attempts(NotifySettings settings, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        Tellers tellers = tellers(settings, true, method);
        return tellers == null ? null : new TellAttempts(tellers, time);
    }

    private @Nullable Tellers tellers(NotifySettings settings, boolean ofAttempts, GuardedMethod method)
            throws ReflectiveOperationException {
        List<Teller> tellers = new ArrayList<>();
        for (Telling telling : settings.tellings()) {
            if ((telling.when() == When.EVERY_ATTEMPT) == ofAttempts) {
                tellers.add(Teller.link(telling, settings.parameterNames(), method, time));
            }
        }
        return tellers.isEmpty()
                ? null
                : new Tellers(tellers, ofAttempts, method, told, reporter.begin(method.loader()));
    }
}
