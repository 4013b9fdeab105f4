package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.runtime.Quotes;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a breaker hears of the calls of a method, by whatever way they go, and what those hear that it rejects. */
@Timeout(60)
final class BreakerGateTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** Opens at 2 failures among 4 calls. */
    private static final String BREAKER = "breaker={@CircuitBreaker(window=4,minCalls=4,openFor=\"1s\",probes=2)}";

    private final VirtualTime time = VirtualTime.turningItself();
    private final Quotes quotes = new Quotes();
    private final IOException failure = new IOException("planned");

    private Woven quote(String definition) {
        return new Woven.Jvm(time).method(Quotes.LOOKUP, "quote", definition);
    }

    private void succeed(Woven quote) throws Throwable {
        quotes.gives("42");
        assertThat(quotes.call(quote)).isEqualTo("42");
    }

    private void fail(Woven quote) {
        quotes.fails(failure);
        assertThat(quotes.failure(quote)).isSameAs(failure);
    }

    private BreakerOpenException rejection(Woven quote) {
        int before = quotes.attempts();
        Throwable thrown = quotes.failure(quote);
        assertThat(thrown).isExactlyInstanceOf(BreakerOpenException.class);
        assertThat(quotes.attempts()).as("attempts by a call that is rejected").isEqualTo(before);
        return (BreakerOpenException) thrown;
    }

    private Woven opened(String definition) throws Throwable {
        Woven quote = quote(definition);
        succeed(quote);
        succeed(quote);
        fail(quote);
        fail(quote);
        return quote;
    }

    /** The budget keeps the calls from the short way, on which the wrapper runs the body itself. */
    @ParameterizedTest
    @ValueSource(strings = {"", "within=\"1h\",", "attempts=1,fallback=\"cached\",", "maxConcurrent=5,"})
    void counts_each_attempt_once_and_rejects_without_the_body(String beside) throws Throwable {
        Woven quote = quote("@Recover(" + beside + BREAKER + ")");
        fail(quote);
        succeed(quote);
        succeed(quote);
        // One in four.
        succeed(quote);
        // The first failure has left the window.
        fail(quote);
        fail(quote);
        rejection(quote);
    }

    @Test
    void says_for_how_long_it_is_open() throws Throwable {
        Woven quote = opened("@Recover(" + BREAKER + ")");
        time.advance(300 * MILLI - 1);
        BreakerOpenException rejected = rejection(quote);
        assertThat(rejected)
                .hasMessage("dev.holdfast.runtime.Quotes.quote(String): the circuit breaker is open and lets no call"
                        + " through; try again in 701ms");
        assertThat(rejected.retryAfter()).contains(Duration.ofMillis(700).plusNanos(1));
    }

    @Test
    void probes_close_it() throws Throwable {
        Woven quote = opened("@Recover(" + BREAKER + ")");
        time.advance(1000 * MILLI - 1);
        rejection(quote);
        time.advance(1);
        succeed(quote);
        succeed(quote);
        // Closed, with an empty window.
        fail(quote);
        fail(quote);
        fail(quote);
        succeed(quote);
        rejection(quote);
    }

    @Test
    void a_probe_that_fails_opens_it_again_for_the_whole_time() throws Throwable {
        Woven quote = opened("@Recover(" + BREAKER + ")");
        time.advance(1500 * MILLI);
        succeed(quote);
        fail(quote);
        assertThat(rejection(quote).retryAfter()).contains(Duration.ofSeconds(1));
    }

    @Test
    void rejects_what_comes_beside_the_probes() throws Throwable {
        Woven quote = opened("@Recover(" + BREAKER + ")");
        time.advance(1000 * MILLI);
        quotes.then(() -> {
            quotes.then(() -> {
                BreakerOpenException rejected = rejection(quote);
                assertThat(rejected)
                        .hasMessageEndingWith(
                                "the circuit breaker is half-open and its probes are under way; try again later");
                assertThat(rejected.retryAfter()).isEmpty();
                return "second probe";
            });
            assertThat(quotes.call(quote)).isEqualTo("second probe");
            return "first probe";
        });
        assertThat(quotes.call(quote)).isEqualTo("first probe");
    }

    @Test
    void what_the_definition_is_not_for_counts_as_a_success() throws Throwable {
        Woven quote = quote("@Recover(on={java.io.IOException.class},except={java.io.FileNotFoundException.class},"
                + BREAKER + ")");
        FileNotFoundException excepted = new FileNotFoundException();
        IllegalStateException other = new IllegalStateException();
        for (int i = 0; i < 4; i++) {
            quotes.fails(excepted, other);
            assertThat(quotes.failure(quote)).isSameAs(excepted);
            assertThat(quotes.failure(quote)).isSameAs(other);
        }
        // Half-open, they are probes that pass.
        fail(quote);
        fail(quote);
        rejection(quote);
        time.advance(1000 * MILLI);
        quotes.fails(excepted, other);
        assertThat(quotes.failure(quote)).isSameAs(excepted);
        assertThat(quotes.failure(quote)).isSameAs(other);
        succeed(quote);
    }

    @ParameterizedTest
    @MethodSource("severe")
    void counts_errors_that_pass_everything_else_by(Throwable severe) throws Throwable {
        for (String beside : new String[] {"", "within=\"1h\","}) {
            Woven quote = quote("@Recover(" + beside + BREAKER + ")");
            succeed(quote);
            succeed(quote);
            quotes.fails(severe, severe);
            assertThat(quotes.failure(quote)).isSameAs(severe);
            assertThat(quotes.failure(quote)).isSameAs(severe);
            rejection(quote);
        }
    }

    static Stream<Throwable> severe() {
        return Stream.of(new OutOfMemoryError("planned"), new NoClassDefFoundError("planned"));
    }

    @Test
    void is_asked_before_each_attempt() throws Throwable {
        Woven quote = quote("@Recover(attempts=9,delay=\"0s\","
                + "breaker={@CircuitBreaker(window=2,minCalls=2,openFor=\"1s\")},except={"
                + BreakerOpenException.class.getName() + ".class})");
        quotes.fails(failure, failure);
        BreakerOpenException rejected = (BreakerOpenException) quotes.failure(quote);
        assertThat(quotes.attempts()).isEqualTo(2);
        assertThat(rejected.getSuppressed()).containsExactly(failure);
    }

    @Test
    void a_rejection_is_retried_and_recovered_like_a_failure() throws Throwable {
        Woven quote = quote("@Recover(attempts=3,delay=\"500ms\",backoff=CONSTANT,jitter=0.0,"
                + "breaker={@CircuitBreaker(window=1,minCalls=1,openFor=\"1s\",probes=1)})");
        quotes.fails(failure).gives("42");
        // Fails and opens, is rejected half a second later, and is the probe after another one.
        assertThat(quotes.call(quote)).isEqualTo("42");
        assertThat(time.elapsed()).isEqualTo(1000 * MILLI);
    }

    @Test
    void a_breaker_that_is_named_is_that_of_all_methods_of_that_name() throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(time);
        String named = "@Recover(breaker={@CircuitBreaker(name=\"quotes\",window=2,minCalls=2)})";
        Woven quote = jvm.method(Quotes.LOOKUP, "quote", named);
        Woven cached = jvm.method(Others.LOOKUP, "quote", named);
        fail(quote);
        fail(quote);
        assertThat(quotes.failure(quote)).isInstanceOf(BreakerOpenException.class);
        Throwable thrown = null;
        try {
            cached.call((Object) null);
        } catch (BreakerOpenException rejected) {
            thrown = rejected;
        }
        assertThat(thrown).hasMessageStartingWith(Others.class.getName() + ".quote()");
    }

    @SuppressWarnings({"UnusedMethod", "DoNotCallSuggester"}) // reached by handles
    private static final class Others {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        static String quote() {
            throw new AssertionError("the wrapper is not called here");
        }

        private static String quote$holdfast() {
            return "42";
        }
    }
}
