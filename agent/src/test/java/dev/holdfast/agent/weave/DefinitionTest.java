package dev.holdfast.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What stands in the definition text, and whose annotation counts. */
class DefinitionTest {

    private static final String COMPOSED = """
            @Recover(attempts = 5) @interface Five {}
            @Recover(attempts = 6) @interface Six {}
            @Five @interface Deep {}
            @Circle @Recover(attempts = 7) @interface Round {}
            @Round @interface Circle {}
            @Five @Six @interface Torn {}
            @Five @Recover(attempts = 8) @interface Mended {}
            """;

    @Test
    void lists_the_attributes_that_were_written_as_java() {
        assertThat(definition("""
                @Recover(attempts = 3, on = {java.io.IOException.class, Quotes.Gone.class}, except = int[].class == null ? null : {},
                    fallback = "cached")""".replace(", except = int[].class == null ? null : {}", ", except = {}")))
                .isEqualTo("@Recover(attempts=3,on={java.io.IOException.class,app.Quotes$Gone.class},except={},"
                        + "fallback=\"cached\")");
        assertThat(definition("@Recover(on = Exception.class, multiplier = 1.5, jitter = 0, respond = false)"))
                .isEqualTo("@Recover(on={java.lang.Exception.class},multiplier=1.5,jitter=0.0,respond=false)");
        assertThat(definition("@Recover(multiplier = Double.NaN, jitter = -1.0 / 0, backoff = Backoff.FIBONACCI)"))
                .isEqualTo("@Recover(multiplier=NaN,jitter=-Infinity,backoff=FIBONACCI)");
        assertThat(
                        definition(
                                "@Recover(breaker = @CircuitBreaker(failureRate = 25, name = \"b\"), handler = Quotes.Handler.class)"))
                .isEqualTo("@Recover(breaker={@CircuitBreaker(failureRate=25.0,name=\"b\")},"
                        + "handler=app.Quotes$Handler.class)");
        assertThat(definition("@Recover(breaker = {@CircuitBreaker, @CircuitBreaker(window = 5)})"))
                .isEqualTo("@Recover(breaker={@CircuitBreaker(),@CircuitBreaker(window=5)})");
        assertThat(definition("@Recover")).isEqualTo("@Recover()");
    }

    @Test
    void keeps_strings_in_one_line() {
        assertThat(definition("@Recover(fallback = \"a\\\"b\\\\c\\nd\\re\\tf\\u0001g\\u007fh\\u00e4\\ud83d\\ude00\")"))
                .isEqualTo("@Recover(fallback=\"a\\\"b\\\\c\\nd\\re\\tf\\u0001g\\u007Fh\u00e4\ud83d\ude00\")");
    }

    @Test
    void is_read_by_the_runtime_as_it_was_meant() {
        String text =
                definition("@Recover(on = {java.io.IOException.class, Quotes.Gone.class}, except = {}, attempts = -3,"
                        + " multiplier = 1.5, jitter = Double.NEGATIVE_INFINITY, backoff = Backoff.FIBONACCI, respond = false,"
                        + " fallback = \"a\\\"b\\\\c\\n,)}@\\u0001\\ud83d\\ude00\","
                        + " breaker = {@CircuitBreaker, @CircuitBreaker(failureRate = 25, name = \"\")})");
        assertThat(attributesReadBack(text))
                .containsOnly(
                        entry(
                                "on",
                                List.of(
                                        new dev.holdfast.definition.Definition.Name("java.io.IOException"),
                                        new dev.holdfast.definition.Definition.Name("app.Quotes$Gone"))),
                        entry("except", List.of()),
                        entry("attempts", -3L),
                        entry("multiplier", 1.5),
                        entry("jitter", Double.NEGATIVE_INFINITY),
                        entry("backoff", new dev.holdfast.definition.Definition.Name("FIBONACCI")),
                        entry("respond", false),
                        entry("fallback", "a\"b\\c\n,)}@\u0001\ud83d\ude00"),
                        entry(
                                "breaker",
                                List.of(
                                        new dev.holdfast.definition.Definition("CircuitBreaker", Map.of()),
                                        new dev.holdfast.definition.Definition(
                                                "CircuitBreaker", Map.of("failureRate", 25.0, "name", "")))));
        assertThat(attributesReadBack(definition("@Recover(multiplier = Double.NaN)")))
                .containsOnly(entry("multiplier", Double.NaN));
        assertThat(dev.holdfast.definition.Definition.parse(definition("@Five @Six"))
                        .faults())
                .singleElement(STRING)
                .startsWith("@Recover comes with");
    }

    @Test
    void finds_composed_annotations_near_and_far_and_in_circles() {
        assertThat(definition("@Five")).isEqualTo("@Recover(attempts=5)");
        assertThat(definition("@Deep")).isEqualTo("@Recover(attempts=5)");
        assertThat(definition("@Round")).isEqualTo("@Recover(attempts=7)");
        assertThat(definition("@Circle")).isEqualTo("@Recover(attempts=7)");
        assertThat(definition("@Mended")).isEqualTo("@Recover(attempts=8)");
    }

    @Test
    void a_direct_annotation_beats_a_composed_one_and_the_method_beats_its_class() {
        assertThat(definition("@Five @Recover(attempts = 9)")).isEqualTo("@Recover(attempts=9)");
        assertThat(definitions("@Recover(attempts = 2)", "@Five")).containsEntry("quote", "@Recover(attempts=5)");
        assertThat(definitions("@Five", "@Recover(delay = \"1s\")"))
                .containsEntry("quote", "@Recover(delay=\"1s\")")
                .containsEntry("other", "@Recover(attempts=5)");
        assertThat(definitions("@Five @Recover(attempts = 2)", ""))
                .containsEntry("quote", "@Recover(attempts=2)")
                .containsEntry("other", "@Recover(attempts=2)");
    }

