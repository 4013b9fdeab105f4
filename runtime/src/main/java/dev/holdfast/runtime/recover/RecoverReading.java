package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Attributes;
import dev.holdfast.runtime.DurationText;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.http.HttpArguments;
import dev.holdfast.runtime.settings.Rule;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code @Recover} of one method and finds all that is wrong with it. */
final class RecoverReading {

    /** A breaker that remembers more is a statistic; it would take megabytes for each method. */
    private static final int MOST_WINDOW = 1_000_000;

    private static final int MIN_CALLS = 20;
    private static final int WINDOW = 100;

    private static final Rule<Long> ONE_OR_MORE = Rule.wholeNumber(1, Integer.MAX_VALUE);
    private static final Rule<Double> PERCENT = Rule.number(Double.MIN_VALUE, 100);

    /** What can be configured, and what it looks like. */
    static final Map<String, Rule<?>> RULES = Map.ofEntries(
            Map.entry("on", Rule.classNames()),
            Map.entry("except", Rule.classNames()),
            Map.entry("attempts", ONE_OR_MORE),
            Map.entry("delay", Rule.durationOrNone()),
            Map.entry("backoff", Rule.oneOf(Growth.class)),
            Map.entry("multiplier", Rule.number(1, Double.MAX_VALUE)),
            Map.entry("maxDelay", Rule.durationOrNone()),
            Map.entry("jitter", Rule.number(0, 1)),
            Map.entry("within", Rule.durationOrNone()),
            Map.entry("timeout", Rule.durationOrNone()),
            Map.entry("maxConcurrent", Rule.wholeNumber(0, Integer.MAX_VALUE)),
            Map.entry("breaker/failureRate", PERCENT),
            Map.entry("breaker/slowRate", PERCENT),
            Map.entry("breaker/slowerThan", Rule.durationOrNone()),
            Map.entry("breaker/window", Rule.wholeNumber(1, MOST_WINDOW)),
            Map.entry("breaker/windowTime", Rule.durationOrNone()),
            Map.entry("breaker/minCalls", ONE_OR_MORE),
            Map.entry("breaker/openFor", Rule.duration()),
            Map.entry("breaker/probes", ONE_OR_MORE),
            Map.entry("breaker/name", Rule.text()),
            Map.entry("lastGood", Rule.durationOrNone()),
            Map.entry("fallback", Rule.text()),
            Map.entry("handler", Rule.classNames()),
            Map.entry("respond", Rule.flag()));

    private final Attributes given;
    private final GuardedMethod method;

    private RecoverReading(Attributes given, GuardedMethod method) {
        this.given = given;
        this.method = method;
    }

    static RecoverSettings read(Attributes given, GuardedMethod method) {
        return new RecoverReading(given, method).read();
    }

    private RecoverSettings read() {
        Attributes nested = given.nested("breaker");
        RecoverSettings settings = new RecoverSettings(
                new Handled(failures("on", List.of("java.lang.Exception")), failures("except", List.of())),
                (int) given.integer("attempts", 1, 1, Integer.MAX_VALUE),
                waits(),
                optional(given, "within"),
                optional(given, "timeout"),
                (int) given.integer("maxConcurrent", 0, 0, Integer.MAX_VALUE),
                nested == null ? null : breaker(nested),
                nested == null ? "" : nested.text("name", ""),
                lastGood(),
                fallbacks(),
                handler(),
                given.flag("respond", true));
        if (doesNothing(settings)) {
            given.fault("can do nothing; expected: attempts, timeout, maxConcurrent, breaker, lastGood, fallback or"
                    + " handler, or a parameter to answer to over HTTP");
        }
        return settings;
    }

    private Waits waits() {
        Long delay = given.duration("delay", "100ms", 0);
        Long maxDelay = given.duration("maxDelay", "10s", 0);
        return new Waits(
                given.constant("backoff", Growth.class, Growth.EXPONENTIAL),
                given.number("multiplier", 2, 1, Double.MAX_VALUE),
                delay == null ? 0 : delay,
                maxDelay == null ? Long.MAX_VALUE : maxDelay,
                given.number("jitter", 0.5, 0, 1));
    }

    /** A duration that is left out, or longer than nothing. */
    private static long optional(Attributes given, String name) {
        Long nanos = given.duration(name, "", 1);
        return nanos == null ? 0 : nanos;
    }

