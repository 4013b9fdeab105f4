package dev.holdfast.definition.recover;

import dev.holdfast.Backoff;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.FailureTypes;
import dev.holdfast.definition.MethodKey;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.NumberText;
import dev.holdfast.definition.TypeModel;
import dev.holdfast.definition.TypeUse;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code @Recover} of one method and finds all that is wrong with it. */
final class RecoverReading {

    /** A breaker that remembers more is a statistic; it would take megabytes for each method. */
    private static final int MOST_WINDOW = 1_000_000;

    private static final int MIN_CALLS = 20;
    private static final int WINDOW = 100;

    /** A parameter of one of these types, or of one that extends them, can be answered to. */
    private static final Set<String> HTTP = Set.of(
            "com.sun.net.httpserver.HttpExchange", "jakarta.servlet.ServletResponse", "javax.servlet.ServletResponse");

    private static final String HANDLER = "dev.holdfast.RecoveryHandler";

    private final Attributes given;
    private final MethodModel method;

    private RecoverReading(Attributes given, MethodModel method) {
        this.given = given;
        this.method = method;
    }

    static RecoverSettings of(Attributes given, MethodModel method) {
        RecoverReading reading = new RecoverReading(given, method);
        RecoverReading asWritten = new RecoverReading(given.asWritten(), method);
        RecoverSettings settings = reading.read();
        if (!reading.doesNothing(settings)) {
            return settings;
        }
        // A policy that the configuration empties is meant to be empty.
        if (asWritten.doesNothing(asWritten.read())) {
            given.fault("can do nothing; expected: attempts, timeout, maxConcurrent, breaker, lastGood, fallback or"
                    + " handler, or a parameter to answer to over HTTP");
        }
        return settings.withoutAnswer();
    }

    private RecoverSettings read() {
        Attributes nested = given.nested("breaker");
        RecoverSettings settings = new RecoverSettings(
                FailureTypes.read(given, "on", List.of("java.lang.Exception"), method),
                FailureTypes.read(given, "except", List.of(), method),
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
        return settings;
    }

    private WaitSettings waits() {
        Long delay = given.duration("delay", "100ms", 0);
        Long maxDelay = given.duration("maxDelay", "10s", 0);
        return new WaitSettings(
                given.constant("backoff", Backoff.class, Backoff.EXPONENTIAL),
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
            nested.fault(
                    "slowRate",
                    "= " + NumberText.plain(slowRate)
                            + " has no effect without slowerThan; expected: both, or neither");
        }
        Long openFor = nested.duration("openFor", "10s", 1);
        if (openFor == null && nested.text("openFor", "10s").isEmpty()) {
            nested.fault("openFor", "must be " + DurationText.FORM + ", was \"\"");
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
            nested.fault("minCalls", "must be at most window, " + window + ", was " + minCalls);
        }
        return window;
    }

    private long lastGood() {
        long nanos = optional(given, "lastGood");
        if (nanos != 0 && method.result().isOnly("void")) {
            given.fault(
                    "lastGood",
                    "= \"" + DurationText.text(nanos)
                            + "\" on a method that returns nothing; expected: a result, or no lastGood");
        }
        return nanos;
    }

    private List<MethodKey> fallbacks() {
        String name = given.text("fallback", "");
        if (name.isEmpty()) {
            return List.of();
        }
        MethodKey own = method.key();
        MethodKey likely = new MethodKey(own.owner(), name, own.parameters(), own.result());
        return given.known("fallback", List.of(likely), () -> fallbacks(name));
    }

    private List<MethodKey> fallbacks(String name) {
        FallbackSearch search = new FallbackSearch(method, name);
        for (String fault : search.faults()) {
            given.fault("fallback", fault);
        }
        List<MethodKey> found = new ArrayList<>();
        for (MethodModel fallback : search.found()) {
            found.add(fallback.key());
        }
        return found;
    }

    private @Nullable String handler() {
        List<String> names = given.classes("handler", List.of());
        if (names.isEmpty() || names.get(0).equals(HANDLER)) {
            return null;
        }
        String className = names.get(0);
        if (names.size() > 1) {
            given.fault("handler", "must be one class, was " + String.join(", ", names));
        }
        String wrong = given.known("handler", "", () -> wrongWithHandler(className));
        if (!wrong.isEmpty()) {
            given.fault("handler", wrong);
        }
        return className;
    }

    /** Empty if nothing. */
    private String wrongWithHandler(String className) {
        TypeModel type = method.owner().find(className);
        if (type == null) {
            return "names a class that is not there: " + className;
        }
        if (!type.is(HANDLER)) {
            return className + " does not implement " + HANDLER;
        }
        if ((type.modifiers() & (Modifier.INTERFACE | Modifier.ABSTRACT)) != 0) {
            return className
                    + " cannot be instantiated, it is abstract; expected: a class with a constructor without parameters";
        }
        for (MethodModel member : type.methods()) {
            if (member.name().equals(MethodModel.CONSTRUCTOR)
                    && member.parameters().isEmpty()) {
                return "";
            }
        }
        return type.isMember() && !Modifier.isStatic(type.modifiers())
                ? className + " cannot be instantiated without its outer object; expected: a static class"
                : className + " has no constructor without parameters";
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
                && !(settings.respond() && isHandedHttp());
    }

    private boolean isHandedHttp() {
        return given.known("respond", true, () -> {
            for (TypeUse parameter : method.parameters()) {
                if (parameter.isClass()
                        && (HTTP.contains(parameter.name())
                                || isHttp(method.owner().get(parameter.name())))) {
                    return true;
                }
            }
            return false;
        });
    }

    private static boolean isHttp(TypeModel type) {
        for (String http : HTTP) {
            if (type.is(http)) {
                return true;
            }
        }
        return false;
    }
}