    @Test
    void two_composed_annotations_of_one_kind_are_a_fault_that_names_both() {
        String fault =
                "!@Recover comes with @app.Five and with @app.Six; expected: one of them, or @Recover written out, "
                        + "which beats both";
        assertThat(definition("@Five @Six")).isEqualTo(fault);
        assertThat(definition("@Torn")).isEqualTo(fault);
        assertThat(definitions("@Five @Six", "@Recover(attempts = 2)"))
                .containsEntry("quote", "@Recover(attempts=2)")
                .containsEntry("other", fault);
    }

    @Test
    void a_class_covers_what_it_declares_but_not_its_private_synthetic_and_nested_parts() {
        assertThat(definitions("@Recover(attempts = 2)", "")).containsOnlyKeys("quote", "other", "fixed");
        assertThat(definitions("", "")).isEmpty();
    }

    @Test
    void only_a_breaker_or_a_concurrency_limit_needs_the_gated_shape() {
        assertThat(gated("@Recover(attempts = 2, breaker = {}, maxConcurrent = 0, lastGood = \"1s\")"))
                .isFalse();
        assertThat(gated("@Recover(breaker = @CircuitBreaker)")).isTrue();
        assertThat(gated("@Recover(maxConcurrent = 1)")).isTrue();
    }

    @Test
    void tells_names_of_parameters_that_debug_information_alone_has() {
        assertThat(definition("@RateLimited(permits = 5, key = \"{id}\")"))
                .as("reflection tells them")
                .isEqualTo("@RateLimited(permits=5,key=\"{id}\")");
        Map<String, byte[]> app = Compiled.of(List.of("--release", "17", "-g"), """
                class Quotes {
                    @RateLimited(permits = 1) static void wide(long a, double b, Object[] c, String \u00e4) {
                        for (int first = 0; first < 2; first++) { String inner = ""; }
                    }
                    @Recover(attempts = 2) static void bare(long a) {}
                    @RateLimited(permits = 1) void none() { int local = 5; }
                }
                """);
        assertThat(Woven.weave(app, "app.Quotes").methods().stream().map(Weaving.Woven::definition))
                .containsExactlyInAnyOrder(
                        "#a;b;c;\u00e4\n@RateLimited(permits=1)", "@Recover(attempts=2)", "@RateLimited(permits=1)");
    }

    @Test
    void lists_repeated_annotations_one_by_one() {
        assertThat(definition(
                        "@Recover(attempts = 2) @RateLimited(permits = 5) @RateLimited(permits = 6, per = \"1m\")"))
                .isEqualTo("@Recover(attempts=2)\n@RateLimited(permits=5)\n@RateLimited(permits=6,per=\"1m\")");
    }

    @Test
    void a_limit_needs_the_gated_shape_unless_it_looks_at_arguments() {
        assertThat(gated("@RateLimited(permits = 5)")).isTrue();
        assertThat(gated("@RateLimited(permits = 5, key = \"{id}\")")).isFalse();
    }

    @Test
    void a_failure_that_is_told_needs_the_gated_shape_for_its_duration() {
        assertThat(gated("@NotifyOnFailure")).isTrue();
    }

    private static boolean gated(String onMethod) {
        Map<String, byte[]> app = app("", onMethod);
        ClassFacts facts =
                ClassFacts.of(new net.bytebuddy.jar.asm.ClassReader(app.getOrDefault("app.Quotes", new byte[0])));
        ClassFacts.Member quote = facts.methods().stream()
                .filter(method -> method.name().equals("quote"))
                .findFirst()
                .orElseThrow();
        return Definition.of(quote.annotations(), Woven.types(app)).gated();
    }

    private static String definition(String onMethod) {
        Map<String, String> definitions = definitions("", onMethod);
        assertThat(definitions).containsOnlyKeys("quote");
        return definitions.getOrDefault("quote", "");
    }

    private static Map<String, String> definitions(String onClass, String onMethod) {
        Weaving weaving = Woven.weave(app(onClass, onMethod), "app.Quotes");
        assertThat(weaving.left()).isEmpty();
        return weaving.methods().stream().collect(Collectors.toMap(Weaving.Woven::name, Weaving.Woven::definition));
    }

    private static Map<String, byte[]> app(String onClass, String onMethod) {
        return Compiled.of(
                17,
                onClass + """
                 abstract class Quotes {
                    static class Gone extends Exception {}
                    static class Handler implements RecoveryHandler {
                        public Object recover(Failure failure) { return this; }
                    }
                """ + onMethod + " String quote(String id) { return id; }" + """
                    String other(String id) { Runnable lambda = () -> hidden(); return id; }
                    static void fixed() {}
                    private void hidden() {}
                    abstract void open();
                }
                """,
                COMPOSED.replaceFirst("@Recover.*@interface Five", "@Recover(attempts = 5) @interface Five"));
    }

    private static Map<String, Object> attributesReadBack(String text) {
        List<dev.holdfast.definition.Definition> definitions =
                dev.holdfast.definition.Definition.parse(text).definitions();
        assertThat(definitions).hasSize(1);
        return definitions.get(0).attributes();
    }
}