    private BreakerSettings breaker(Attributes nested) {
        int window = (int) nested.integer("window", WINDOW, 1, MOST_WINDOW);
        long windowTime = optional(nested, "windowTime");
        if (nested.isGiven("window") && windowTime != 0) {
            nested.fault("has window = " + window + " and windowTime = \"" + DurationText.text(windowTime)
                    + "\"; expected: one of them");
        }
        long slowerThan = optional(nested, "slowerThan");
        double slowRate = nested.number("slowRate", 100, Double.MIN_VALUE, 100);
        if (nested.isGiven("slowRate") && slowerThan == 0) {
            nested.fault("slowRate = " + slowRate + " has no effect without slowerThan; expected: both, or neither");
        }
        Long openFor = nested.duration("openFor", "10s", 1);
        if (openFor == null && nested.text("openFor", "10s").isEmpty()) {
            nested.fault("openFor must be " + DurationText.FORM + ", was \"\"");
        }
        return new BreakerSettings(
                nested.number("failureRate", 50, Double.MIN_VALUE, 100),
                slowRate,
                slowerThan,
                window,
                windowTime,
                minCalls(nested, window, windowTime == 0),
                openFor == null ? 1 : openFor,
                (int) nested.integer("probes", 3, 1, Integer.MAX_VALUE));
    }

    /** More than the window holds are never reached; where the number was not asked for, the window decides. */
    private static int minCalls(Attributes nested, int window, boolean byCount) {
        int minCalls = (int) nested.integer("minCalls", MIN_CALLS, 1, Integer.MAX_VALUE);
        if (!byCount || minCalls <= window) {
            return minCalls;
        }
        if (nested.isGiven("minCalls")) {
            nested.fault("minCalls must be at most window, " + window + ", was " + minCalls);
        }
        return window;
    }

    private long lastGood() {
        long nanos = optional(given, "lastGood");
        if (nanos != 0 && method.method().getReturnType() == void.class) {
            given.fault("lastGood = \"" + DurationText.text(nanos)
                    + "\" on a method that returns nothing; expected: a result, or no lastGood");
        }
        return nanos;
    }

    private List<Class<?>> failures(String name, List<String> otherwise) {
        List<Class<?>> found = new ArrayList<>();
        for (String className : given.classes(name, otherwise)) {
            Class<?> type = type(name, className);
            if (type != null && !Throwable.class.isAssignableFrom(type)) {
                given.fault(name + " must name subclasses of Throwable, was " + className);
            } else if (type != null) {
                found.add(type);
            }
        }
        return found;
    }

    /** Finds a class as the method's own class would; null and a fault if there is none. */
    private @Nullable Class<?> type(String name, String className) {
        try {
            return Class.forName(className, false, method.loader());
        } catch (ClassNotFoundException | LinkageError missing) {
            given.fault(name + " names a class that is not there: " + className);
            return null;
        }
    }

    private List<Method> fallbacks() {
        String name = given.text("fallback", "");
        if (name.isEmpty()) {
            return List.of();
        }
        FallbackSearch search = new FallbackSearch(method, name);
        search.faults().forEach(given::fault);
        return search.found();
    }

    private @Nullable Class<?> handler() {
        List<String> names = given.classes("handler", List.of());
        if (names.isEmpty() || names.get(0).equals(Handler.INTERFACE)) {
            return null;
        }
        String className = names.get(0);
        if (names.size() > 1) {
            given.fault("handler must be one class, was " + String.join(", ", names));
        }
        Class<?> type = type("handler", className);
        if (type == null) {
            return null;
        }
        String wrong = wrongWithHandler(type);
        if (wrong != null) {
            given.fault("handler " + className + " " + wrong);
        }
        return type;
    }

    private static @Nullable String wrongWithHandler(Class<?> type) {
        if (!Handler.isHandler(type)) {
            return "does not implement " + Handler.INTERFACE;
        }
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            return "cannot be instantiated, it is abstract; expected: a class with a constructor without parameters";
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 0) {
                return null;
            }
        }
        return type.isMemberClass() && !Modifier.isStatic(type.getModifiers())
                ? "cannot be instantiated without its outer object; expected: a static class"
                : "has no constructor without parameters";
    }

    /** An attribute that is at fault was meant to do something, so that is asked where there is no fault alone. */
    private boolean doesNothing(RecoverSettings settings) {
        return !given.hasFault()
                && settings.attempts() == 1
                && settings.timeoutNanos() == 0
                && settings.maxConcurrent() == 0
                && settings.breaker() == null
                && settings.lastGoodNanos() == 0
                && settings.fallbacks().isEmpty()
                && settings.handler() == null
                && !(settings.respond() && HttpArguments.of(method.method()).canAnswer());
    }
}
