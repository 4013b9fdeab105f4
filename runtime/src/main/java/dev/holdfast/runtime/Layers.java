package dev.holdfast.runtime;

import dev.holdfast.definition.notify.NotifySettings;
import dev.holdfast.definition.ratelimit.RateLimitSettings;
import dev.holdfast.definition.recover.RecoverSettings;
import dev.holdfast.definition.session.SessionSettings;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.notify.NotifyRoom;
import dev.holdfast.runtime.ratelimit.RateLimitRoom;
import dev.holdfast.runtime.recover.RecoverRoom;
import dev.holdfast.runtime.redis.JedisRedis;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.redis.SharedRedis;
import dev.holdfast.runtime.session.SessionRoom;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Overridable;
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

/**
 * Which annotations there are, and how their policies lie around a method. The one place outside of the rooms that knows them.
 */
final class Layers implements Overridable {

    /** In the JVM's own time. Made when it is first asked for, which may never be. */
    static Layers system() {
        return OfSystem.LAYERS;
    }

    private static final class OfSystem {
        static final Layers LAYERS = new Layers(Time.SYSTEM, Entry::settings);
    }

    private final Time time;
    private final List<LazyRoom<?, ?>> rooms;
    private final List<Layer<?, ?>> outermostFirst;

    /**
     * In that time.
     *
     * @param settings those in force, asked for again and again
     */
    Layers(Time time, Supplier<Settings> settings) {
        this.time = time;
        Early.initialise(Deadline.class);
        Log.prepare();
        SharedRedis redis = new SharedRedis(() -> redis(time, settings.get()));
        LazyRoom<RecoverSettings, RecoverRoom> recover =
                new LazyRoom<>("Recover", Map.of("breaker", "CircuitBreaker"), () -> new RecoverRoom(time));
        LazyRoom<RateLimitSettings, RateLimitRoom> rateLimit =
                new LazyRoom<>("RateLimited", Map.of(), () -> new RateLimitRoom(time, settings, redis));
        LazyRoom<SessionSettings, SessionRoom> session =
                new LazyRoom<>("SharedSession", Map.of(), () -> new SessionRoom(time, settings, redis));
        LazyRoom<NotifySettings, NotifyRoom> notify =
                new LazyRoom<>("NotifyOnFailure", Map.of(), () -> new NotifyRoom(time, settings));
        this.rooms = List.of(recover, rateLimit, session, notify);
        // Around one call: tell others how it ended; within its budget, answer over HTTP what could not be recovered
        // from after, once the limits have let it through, retrying what passed the breaker, was given its session and
        // passed the concurrency limit, and came back before the timeout.
        this.outermostFirst = List.of(
                new Layer<>(notify, NotifyRoom::calls),
                new Layer<>(recover, RecoverRoom::budget),
                new Layer<>(recover, RecoverRoom::answer),
                new Layer<>(session, SessionRoom::answer, recover),
                new Layer<>(recover, RecoverRoom::recovery),
                new Layer<>(rateLimit, RateLimitRoom::limits),
                new Layer<>(recover, RecoverRoom::retry),
                new Layer<>(notify, NotifyRoom::attempts),
                new Layer<>(recover, RecoverRoom::breaker),
                new Layer<>(session, SessionRoom::session),
                new Layer<>(recover, RecoverRoom::concurrencyLimit),
                new Layer<>(recover, RecoverRoom::timeout));
    }

    private static JedisRedis redis(Time time, Settings settings) {
        RedisAddress address = settings.find(Keys.REDIS);
        if (address == null) {
            throw new IllegalStateException("what is kept in Redis is asked for, and there is no holdfast.redis");
        }
        return JedisRedis.connect(address, settings.get(Keys.REDIS_TIMEOUT), settings.get(Keys.REDIS_PREFIX), time);
    }

    /** By which the policies go. */
    Time time() {
        return time;
    }

    /** In the order in which messages about a method speak of them. */
    List<LazyRoom<?, ?>> rooms() {
        return rooms;
    }

    /** A class with such a method was loaded. */
    void expect(Map<Room<?>, Object> settings) {
        settings.forEach(Layers::expect);
    }

    @SuppressWarnings("unchecked") // what a room has read is put under that room
    private static <S> void expect(Room<S> room, Object settings) {
        room.expect((S) settings);
    }

    /** The policies of a method, outermost first. */
    List<Policy> policies(Map<Room<?>, Object> settings, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        List<Policy> policies = new ArrayList<>();
        for (Layer<?, ?> layer : outermostFirst) {
            Policy policy = layer.policy(settings, method, memory);
            if (policy != null) {
                policies.add(policy);
            }
        }
        return policies;
    }

    @Override
    public Map<String, Map<String, Rule<?>>> attributes() {
        Map<String, Map<String, Rule<?>>> attributes = new TreeMap<>();
        for (Room<?> room : rooms) {
            attributes.put(room.annotation(), room.attributes());
            room.nested().forEach((attribute, name) -> attributes.put(name, within(attribute, room.attributes())));
        }
        return attributes;
    }

    private static Map<String, Rule<?>> within(String attribute, Map<String, Rule<?>> all) {
        Map<String, Rule<?>> within = new TreeMap<>();
        all.forEach((path, rule) -> {
            if (path.startsWith(attribute + "/")) {
                within.put(path.substring(attribute.length() + 1), rule);
            }
        });
        return within;
    }

    @Override
    public Map<String, String> nested() {
        Map<String, String> nested = new TreeMap<>();
        for (Room<?> room : rooms) {
            room.nested().forEach((attribute, name) -> nested.put(room.annotation() + "/" + attribute, name));
        }
        return nested;
    }

    @Override
    public List<String> channelFaults(String uri, boolean sharedRedis) {
        return NotifyRoom.channelFaults(uri, sharedRedis);
    }

    /**
     * As they check the configuration of a program that does not run.
     *
     * @param has whether it has the resource of that name
     */
    Overridable of(Predicate<String> has) {
        return new Overridable() {

            @Override
            public Map<String, Map<String, Rule<?>>> attributes() {
                return Layers.this.attributes();
            }

            @Override
            public Map<String, String> nested() {
                return Layers.this.nested();
            }

            @Override
            public List<String> channelFaults(String uri, boolean sharedRedis) {
                return channelFaultsIn(has, uri, sharedRedis);
            }
        };
    }

    private static List<String> channelFaultsIn(Predicate<String> has, String uri, boolean sharedRedis) {
        return NotifyRoom.channelFaults(uri, sharedRedis, has);
    }

    /** Makes the policy of one layer, if the annotation asks for it. */
    private interface Maker<S, R extends Room<S>> {

        @Nullable
        Policy make(R room, S settings, GuardedMethod method, Memory memory) throws ReflectiveOperationException;
    }

    /** @param unless the room that sees to this itself, where it is asked for; null for none */
    private record Layer<S, R extends Room<S>>(
            LazyRoom<S, R> room,
            Maker<S, R> maker,
            @Nullable Room<?> unless) {

        Layer(LazyRoom<S, R> room, Maker<S, R> maker) {
            this(room, maker, null);
        }

        @SuppressWarnings("unchecked") // what a room has read is put under that room
        @Nullable
        Policy policy(Map<Room<?>, Object> settings, GuardedMethod method, Memory memory)
                throws ReflectiveOperationException {
            Object own = settings.get(room);
            if (own == null) {
                room.isOff(memory);
                return null;
            }
            return unless != null && settings.containsKey(unless)
                    ? null
                    : maker.make(room.open(), (S) own, method, memory);
        }
    }
}
