package dev.holdfast.runtime.ratelimit;

import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.ratelimit.LimitSettings;
import dev.holdfast.definition.ratelimit.RateLimitReader;
import dev.holdfast.definition.ratelimit.RateLimitSettings;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Memory;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.Room;
import dev.holdfast.runtime.ratelimit.cluster.ClusterLimits;
import dev.holdfast.runtime.ratelimit.local.LocalMeters;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code @RateLimited}: its reading, and the policy that it asks for. Thread-safe. */
public final class RateLimitRoom implements Room<RateLimitSettings> {

    private final Time time;
    private final RateLimitReader reader = new RateLimitReader();
    private final NamedLimits named = new NamedLimits();
    private final Meters.Source ofThisJvm;
    private final Meters.Source ofCluster;

    /**
     * In that time.
     *
     * @param settings those in force, asked for again and again
     * @param redis of the cluster, asked for when a limit of it is first asked for permits
     */
    public RateLimitRoom(Time time, Supplier<Settings> settings, Supplier<Redis> redis) {
        this(time, new ClusterLimits(time, settings, redis));
    }

    RateLimitRoom(Time time, Meters.Source ofCluster) {
        this.time = time;
        this.ofThisJvm = (id, settingsOfIt) -> new LocalMeters(settingsOfIt, time);
        this.ofCluster = ofCluster;
    }

    @Override
    public String annotation() {
        return reader.annotation();
    }

    @Override
    public Map<String, Rule<?>> attributes() {
        return new TreeMap<>(RateLimitRules.RULES);
    }

    @Override
    public RateLimitSettings read(List<Attributes> given, MethodModel method, Names names) {
        return reader.read(given, method, names);
    }

    @Override
    public String summary(RateLimitSettings settings) {
        return reader.summary(settings);
    }

    /** All limits of a method; those of this JVM are asked first, as they cost nothing. */
    public Policy limits(RateLimitSettings settings, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        Held before = memory.recall(Held.class);
        List<Kept> kept = new ArrayList<>();
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < settings.limits().size(); i++) {
            LimitSettings one = settings.limits().get(i);
            Limit limit = limit(one, i, before == null ? null : before.find(one.name(), i), method);
            kept.add(new Kept(one.name(), limit));
            int at = one.rate().cluster() ? claims.size() : locals(claims);
            claims.add(at, Claim.link(limit, one, method));
        }
        memory.keep(Held.class, new Held(List.copyOf(kept)));
        Claim[] all = claims.toArray(new Claim[0]);
        if (ShortGate.serves(all)) {
            return new ShortGate(all, time);
        }
        return KeyDoor.serves(all) ? new KeyDoor(all[0], time) : new RateGate(all, time);
    }

    private static int locals(List<Claim> claims) {
        int locals = 0;
        while (locals < claims.size() && !claims.get(locals).limit().settings().cluster()) {
            locals++;
        }
        return locals;
    }

    private Limit limit(LimitSettings one, int index, @Nullable Limit before, GuardedMethod method) {
        Meters.Source source = one.rate().cluster() ? ofCluster : ofThisJvm;
        if (!one.name().isEmpty()) {
            return named.get(one.name(), one.rate(), before, source);
        }
        if (before != null && before.follow(one.rate())) {
            return before;
        }
        MethodModel model = method.model();
        StringBuilder id = new StringBuilder("method:").append(model.owner().name());
        id.append('.').append(model.name()).append('(');
        for (int i = 0; i < model.parameters().size(); i++) {
            id.append(i == 0 ? "" : ",")
                    .append(model.parameters().get(i).erasure().typeName());
        }
        return new Limit(id.append(")#").append(index).toString(), one.rate(), source);
    }

    /** The limits of a method, in the order of its annotations. */
    private record Held(List<Kept> limits) {

        /** The limit that an annotation had, by its name or, where it has none, by its place; null if it is new. */
        @Nullable
        Limit find(String name, int index) {
            for (int i = 0; i < limits.size(); i++) {
                if (limits.get(i).name().equals(name) && (!name.isEmpty() || i == index)) {
                    return limits.get(i).limit();
                }
            }
            return null;
        }
    }

    private record Kept(String name, Limit limit) {}
}
