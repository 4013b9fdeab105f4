package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallTimeoutException;
import dev.holdfast.runtime.Quotes;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes of an attempt whose time is up; the body turns the time itself. What becomes of the flag is in TimeLimitTest. */
@Timeout(60)
final class TimeoutTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final VirtualTime time = VirtualTime.turningItself();
    private final Quotes quotes = new Quotes();

    private Woven quote(String definition) {
        return new Woven.Jvm(time).method(Quotes.LOOKUP, "quote", definition);
    }

    @AfterEach
    void leaves_neither_an_interrupt_nor_a_timer_behind() {
        assertThat(Thread.interrupted()).isFalse();
        assertThat(time.scheduledTasks()).isZero();
    }

    private static CallTimeoutException timedOut(Throwable thrown) {
        assertThat(thrown)
                .isExactlyInstanceOf(CallTimeoutException.class)
                .hasMessage("dev.holdfast.runtime.Quotes.quote(String): an attempt took longer than the @Recover"
                        + " timeout 100ms");
        return (CallTimeoutException) thrown;
    }

    @Test
    void interrupts_an_attempt_whose_time_is_up() {
        InterruptedException[] seen = new InterruptedException[1];
        quotes.then(() -> {
            try {
                time.sleep(1000 * MILLI);
                throw new AssertionError("slept on");
            } catch (InterruptedException interrupted) {
                seen[0] = interrupted;
                throw interrupted;
            }
        });
        Throwable thrown = timedOut(quotes.failure(quote("@Recover(timeout=\"100ms\")")));
        assertThat(time.elapsed()).isEqualTo(100 * MILLI);
        assertThat(thrown).cause().isSameAs(seen[0]);
    }

    @Test
    void an_attempt_in_time_gives_what_it_gives() throws Throwable {
        IOException failure = new IOException();
        quotes.then(() -> {
            time.advance(100 * MILLI - 1);
            return "42";
        });
        quotes.then(() -> {
            time.advance(100 * MILLI - 1);
            throw failure;
        });
        Woven quote = quote("@Recover(timeout=\"100ms\")");
        assertThat(quotes.call(quote)).isEqualTo("42");
        assertThat(quotes.failure(quote)).isSameAs(failure);
    }

    @Test
    void a_result_that_comes_too_late_is_none() {
        quotes.then(() -> {
            time.advance(100 * MILLI);
            return "42";
        });
        assertThat(timedOut(quotes.failure(quote("@Recover(timeout=\"100ms\")"))))
                .hasNoCause();
    }

    @Test
    void a_failure_that_comes_too_late_is_the_cause() {
        IOException failure = new IOException();
        quotes.then(() -> {
            time.advance(100 * MILLI);
            throw failure;
        });
        assertThat(timedOut(quotes.failure(quote("@Recover(timeout=\"100ms\")"))))
                .cause()
                .isSameAs(failure);
    }

    @Test
    void an_error_of_the_jvm_passes_though_it_comes_too_late() {
        OutOfMemoryError severe = new OutOfMemoryError("planned");
        quotes.then(() -> {
            time.advance(100 * MILLI);
            throw severe;
        });
        assertThat(quotes.failure(quote("@Recover(timeout=\"100ms\",attempts=3,on={java.lang.Throwable.class})")))
                .isSameAs(severe);
    }

    @Test
    void each_attempt_has_its_own_time_and_waits_have_none() throws Throwable {
        quotes.then(() -> {
            time.advance(100 * MILLI);
            return "too late";
        });
        quotes.then(() -> {
            time.advance(99 * MILLI);
            throw new IOException();
        });
        quotes.then(() -> {
            time.advance(99 * MILLI);
            return "42";
        });
        assertThat(quotes.call(quote("@Recover(timeout=\"100ms\",attempts=3,delay=\"1m\",jitter=0.0)")))
                .isEqualTo("42");
        assertThat(time.sleeps()).hasSize(2);
    }

    @Test
    void an_interrupt_by_somebody_else_is_no_timeout_and_is_not_retried() {
        InterruptedException theirs = new InterruptedException("planned");
        quotes.fails(theirs);
        assertThat(quotes.failure(quote("@Recover(timeout=\"100ms\",attempts=3,fallback=\"broken\")")))
                .isSameAs(theirs);
        assertThat(quotes.attempts()).isEqualTo(1);
    }

    @Test
    void the_breaker_counts_a_timeout_as_a_failure() {
        Woven quote = quote("@Recover(timeout=\"100ms\",breaker={@CircuitBreaker(window=1,minCalls=1)})");
        quotes.then(() -> {
            time.advance(100 * MILLI);
            return "too late";
        });
        timedOut(quotes.failure(quote));
        assertThatThrownBy(() -> quotes.call(quote)).hasMessageContaining("the circuit breaker is open");
    }
}
