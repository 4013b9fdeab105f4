package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.RecoveryHandler;
import dev.holdfast.runtime.Quotes;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who recovers a call, in which order, and what reaches the caller if that fails too. */
@Timeout(60)
final class RecoveryTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private static final String CACHED = "fallback=\"cached\"";
    private static final String BROKEN = "fallback=\"broken\"";
    private static final String HANDLER = "handler=" + Handles.class.getName() + ".class";
    private static final String THROWS = "handler=" + Throws.class.getName() + ".class";

    private final VirtualTime time = VirtualTime.turningItself();
    private final Quotes quotes = new Quotes();

    /** The handler that recovers. */
    public static final class Handles implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) {
            return "handled";
        }
    }

    /** The handler that fails; a checked exception, which the method does not declare. */
    public static final class Throws implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) throws Throwable {
            throw new HandlerFailed();
        }
    }

    private static final class HandlerFailed extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private Woven quote(String definition) {
        return new Woven.Jvm(time).method(Quotes.LOOKUP, "quote", definition);
    }

    /** What the fallback {@code cached} is for. */
    private static ClassNotFoundException forFallback() {
        return new ClassNotFoundException("planned");
    }

    @Test
    void asks_the_last_good_result_then_the_fallback_then_the_handler() throws Throwable {
        Woven quote = quote("@Recover(lastGood=\"1s\"," + CACHED + "," + HANDLER + ")");
        quotes.gives("42");
        assertThat(quotes.call(quote)).isEqualTo("42");
        quotes.fails(forFallback());
        assertThat(quotes.call(quote)).isEqualTo("42");
        time.advance(1001 * MILLI);
        quotes.fails(forFallback());
        assertThat(quotes.call(quote)).isEqualTo("cached ACME");
        quotes.fails(new IOException());
        assertThat(quotes.call(quote)).isEqualTo("handled");
    }

    @Test
    void what_was_recovered_is_no_good_result() throws Throwable {
        Woven quote = quote("@Recover(lastGood=\"1s\"," + CACHED + ")");
        quotes.fails(forFallback());
        assertThat(quotes.call(quote)).isEqualTo("cached ACME");
        IOException failure = new IOException();
        quotes.fails(failure);
        assertThat(quotes.failure(quote)).isSameAs(failure);
    }

    @Test
    void a_last_good_result_is_for_equal_arguments_and_the_same_receiver() throws Throwable {
        Woven quote = quote("@Recover(lastGood=\"1s\")");
        quotes.gives("42");
        quotes.call(quote);
        IOException failure = new IOException();
        quotes.fails(failure);
        Quotes others = new Quotes().fails(failure);
        assertThat(others.failure(quote)).isSameAs(failure);
        assertThat(quotes.call(quote)).isEqualTo("42");
    }

    @Test
    void null_may_be_the_last_good_result() throws Throwable {
        Woven quote = quote("@Recover(lastGood=\"1s\"," + BROKEN + ")");
        quotes.gives(null).fails(new IOException());
        assertThat(quotes.call(quote)).isNull();
        assertThat(quotes.call(quote)).isNull();
    }

    @Test
    void recovers_after_the_last_attempt_alone() throws Throwable {
        Woven quote = quote("@Recover(attempts=3,lastGood=\"1m\"," + CACHED + ")");
        quotes.gives("42");
        quotes.call(quote);
        quotes.fails(new IOException()).gives("43");
        assertThat(quotes.call(quote)).isEqualTo("43");
        quotes.fails(new IOException(), new IOException(), new IOException());
        assertThat(quotes.call(quote)).isEqualTo("43");
        assertThat(quotes.attempts()).isEqualTo(1 + 2 + 3);
    }

    @Test
    void what_a_fallback_throws_reaches_the_caller_with_the_failure_suppressed() {
        IOException first = new IOException("first");
        IOException last = new IOException("last");
        quotes.fails(first, last);
        // The handler is not asked: the first that applies wins.
        Throwable thrown = quotes.failure(quote("@Recover(attempts=2," + BROKEN + "," + HANDLER + ")"));
        assertThat(thrown).isExactlyInstanceOf(Quotes.BrokenFallback.class).hasNoCause();
        assertThat(thrown.getSuppressed()).containsExactly(last);
        assertThat(last.getSuppressed()).containsExactly(first);
    }

    @Test
    void what_a_handler_throws_reaches_the_caller_with_the_failure_suppressed() {
        IOException failure = new IOException();
        quotes.fails(failure);
        Throwable thrown = quotes.failure(quote("@Recover(" + CACHED + "," + THROWS + ")"));
        assertThat(thrown).isExactlyInstanceOf(HandlerFailed.class).hasNoCause();
        assertThat(thrown.getSuppressed()).containsExactly(failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {BROKEN, "handler=dev.holdfast.runtime.recover.RecoveryTest$Throws.class"})
    void the_very_failure_reaches_the_caller_where_the_definition_is_not_for_it(String recovery) {
        IllegalStateException failure = new IllegalStateException();
        quotes.fails(failure, failure);
        Woven quote =
                quote("@Recover(lastGood=\"1s\",except={java.lang.IllegalStateException.class}," + recovery + ")");
        assertThat(quotes.failure(quote)).isSameAs(failure);
        assertThat(quotes.failure(quote)).isSameAs(failure);
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("neverRecovered")
    void never_recovers_from_what_must_not_be_hidden(Throwable severe) throws Throwable {
        Woven quote = quote("@Recover(on={java.lang.Throwable.class},lastGood=\"1s\"," + CACHED + "," + HANDLER + ")");
        quotes.gives("42");
        quotes.call(quote);
        quotes.fails(severe);
        assertThat(quotes.failure(quote)).isSameAs(severe);
    }

    @SuppressWarnings("removal")
    static Stream<Throwable> neverRecovered() {
        return Stream.of(
                new OutOfMemoryError("planned"),
                new ExceptionInInitializerError("planned"),
                new ThreadDeath(),
                new InterruptedException("planned"));
    }

    @Test
    void an_error_of_the_application_is_recovered_where_it_is_named() throws Throwable {
        Woven quote = quote("@Recover(on={java.lang.AssertionError.class}," + HANDLER + ")");
        quotes.fails(new AssertionError("planned"));
        assertThat(quotes.call(quote)).isEqualTo("handled");
    }

    @Test
    void a_failed_recovery_that_throws_the_failure_again_gives_it_as_it_is() {
        Quotes.BrokenFallback same = new Quotes.BrokenFallback();
        quotes.fails(same);
        Woven quote = quote("@Recover(handler=" + Rethrows.class.getName() + ".class)");
        assertThat(quotes.failure(quote)).isSameAs(same);
        assertThat(same.getSuppressed()).isEmpty();
    }

    /** The handler that says no. */
    public static final class Rethrows implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) throws Throwable {
            throw failure.cause();
        }
    }
}
