package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.benchmarks.libraries.Guard;
import dev.holdfast.benchmarks.libraries.Holdfast;
import dev.holdfast.benchmarks.libraries.Quote;
import dev.holdfast.benchmarks.libraries.QuoteUnavailable;
import dev.holdfast.benchmarks.libraries.Upstream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures compare only if what was measured does the same. Nothing is timed here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class GuardsContract {

    /** A breaker that is not open by then never opens. */
    private static final int MANY_CALLS = 10_000;

    /** Of each benchmark: twice through the ids. */
    private static final int CALLS = 2 * Ids.COUNT;

    /** Whether it takes part in this run. */
    abstract boolean tested(Library library);

    private Stream<Library> guarding(Group group) {
        return group.libraries().stream()
                .filter(library -> library != Library.BARE)
                .filter(this::tested);
    }

    Stream<Library> retrying() {
        return guarding(Group.SUCCESS);
    }

    Stream<Library> recovering() {
        return guarding(Group.RECOVERY);
    }

    Stream<Library> breaking() {
        return guarding(Group.BREAKER);
    }

    Stream<Library> limiting() {
        return guarding(Group.LIMIT);
    }

    Stream<Library> limitingEach() {
        return guarding(Group.LIMIT_KEYED);
    }

    Stream<Arguments> benchmarks() {
        return Arrays.stream(Group.values())
                .flatMap(group ->
                        group.libraries().stream().filter(this::tested).map(library -> Arguments.of(group, library)));
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void a_benchmark_gives_what_its_body_or_its_fallback_gives(Group group, Library library)
            throws ReflectiveOperationException {
        Ids ids = new Ids();
        List<Quote> given = quotes(group, library, ids);

        Ids sameIds = new Ids();
        Quotes body = group == Group.BUSY_BREAKER ? Quotes.failingFor(Ids.FIRST) : Quotes.working();
        List<Quote> expected = new ArrayList<>();
        int failed = 0;
        for (int call = 0; call < given.size(); call++) {
            String id = sameIds.next();
            Quote quote = failures(group) == CALLS ? null : answered(body, id);
            expected.add(quote == null ? body.cached() : quote);
            failed += quote == null ? 1 : 0;
        }
        assertThat(given).isEqualTo(expected);
        assertThat(failed).as("calls of the upstream that failed").isEqualTo(failures(group));
    }

    private static @Nullable Quote answered(Quotes body, String id) {
        try {
            return body.ask(id);
        } catch (QuoteUnavailable failure) {
            return null;
        }
    }

    private static int failures(Group group) {
        return switch (group) {
            case SUCCESS, BREAKER, BREAKER_SHARED, LIMIT, LIMIT_SHARED, LIMIT_KEYED -> 0;
            case BUSY_BREAKER -> CALLS / Ids.COUNT;
            case RECOVERY, RETRY -> CALLS;
        };
    }

    /** What the benchmark's method gives, called as JMH does. */
    private static List<Quote> quotes(Group group, Library library, Ids ids) throws ReflectiveOperationException {
        Class<?> type = group.benchmark();
        Object benchmark = type.getConstructor().newInstance();
        type.getField("library").set(benchmark, library);
        type.getMethod("build").invoke(benchmark);
        Quote[] quotes = new Quote[CALLS];
        for (int call = 0; call < quotes.length; call++) {
            quotes[call] = (Quote) type.getMethod("quote", Ids.class).invoke(benchmark, ids);
        }
        return List.of(quotes);
    }

    @ParameterizedTest
    @MethodSource("retrying")
    void a_third_attempt_succeeds(Library library) {
        ScriptedUpstream upstream = ScriptedUpstream.failing(2);

        Quote quote = library.open().retrying(upstream).quote("a");

        assertThat(quote).isEqualTo(new Quote("a", 3));
        assertThat(upstream.asked()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("retrying")
    void the_fallback_answers_after_three_attempts(Library library) {
        ScriptedUpstream upstream = ScriptedUpstream.failingForEver();

        Quote quote = library.open().retrying(upstream).quote("a");

        assertThat(quote).isSameAs(ScriptedUpstream.CACHED);
        assertThat(upstream.asked()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("recovering")
    void the_fallback_answers_after_the_only_attempt(Library library) {
        ScriptedUpstream upstream = ScriptedUpstream.failing(1);
        Guard guard = library.open().recovering(upstream);

        assertThat(guard.quote("a")).isSameAs(ScriptedUpstream.CACHED);
        assertThat(upstream.asked()).isEqualTo(1);
        assertThat(guard.quote("b")).isEqualTo(new Quote("b", 2));
    }

    @ParameterizedTest
    @MethodSource("limiting")
    void the_limit_refuses_what_is_too_much(Library library) {
        refuses(library.open()::limiting);
    }

    @ParameterizedTest
    @MethodSource("limitingEach")
    void the_limit_for_each_refuses_what_is_too_much(Library library) {
        refuses(library.open()::limitingEach);
    }

    private static void refuses(BiFunction<Upstream, Integer, Guard> limiting) {
        ScriptedUpstream upstream = ScriptedUpstream.failing(0);
        Guard guard = limiting.apply(upstream, Holdfast.FEW);
        assertThat(guard.quote("a")).isEqualTo(new Quote("a", 1));
        Throwable refused = null;
        for (int call = 0; call < MANY_CALLS && refused == null; call++) {
            refused = catchThrowable(() -> guard.quote("a"));
        }
        assertThat(refused).isNotNull();
        assertThat(upstream.asked()).isLessThan(MANY_CALLS);
    }

    /** Last: Holdfast has one breaker for a method, whatever the instance, and it stays open. */
    @Order(Integer.MAX_VALUE)
    @ParameterizedTest
    @MethodSource("breaking")
    void the_breaker_lets_calls_through_until_it_opens(Library library) {
        ScriptedUpstream upstream = ScriptedUpstream.failingForEver();
        Guard guard = library.open().breaking(upstream);

        assertThat(catchThrowable(() -> guard.quote("a"))).isSameAs(upstream.unavailable);

        Throwable thrown = upstream.unavailable;
        while (thrown == upstream.unavailable && upstream.asked() < MANY_CALLS) {
            thrown = catchThrowable(() -> guard.quote("a"));
        }
        assertThat(upstream.asked()).isLessThan(MANY_CALLS);
        assertThat(thrown).isNotNull().isNotSameAs(upstream.unavailable);
    }
}
