package old;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.SuperMethodCall;
import net.bytebuddy.matcher.ElementMatchers;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** An application with libraries of some years ago, in versions that the agent carries newer ones of. */
public final class Shop {

    static final Cache<String, String> CACHE = Caffeine.newBuilder().maximumSize(10).build();

    static int attempts;

    @Recover(on = JedisConnectionException.class, attempts = 3, delay = "1ms", fallback = "cached")
    static String price(String id, int port) {
        attempts++;
        try (Jedis jedis = new Jedis("127.0.0.1", port, 200)) {
            return jedis.get(id);
        }
    }

    private static String cached(String id, int port, JedisConnectionException failure) {
        return CACHE.get(id, key -> "cached " + key);
    }

    @Case
    void its_old_jedis_works_and_its_failures_are_recovered() throws Exception {
        int port;
        try (ServerSocket closedAtOnce = new ServerSocket(0)) {
            port = closedAtOnce.getLocalPort();
        }
        attempts = 0;
        Expect.equal("cached a", price("a", port));
        Expect.equal(3, attempts);
        from("jedis-3", Jedis.class);
    }

    @Recover(lastGood = "1h")
    static String remembered(String id) {
        if (CACHE.getIfPresent(id) != null) {
            throw new IllegalStateException("planned");
        }
        CACHE.put(id, "there");
        return "first";
    }

    @Case
    void its_old_caffeine_works_beside_the_agents() {
        Expect.equal("first", remembered("k"));
        Expect.equal("first", remembered("k"));
        from("caffeine-2", Caffeine.class);
    }

    public static class Quotes {
        int attempts;

        @Recover(attempts = 3, delay = "0s")
        public String quote() {
            attempts++;
            throw new IllegalStateException("planned");
        }
    }

    @Case
    void its_old_byte_buddy_works_and_its_subclasses_apply_nothing_twice() throws Exception {
        from("byte-buddy-1.14", ByteBuddy.class);
        Quotes inherits = new ByteBuddy()
                .subclass(Quotes.class)
                .make()
                .load(Shop.class.getClassLoader())
                .getLoaded()
                .getConstructor()
                .newInstance();
        Expect.thrown(IllegalStateException.class, inherits::quote);
        Expect.equal(3, inherits.attempts);
        Quotes overrides = new ByteBuddy()
                .subclass(Quotes.class)
                .method(ElementMatchers.named("quote"))
                .intercept(SuperMethodCall.INSTANCE)
                .make()
                .load(Shop.class.getClassLoader())
                .getLoaded()
                .getConstructor()
                .newInstance();
        Expect.thrown(IllegalStateException.class, overrides::quote);
        Expect.that(overrides.attempts == 1 || overrides.attempts == 3, "never twice, was " + overrides.attempts);
        Quotes mocks = new ByteBuddy()
                .subclass(Quotes.class)
                .method(ElementMatchers.named("quote"))
                .intercept(FixedValue.value("mocked"))
                .make()
                .load(Shop.class.getClassLoader())
                .getLoaded()
                .getConstructor()
                .newInstance();
        Expect.equal("mocked", mocks.quote());
    }

    static class Faulty {
        @Recover(attempts = -5)
        static void invalid() {}
    }

    @Case
    void messages_go_to_its_own_logging() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        root.addAppender(events);
        root.setLevel(Level.INFO);
        Expect.outcome(Faulty::invalid);
        List<String> errors = events.list.stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .collect(Collectors.toList());
        Expect.equal(1, errors.size());
        Expect.contains("old.Shop", errors.get(0));
        Expect.contains("attempts", errors.get(0));
        Expect.that(
                events.list.get(0).getLoggerName().startsWith("dev.holdfast"),
                "the logger is ours, was " + events.list.get(0).getLoggerName());
        from("slf4j-api-1.7", LoggerFactory.class);
        from("logback-classic-1.2", Logger.class);
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    static void broken() {
        throw new JedisConnectionException("planned");
    }

    @Case
    void its_exceptions_are_caught_by_its_own_types() {
        Expect.thrown(JedisConnectionException.class, Shop::broken);
        Expect.thrown(JedisConnectionException.class, Shop::broken);
        try {
            broken();
            throw new AssertionError("closed");
        } catch (BreakerOpenException open) {
            Expect.same(BreakerOpenException.class, open.getClass());
        }
    }

    @Case
    void nothing_of_the_agents_libraries_is_to_be_seen() throws Exception {
        ClassLoader loader = Shop.class.getClassLoader();
        for (String name : new String[] {
            "com.github.benmanes.caffeine.cache.Caffeine",
            "net.bytebuddy.ByteBuddy",
            "org.slf4j.LoggerFactory",
            "redis.clients.jedis.Jedis"
        }) {
            String resource = name.replace('.', '/') + ".class";
            List<URL> found = Collections.list(loader.getResources(resource));
            Expect.equal(1, found.size());
        }
        for (String name : new String[] {"dev.holdfast.runtime.Site", "dev.holdfast.runtime.Entry", "dev.holdfast.bridge.HoldfastSite"}) {
            Expect.thrown(ClassNotFoundException.class, () -> Class.forName(name, false, loader));
        }
        try (InputStream services = loader.getResourceAsStream("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")) {
            Expect.equal(null, services);
        }
    }

    private static void from(String jar, Class<?> type) {
        Expect.contains(jar, type.getProtectionDomain().getCodeSource().getLocation().toString());
    }
}
