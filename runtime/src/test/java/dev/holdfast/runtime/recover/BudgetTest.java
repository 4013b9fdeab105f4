package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.Deadline;
import dev.holdfast.runtime.Quotes;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets of calls within calls. How a single one ends retries is in RetryTest. */
@Timeout(60)
final class BudgetTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final VirtualTime time = VirtualTime.turningItself();
    private final Quotes outer = new Quotes();
    private final Quotes inner = new Quotes();

    private Woven quote(String definition) {
        return new Woven.Jvm(time).method(Quotes.LOOKUP, "quote", definition);
    }

    @AfterEach
    void leaves_the_thread_without_a_deadline() {
        assertThat(Deadline.ofThread().now).isNull();
    }

    /** Waits of 100 ms: within the inner budget alone, or the outer one alone, or what is left of it. */
    @ParameterizedTest
    @CsvSource({"1s, 250ms, 0, 3", "250ms, 1s, 0, 3", "1s, 1m, 800, 3", "1s, 1m, 950, 1", "1s, 1m, 1050, 1"})
    void an_inner_call_has_no_more_than_is_left(String within, String innerWithin, long elapsed, int attempts) {
        String retry = "attempts=9,delay=\"100ms\",backoff=CONSTANT,jitter=0.0,within=";
        Woven innerQuote = quote("@Recover(" + retry + "\"" + innerWithin + "\")");
        outer.then(() -> {
            time.advance(elapsed * MILLI);
            return (String) inner.call(innerQuote);
        });
        for (int i = 0; i < 9; i++) {
            inner.fails(new IOException());
        }
        assertThat(outer.failure(quote("@Recover(within=\"" + within + "\",maxConcurrent=1)")))
                .isInstanceOf(IOException.class);
        assertThat(inner.attempts()).isEqualTo(attempts);
    }

    @Test
    void a_retry_without_a_budget_is_under_that_of_the_call_around_it() {
        Woven innerQuote = quote("@Recover(attempts=9,delay=\"100ms\",backoff=CONSTANT,jitter=0.0)");
        outer.then(() -> (String) inner.call(innerQuote));
        inner.fails(new IOException(), new IOException(), new IOException());
        assertThat(outer.failure(quote("@Recover(within=\"250ms\",maxConcurrent=1)")))
                .isInstanceOf(IOException.class);
        assertThat(inner.attempts()).isEqualTo(3);
    }

    @Test
    void the_budget_of_an_inner_call_ends_with_it() throws Throwable {
        Woven innerQuote = quote("@Recover(within=\"1ms\",maxConcurrent=1)");
        IOException planned = new IOException();
        for (boolean fails : new boolean[] {false, true}) {
            outer.then(() -> {
                Deadline before = Deadline.ofThread().now;
                assertThat(before).isNotNull();
                if (fails) {
                    inner.fails(planned);
                    assertThat(inner.failure(innerQuote)).isSameAs(planned);
                } else {
                    inner.gives("42");
                    inner.call(innerQuote);
                }
                assertThat(Deadline.ofThread().now).isSameAs(before);
                throw new IOException();
            });
        }
        outer.gives("43");
        Woven quote = quote("@Recover(within=\"1m\",attempts=3)");
        assertThat(outer.call(quote)).isEqualTo("43");
    }

    @Test
    void begins_anew_with_each_call() throws Throwable {
        Woven quote = quote("@Recover(within=\"150ms\",attempts=2,delay=\"100ms\",jitter=0.0)");
        for (int i = 0; i < 3; i++) {
            outer.fails(new IOException()).gives("42");
            assertThat(outer.call(quote)).isEqualTo("42");
        }
    }

    @Test
    void a_budget_of_longer_than_the_clock_counts_is_never_used_up() throws Throwable {
        outer.fails(new IOException()).gives("42");
        assertThat(outer.call(quote("@Recover(within=\"106751d\",attempts=2,delay=\"1h\",maxDelay=\"\")")))
                .isEqualTo("42");
    }
}
