package dev.holdfast.runtime.session;

import dev.holdfast.Conflict;
import dev.holdfast.Consistency;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.session.SessionReader;
import dev.holdfast.definition.session.SessionSettings;
import dev.holdfast.definition.template.Template;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Memory;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.Room;
import dev.holdfast.runtime.http.HttpArguments;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.redis.Subscription;
import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.http.ExchangeKind;
import dev.holdfast.runtime.session.servlet.ServletKind;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.Lives;
import dev.holdfast.runtime.session.store.LocalStore;
import dev.holdfast.runtime.session.store.RedisStore;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.template.LinkedTemplate;
import dev.holdfast.runtime.time.DaemonThreads;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.WallClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code @SharedSession}: its reading, and the policy that it asks for. Thread-safe. */
public final class SessionRoom implements Room<SessionSettings> {

    private final Time time;
    private final Supplier<Settings> settings;
    private final Supplier<Redis> redis;
    private final SessionReader reader = new SessionReader();
    private final ReentrantLock making = new ReentrantLock();

    private final AtomicBoolean expected = new AtomicBoolean();

    /** By the cookie's name or the template. */
    private final Map<String, Lives> lives = new ConcurrentHashMap<>();

    /** Made with the first policy, or before it, under the lock. */
    private @Nullable Sessions sessions;

    /**
     * In that time.
     *
     * @param settings those in force, asked for again and again
     * @param redis where they are kept, asked for with the first policy, if the settings name one
     */
    public SessionRoom(Time time, Supplier<Settings> settings, Supplier<Redis> redis) {
        this.time = time;
        this.settings = settings;
        this.redis = redis;
    }

    @Override
    public String annotation() {
        return reader.annotation();
    }

    @Override
    public Map<String, Rule<?>> attributes() {
        return new TreeMap<>(SessionRules.RULES);
    }

    @Override
    public SessionSettings read(List<Attributes> given, MethodModel method, Names names) {
        return reader.read(given, method, names);
    }

    @Override
    public String summary(SessionSettings settings) {
        return reader.summary(settings);
    }

    /** To load a client of Redis, to connect it and to hand over the scripts takes longer than a first visitor should wait. */
    @Override
    public void expect(SessionSettings asked) {
        Lifetime unused = lifetime(asked); // but known from now on
        if (settings.get().find(Keys.REDIS) != null && expected.compareAndSet(false, true)) {
            time.scheduleWork(0, () -> sessions().getReady());
        }
    }

    /** What a client is told where its session is away, and nothing else is said of failures. */
    public @Nullable Policy answer(SessionSettings asked, GuardedMethod method, Memory memory) {
        HttpArguments http = HttpArguments.of(method.method());
        return http.canAnswer() ? new SessionAnswer(http, method, time) : null;
    }

    /** Gives each attempt its session. */
    public Policy session(SessionSettings asked, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        Template id = asked.id();
        Terms terms = new Terms(
                method.place(),
                method.loader(),
                id == null ? asked.cookie() : null,
                asked.create(),
                lifetime(asked),
                asked.consistency() == Consistency.NEAR,
                asked.conflict() == Conflict.FAIL,
                asked.whenUnavailable() == Unavailable.DENY,
                new Codec(
                        method.lookup(),
                        name -> settings.get().get(Keys.SESSION_ALLOW).names(name),
                        () -> settings.get().get(Keys.SESSION_LIMIT)),
                ExceptionType.in(method.loader(), "SessionConflictException"),
                ExceptionType.in(method.loader(), "SessionUnavailableException", Throwable.class));
        return new SessionPolicy(
                sessions(),
                terms,
                SessionType.in(method.loader()),
                id == null ? null : LinkedTemplate.link(id, method),
                kinds(method, id == null ? asked.cookie() : ""),
                time);
    }

    private Lifetime lifetime(SessionSettings asked) {
        Template id = asked.id();
        String kind = id == null ? "cookie " + asked.cookie() : "id " + id;
        return lives.computeIfAbsent(kind, one -> new Lives())
                .lifetime(
                        TimeUnit.NANOSECONDS.toMillis(asked.idleNanos()),
                        TimeUnit.NANOSECONDS.toMillis(asked.maxAgeNanos()));
    }

    /** The kinds of HTTP that a method is handed. */
    private List<HttpKind> kinds(GuardedMethod method, String cookie) {
        List<HttpKind> kinds = new ArrayList<>();
        LongSupplier limit = () -> settings.get().get(Keys.SESSION_RESPONSE);
        HttpKind exchange = ExchangeKind.of(method.method(), limit, method.place());
        if (exchange != null) {
            kinds.add(exchange);
        }
        HttpKind servlet = ServletKind.of(method, cookie, limit, time);
        if (servlet != null) {
            kinds.add(servlet);
        }
        return kinds;
    }

    private static void endLater(Sessions made) {
        try {
            Runtime.getRuntime().addShutdownHook(DaemonThreads.unstarted("holdfast-sessions-last", made::end));
        } catch (IllegalStateException ending) {
            Log.debug(
                    null,
                    "the JVM ends already, and nothing that a session owes will be written after: " + ending,
                    ending);
        }
    }

    private Sessions sessions() {
        making.lock();
        try {
            Sessions made = sessions;
            if (made == null) {
                Settings now = settings.get();
                RedisAddress address = now.find(Keys.REDIS);
                String prefix = now.get(Keys.REDIS_PREFIX);
                LongSupplier limit = () -> settings.get().get(Keys.SESSION_LIMIT);
                if (address == null) {
                    made = new Sessions(new LocalStore(time, WallClock.millis()), null, limit, time);
                } else {
                    NearCopies near = new NearCopies(prefix, time);
                    Subscription.start(address, RedisStore.channel(prefix), "holdfast-sessions", near, time);
                    made = new Sessions(new RedisStore(redis.get(), prefix), near, limit, time);
                    endLater(made);
                }
                sessions = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }
}
