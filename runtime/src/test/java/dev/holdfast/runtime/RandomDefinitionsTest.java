package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.recover.BreakerSettings;
import dev.holdfast.definition.recover.RecoverSettings;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.VirtualTime;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/**
 * Thousands of definitions and configurations, good and bad, from a seed: each comes to a policy that says what was typed, or to a message
 * that names what is wrong.
 */
final class RandomDefinitionsTest {

    private static final int ROUNDS = 20_000;

    private static final String PLACE = RandomDefinitionsTest.class.getName() + "$Shop.find(String): ";

    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Shop {

        static String find(String id) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static String find$holdfast(String id) {
            return id;
        }

        static String cached(String id) {
            return id;
        }
    }

    /** A value as it is typed, in an annotation and in a file. */
    private record Typed(String java, String text) {

        static Typed plain(Object value) {
            return new Typed(String.valueOf(value), String.valueOf(value));
        }

        static Typed quoted(String value) {
            return new Typed(
                    '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"', value);
        }
    }

    private interface Source {
        Typed next(Random random);
    }

    /**
     * An attribute.
     *
     * @param holds whether settings say what was typed
     */
    private record Attribute(String name, Source source, BiPredicate<RecoverSettings, String> holds) {}

    private static final List<String> DURATIONS = List.of(
            "",
            "0s",
            "1ns",
            "100ms",
            "1m30s",
            "292d",
            "99999999999d",
            "-1s",
            "1.5s",
            " 1s",
            "1 s",
            "soon",
            "ms",
            "1s1",
            "PT1S",
            "\"",
            "\n",
            "9223372036854775807ns",
            "9223372036854775808ns",
            "\u0661s");
    private static final List<Integer> INTEGERS =
            List.of(Integer.MIN_VALUE, -1, 0, 1, 2, 3, 20, 100, 101, 1_000_000, 1_000_001, Integer.MAX_VALUE);
    private static final List<Double> NUMBERS = List.of(
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            -1.0,
            -0.0,
            0.0,
            Double.MIN_VALUE,
            0.5,
            1.0,
            2.0,
            50.0,
            100.0,
            100.1,
            1e300,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY);

