package dev.holdfast.runtime.log;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The logger {@code dev.holdfast} of one SLF4J, 1.7 or 2.0, reached by name. Thread-safe.
 *
 * <p>It refers to classes of the application strongly, so it is kept where they are: as a {@link ClassValue} of SLF4J's own class,
 * with which it goes.
 */
final class Slf4j {

    /** Put together at run time: a name that stood here whole would be changed where SLF4J is relocated in the agent's jar. */
    private static final String PACKAGE = String.join(".", "org", "slf4j");

    static final String FACTORY = PACKAGE + ".LoggerFactory";
    static final String FACTORY_RESOURCE = FACTORY.replace('.', '/') + ".class";

    private static final String LOGGER = PACKAGE + ".Logger";
    private static final String NO_LOGGER = PACKAGE + ".helpers.NOPLogger";
    private static final String STAND_IN = PACKAGE + ".helpers.SubstituteLogger";

    /** What a provider brings, for 2.0 and for 1.7. */
    private static final String[] PROVIDER_RESOURCES = {
        "META-INF/services/" + PACKAGE + ".spi.SLF4JServiceProvider",
        PACKAGE.replace('.', '/') + "/impl/StaticLoggerBinder.class"
    };

    private static final ClassValue<Slf4j> BY_FACTORY = new ClassValue<>() {
        @Override
        protected Slf4j computeValue(Class<?> factory) {
            try {
                return connect(factory);
            } catch (Error | RuntimeException failure) {
                throw failure;
            } catch (Throwable failure) {
                throw new IllegalStateException(failure);
            }
        }
    };

    private static final Slf4j NONE = new Slf4j(new EnumMap<>(Level.class), false);

    private final Map<Level, Methods> methods;

    /** Whether it only collects, until SLF4J has been set up. */
    private final boolean standIn;

    private Slf4j(Map<Level, Methods> methods, boolean standIn) {
        this.methods = methods;
        this.standIn = standIn;
    }

    /**
     * One level's methods, bound to the logger.
     *
     * @param plain of type (String)void: the text is told as it is, whatever braces it has
     * @param withCause of type (String, Throwable)void
     */
    private record Methods(MethodHandle plain, MethodHandle withCause) {}

    /**
     * That of a factory class, woken if need be.
     *
     * @return null if it has no provider: it would swallow everything
     */
    static @Nullable Slf4j of(Class<?> factory) {
        Slf4j slf4j = BY_FACTORY.get(factory);
        if (slf4j.standIn) {
            // Good for this message. The next one may find the real thing, or that there is none.
            BY_FACTORY.remove(factory);
        }
        return slf4j == NONE ? null : slf4j;
    }

    void log(Message message) throws Throwable {
        Methods level = Objects.requireNonNull(methods.get(message.level()));
        Throwable cause = message.cause();
        if (cause == null) {
            level.plain.invokeExact(message.text());
        } else {
            level.withCause.invokeExact(message.text(), cause);
        }
    }

    private static Slf4j connect(Class<?> factory) throws Throwable {
        if (!hasProvider(factory)) {
            // Not even asked: with nothing to give, it would complain on stderr, on behalf of an application that may
            // never log.
            return NONE;
        }
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> type = Class.forName(LOGGER, false, factory.getClassLoader());
        Object logger = lookup.findStatic(factory, "getLogger", MethodType.methodType(type, String.class))
                .invoke("dev.holdfast");
        String implementation = logger.getClass().getName();
        if (implementation.equals(NO_LOGGER)) {
            return NONE;
        }
        MethodType plain = MethodType.methodType(void.class, String.class);
        MethodType withCause = plain.appendParameterTypes(Throwable.class);
        Map<Level, Methods> methods = new EnumMap<>(Level.class);
        for (Level level : Level.values()) {
            methods.put(
                    level,
                    new Methods(
                            lookup.findVirtual(type, level.methodName(), plain).bindTo(logger),
                            lookup.findVirtual(type, level.methodName(), withCause)
                                    .bindTo(logger)));
        }
        return new Slf4j(methods, implementation.equals(STAND_IN));
    }

    private static boolean hasProvider(Class<?> factory) {
        ClassLoader loader = factory.getClassLoader();
        if (loader == null || factory.getModule().isNamed() || System.getProperty("slf4j.provider") != null) {
            // A provider may be named by the property, or by a module descriptor, which no resource tells of.
            return true;
        }
        for (String resource : PROVIDER_RESOURCES) {
            if (loader.getResource(resource) != null) {
                return true;
            }
        }
        return false;
    }
}
