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
import dev.holdfast.runtime.notify.channel.ChannelTypes;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
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
        this.told = new Told();
        this.reporter = new Reporter(time, settings);
    }

    /** What is wrong with the address of a channel, each as it follows its key, with what to do. */
    public static List<String> channelFaults(String uri, boolean sharedRedis) {
        return ChannelTypes.faultsAtStart(uri, sharedRedis);
    }

    /**
     * The same for a program that does not run.
     *
     * @param has whether it has the resource of that name
     */
    public static List<String> channelFaults(String uri, boolean sharedRedis, Predicate<String> has) {
        return ChannelTypes.faultsOf(uri, sharedRedis, has);
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
        OfCalls before = memory.recall(OfCalls.class);
        List<Teller> tellers = tellers(settings, false, method, before == null ? List.of() : before.thresholds());
        memory.keep(OfCalls.class, new OfCalls(thresholds(tellers)));
        return tellers.isEmpty() ? null : new TellCalls(tellers(tellers, false, method), new Stages(method), time);
    }

    /** Tells how attempts end. */
    public @Nullable Policy attempts(NotifySettings settings, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        OfAttempts before = memory.recall(OfAttempts.class);
        List<Teller> tellers = tellers(settings, true, method, before == null ? List.of() : before.thresholds());
        memory.keep(OfAttempts.class, new OfAttempts(thresholds(tellers)));
        return tellers.isEmpty() ? null : new TellAttempts(tellers(tellers, true, method), new Stages(method), time);
    }

    /** What outlives a change of the configuration: how often it has failed lately. */
    private record OfCalls(List<Threshold> thresholds) {}

    private record OfAttempts(List<Threshold> thresholds) {}

    private static List<Threshold> thresholds(List<Teller> tellers) {
        return tellers.stream().map(Teller::threshold).toList();
    }

    private List<Teller> tellers(
            NotifySettings settings, boolean ofAttempts, GuardedMethod method, List<Threshold> earlier)
            throws ReflectiveOperationException {
        List<Teller> tellers = new ArrayList<>();
        for (Telling telling : settings.tellings()) {
            if ((telling.when() == When.EVERY_ATTEMPT) == ofAttempts) {
                int place = tellers.size();
                Threshold before = place < earlier.size() ? earlier.get(place) : null;
                tellers.add(Teller.link(telling, settings.parameterNames(), method, before));
            }
        }
        return tellers;
    }

    private Tellers tellers(List<Teller> tellers, boolean ofAttempts, GuardedMethod method) {
        List<String> channels =
                tellers.stream().flatMap(teller -> teller.channels().stream()).toList();
        Intake intake = reporter.begin(method.loader(), channels);
        return new Tellers(tellers, ofAttempts, method, told, intake, reporter::usual, time);
    }
}
