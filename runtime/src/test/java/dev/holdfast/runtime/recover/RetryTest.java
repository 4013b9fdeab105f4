package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.Quotes;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class RetryTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final VirtualTime time = VirtualTime.turningItself();
    private final Quotes quotes = new Quotes();

    private Woven quote(String definition) {
        return new Woven.Jvm(time).method(Quotes.LOOKUP, "quote", definition);
    }

    @AfterEach
    void leaves_no_interrupt_behind() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void gives_up_after_the_last_attempt() {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        IOException last = new IOException("last");
        quotes.fails(first, second, last);
        assertThat(quotes.failure(quote("@Recover(attempts=3,jitter=0.0)"))).isSameAs(last);
        assertThat(last).hasNoCause().hasSuppressedException(first);
        assertThat(last.getSuppressed()).containsExactly(first, second);
        assertThat(quotes.attempts()).isEqualTo(3);
        assertThat(time.sleeps()).containsExactly(100 * MILLI, 200 * MILLI);
    }

    @Test
    void ends_with_the_first_attempt_that_goes_well() throws Throwable {
        quotes.fails(new IOException(), new IOException()).gives("42");
        assertThat(quotes.call(quote("@Recover(attempts=9,jitter=0.0)"))).isEqualTo("42");
        assertThat(quotes.attempts()).isEqualTo(3);
        assertThat(time.sleeps()).hasSize(2);
    }

    @Test
    void null_is_a_result() throws Throwable {
        quotes.fails(new IOException()).gives(null);
        assertThat(quotes.call(quote("@Recover(attempts=9)"))).isNull();
        assertThat(quotes.attempts()).isEqualTo(2);
    }

    @Test
    void a_call_whose_first_attempt_ran_without_the_policies_has_as_many_attempts() throws Throwable {
        Woven quote = quote("@Recover(attempts=3,jitter=0.0)");
        quotes.gives("linked");
        quotes.call(quote);
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        IOException last = new IOException("last");
        quotes.fails(first, second, last);
        assertThat(quotes.failure(quote)).isSameAs(last);
        assertThat(last.getSuppressed()).containsExactly(first, second);
        assertThat(quotes.attempts()).isEqualTo(1 + 3);
        assertThat(time.sleeps()).containsExactly(100 * MILLI, 200 * MILLI);
    }

    @Test
    void ends_with_a_failure_that_it_is_not_for() {
        IOException handled = new IOException();
        FileNotFoundException excepted = new FileNotFoundException();
        quotes.fails(handled, excepted);
        Woven quote = quote("@Recover(attempts=9,on={java.io.IOException.class},"
                + "except={java.io.FileNotFoundException.class})");
        assertThat(quotes.failure(quote)).isSameAs(excepted);
        assertThat(excepted.getSuppressed()).containsExactly(handled);
        IllegalStateException other = new IllegalStateException();
        quotes.fails(other);
        assertThat(quotes.failure(quote)).isSameAs(other);
        assertThat(quotes.attempts()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("neverRetried")
    void never_retries_what_no_second_attempt_mends(Throwable severe) {
        quotes.fails(severe);
        Woven quote = quote("@Recover(attempts=9,on={java.lang.Throwable.class})");
        assertThat(quotes.failure(quote)).isSameAs(severe);
        // Now on the short way in, where the wrapper has run the attempt.
        quotes.fails(severe);
        assertThat(quotes.failure(quote)).isSameAs(severe);
        assertThat(quotes.attempts()).isEqualTo(2);
        assertThat(severe.getSuppressed()).isEmpty();
    }

    @SuppressWarnings("removal")
    static Stream<Throwable> neverRetried() {
        return Stream.of(
                new OutOfMemoryError("planned"),
                new StackOverflowError("planned"),
                new NoClassDefFoundError("planned"),
                new ThreadDeath(),
                new InterruptedException("planned"));
    }

    @Test
    void an_interrupt_ends_the_wait_and_the_call_and_stays() {
        IOException failure = new IOException();
        quotes.then(() -> {
            Thread.currentThread().interrupt();
            throw failure;
        });
        // Nobody is to recover it either: who interrupts wants an end.
        assertThat(quotes.failure(quote("@Recover(attempts=9,fallback=\"broken\")")))
                .isSameAs(failure);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.getSuppressed()).isEmpty();
        assertThat(quotes.attempts()).isEqualTo(1);
    }

    @Test
    void an_interrupt_in_a_later_wait_ends_the_call_with_the_last_failure() throws Exception {
        VirtualTime byHand = VirtualTime.turnedByHand();
        Woven quote = new Woven.Jvm(byHand).method(Quotes.LOOKUP, "quote", "@Recover(attempts=9,jitter=0.0)");
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        CountDownLatch begun = new CountDownLatch(2);
        for (IOException failure : List.of(first, second)) {
            quotes.then(() -> {
                begun.countDown();
                throw failure;
            });
        }
        List<Object> seen = new ArrayList<>();
        Thread caller = new Thread(() -> {
            seen.add(quotes.failure(quote));
            seen.add(Thread.currentThread().isInterrupted());
        });
        caller.start();
        byHand.awaitSleepers(1);
        byHand.advance(100 * MILLI);
        begun.await();
        byHand.awaitSleepers(1);
        caller.interrupt();
        caller.join();
        assertThat(seen).containsExactly(second, true);
        assertThat(second.getSuppressed()).containsExactly(first);
    }

    @ParameterizedTest
    @CsvSource({"99ms, 1", "100ms, 2", "299ms, 2", "300ms, 3"})
    void begins_no_wait_that_would_overrun_the_budget(String within, int attempts) {
        quotes.fails(new IOException(), new IOException(), new IOException());
        Woven quote = quote("@Recover(attempts=3,jitter=0.0,within=\"" + within + "\")");
        assertThat(quotes.failure(quote)).isInstanceOf(IOException.class);
        assertThat(quotes.attempts()).isEqualTo(attempts);
        assertThat(time.sleeps()).hasSize(attempts - 1);
    }

    @Test
    void the_time_of_an_attempt_is_of_the_budget_too() {
        quotes.then(() -> {
            time.advance(901 * MILLI);
            throw new IOException();
        });
        Woven quote = quote("@Recover(attempts=3,jitter=0.0,within=\"1s\")");
        assertThat(quotes.failure(quote)).isInstanceOf(IOException.class);
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void no_attempt_begins_after_the_budget_though_there_be_nothing_to_wait() {
        quotes.then(() -> {
            time.advance(1001 * MILLI);
            throw new IOException();
        });
        Woven quote = quote("@Recover(attempts=3,delay=\"0s\",within=\"1s\")");
        assertThat(quotes.failure(quote)).isInstanceOf(IOException.class);
        assertThat(quotes.attempts()).isEqualTo(1);
    }

    @Test
    void an_exception_that_every_attempt_throws_is_not_suppressed_on_itself() {
        IOException same = new IOException();
        quotes.fails(same, same, same);
        assertThat(quotes.failure(quote("@Recover(attempts=3)"))).isSameAs(same);
        assertThat(same.getSuppressed()).isEmpty();
    }

    @Test
    void of_many_failures_the_first_ones_are_told() {
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            failures.add(new IOException("attempt " + i));
        }
        quotes.fails(failures.toArray(new Throwable[0]));
        Throwable last = quotes.failure(quote("@Recover(attempts=50,delay=\"0s\")"));
        assertThat(last).isSameAs(failures.get(49));
        assertThat(last.getSuppressed()).containsExactlyElementsOf(failures.subList(0, 20));
    }

    @Test
    void callers_who_fail_together_do_not_come_back_together() {
        Woven quote = quote("@Recover(attempts=2,delay=\"100ms\",jitter=0.5)");
        for (int i = 0; i < 50; i++) {
            quotes.fails(new IOException(), new IOException());
            assertThat(quotes.failure(quote)).isInstanceOf(IOException.class);
        }
        assertThat(time.sleeps()).hasSize(50).allSatisfy(wait -> assertThat(wait)
                .isBetween(50 * MILLI, 150 * MILLI));
        assertThat(new HashSet<>(time.sleeps())).hasSizeGreaterThan(40);
    }
}