    private static <T> T one(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static final Source DURATION = random -> Typed.quoted(one(DURATIONS, random));
    private static final Source INTEGER = random -> Typed.plain(one(INTEGERS, random));
    private static final Source NUMBER = random -> Typed.plain(one(NUMBERS, random));

    private static boolean isDuration(long nanos, String text) {
        return text.isEmpty() ? nanos == 0 : nanos == DurationText.nanos(text);
    }

    private static boolean isNumber(double value, String text) {
        return value == Double.parseDouble(text);
    }

    private static boolean isWhole(long value, String text) {
        return value == Long.parseLong(text);
    }

    private static final List<Attribute> ATTRIBUTES = List.of(
            new Attribute("attempts", INTEGER, (settings, text) -> isWhole(settings.attempts(), text)),
            new Attribute(
                    "delay",
                    DURATION,
                    (settings, text) -> isDuration(settings.waits().delayNanos(), text)),
            new Attribute(
                    "maxDelay",
                    DURATION,
                    (settings, text) -> text.isEmpty()
                            ? settings.waits().maxDelayNanos() == Long.MAX_VALUE
                            : isDuration(settings.waits().maxDelayNanos(), text)),
            new Attribute(
                    "multiplier",
                    NUMBER,
                    (settings, text) -> isNumber(settings.waits().multiplier(), text)),
            new Attribute(
                    "jitter",
                    NUMBER,
                    (settings, text) -> isNumber(settings.waits().jitter(), text)),
            new Attribute("within", DURATION, (settings, text) -> isDuration(settings.withinNanos(), text)),
            new Attribute("timeout", DURATION, (settings, text) -> isDuration(settings.timeoutNanos(), text)),
            new Attribute("maxConcurrent", INTEGER, (settings, text) -> isWhole(settings.maxConcurrent(), text)),
            new Attribute("lastGood", DURATION, (settings, text) -> isDuration(settings.lastGoodNanos(), text)),
            new Attribute(
                    "backoff",
                    random -> Typed.plain(
                            one(List.of("CONSTANT", "FIBONACCI", "LINEAR", "EXPONENTIAL", "NONE", "constant"), random)),
                    (settings, text) -> settings.waits().backoff().name().equalsIgnoreCase(text)),
            new Attribute(
                    "fallback",
                    random -> Typed.quoted(
                            one(List.of("", "cached", "find", "absent", "toString", " cached", "<init>"), random)),
                    (settings, text) -> settings.fallbacks().isEmpty() == text.isEmpty()),
            new Attribute(
                    "on",
                    random -> {
                        String name = one(
                                List.of(
                                        "java.io.IOException",
                                        "java.lang.Throwable",
                                        "java.lang.String",
                                        "no.Such",
                                        "int"),
                                random);
                        return new Typed("{" + name + ".class}", name);
                    },
                    (settings, text) -> settings.on().equals(List.of(text))));

    private static final List<Attribute> OF_BREAKER = List.of(
            new Attribute(
                    "failureRate",
                    NUMBER,
                    (settings, text) -> isNumber(breaker(settings).failureRate(), text)),
            new Attribute(
                    "slowRate",
                    NUMBER,
                    (settings, text) -> isNumber(breaker(settings).slowRate(), text)),
            new Attribute(
                    "slowerThan",
                    DURATION,
                    (settings, text) -> isDuration(breaker(settings).slowerThanNanos(), text)),
            new Attribute(
                    "window",
                    INTEGER,
                    (settings, text) -> isWhole(breaker(settings).window(), text)),
            new Attribute(
                    "windowTime",
                    DURATION,
                    (settings, text) -> isDuration(breaker(settings).windowTimeNanos(), text)),
            new Attribute(
                    "minCalls",
                    INTEGER,
                    (settings, text) -> isWhole(breaker(settings).minCalls(), text)),
            new Attribute(
                    "openFor",
                    DURATION,
                    (settings, text) -> isDuration(breaker(settings).openForNanos(), text)),
            new Attribute(
                    "probes",
                    INTEGER,
                    (settings, text) -> isWhole(breaker(settings).probes(), text)));

    private static BreakerSettings breaker(RecoverSettings settings) {
        BreakerSettings breaker = settings.breaker();
        if (breaker == null) {
            throw new AssertionError("no breaker");
        }
        return breaker;
    }

    /** Some of the attributes, by path, each with a value. */
    private static Map<String, Typed> some(List<Attribute> attributes, String path, int mostOf, Random random) {
        Map<String, Typed> some = new TreeMap<>();
        for (int i = random.nextInt(mostOf + 1); i > 0; i--) {
            Attribute attribute = one(attributes, random);
            some.put(path + attribute.name(), attribute.source().next(random));
        }
        return some;
    }

    private static String joined(Map<String, Typed> values, String path) {
        List<String> parts = new ArrayList<>();
        values.forEach((name, value) -> parts.add(name.substring(path.length()) + "=" + value.java()));
        return String.join(",", parts);
    }

    @Test
    void come_to_a_policy_or_to_a_message() throws Exception {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Shop.class, MethodHandles.lookup());
        GuardedMethod method = Guarded.method(lookup, "find");
        int policies = 0;
        int faulty = 0;
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            Map<String, Typed> effective = some(ATTRIBUTES, "", 3, random);
            String definition = "@Recover(" + joined(effective, "");
            if (random.nextInt(3) == 0) {
                Map<String, Typed> nested = some(OF_BREAKER, "breaker/", 3, random);
                definition += (effective.isEmpty() ? "" : ",") + "breaker={@CircuitBreaker("
                        + joined(nested, "breaker/") + ")}";
                effective.putAll(nested);
            }
            definition += ")";
            Map<String, String> properties = new HashMap<>();
            for (Map.Entry<String, Typed> over : some(ATTRIBUTES, "", 1, random).entrySet()) {
                properties.put(
                        "holdfast.Recover/" + over.getKey(), over.getValue().text());
                String stripped = over.getValue().text().strip();
                effective.put(over.getKey(), new Typed(over.getValue().java(), stripped));
            }
            String what = "seed " + seed + ": " + definition + " and " + properties;
            try {
                Layers layers = new Layers(VirtualTime.turningItself(), () -> Settings.read(Map.of(), Map.of()));
                Definitions definitions = new Definitions(Settings.read(properties, Map.of(), layers), () -> layers);
                Definitions.Reading reading = definitions.read(method, definition);
                if (reading.faults().isEmpty()) {
                    policies++;
                    says(
                            effective,
                            (RecoverSettings)
                                    reading.settings().values().iterator().next(),
                            what);
                    assertThat(layers.policies(reading.settings(), method, new Memory()))
                            .as(what)
                            .isNotNull();
                } else {
                    faulty++;
                    assertThat(reading.faults()).as(what).allSatisfy(fault -> assertThat(fault)
                            .startsWith(PLACE + "@Recover ")
                            .matches("(?s).*(must be |must name |expected: |names a class that is not there).*"));
                }
            } catch (IllegalArgumentException invalid) {
                refused++;
                assertThat(invalid)
                        .as(what)
                        .hasMessageContaining("holdfast.Recover/")
                        .hasMessageContaining("must ");
            } catch (Exception | StackOverflowError crash) {
                fail(what, crash);
            }
        }
        // All three happen, in numbers.
        assertThat(List.of(policies, faulty, refused))
                .allSatisfy(count -> assertThat(count).isGreaterThan(ROUNDS / 20));
    }

    /** None of what was typed was dropped. */
    private static void says(Map<String, Typed> effective, RecoverSettings settings, String what) {
        effective.forEach((path, typed) -> {
            boolean nested = path.startsWith("breaker/");
            String name = nested ? path.substring("breaker/".length()) : path;
            for (Attribute attribute : nested ? OF_BREAKER : ATTRIBUTES) {
                if (attribute.name().equals(name)) {
                    assertThat(attribute.holds().test(settings, typed.text()))
                            .as(what + " at " + path + " in " + settings)
                            .isTrue();
                }
            }
        });
    }
}
