package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.benchmarks.libraries.Guard;
import dev.holdfast.benchmarks.libraries.Quote;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures compare only if what was measured does the same. Nothing is timed here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GuardsContract {

    /** A breaker that is not open by then never opens. */
    private static final int MANY_CALLS = 10_000;

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
        Quotes body = Quotes.working();
        boolean fails = group == Group.RECOVERY || group == Group.RETRY;
        List<Quote> expected = IntStream.range(0, given.size())
                .mapToObj(call -> fails ? body.cached() : body.ask(sameIds.next()))
                .toList();
        assertThat(given).isEqualTo(expected);
        assertThat(Collections.frequency(given, given.get(0)))
                .as("calls with one and the same quote")
                .matches(same -> fails == (same == given.size()));
    }

    /** What the benchmark's method gives, called as JMH does. */
    private static List<Quote> quotes(Group group, Library library, Ids ids) throws ReflectiveOperationException {
        Class<?> type = group.benchmark();
        Object benchmark = type.getConstructor().newInstance();
        type.getField("library").set(benchmark, library);
        type.getMethod("build").invoke(benchmark);
        Quote[] quotes = new Quote[32];
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
