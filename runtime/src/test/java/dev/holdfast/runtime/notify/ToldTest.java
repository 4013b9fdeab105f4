package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.time.VirtualTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ToldTest {

    private static final Told.Place INNER =
            new Told.Place("com.acme.Quotes.quote(String)", "com.acme.Quotes", "quote$holdfast");
    private static final Told.Place OUTER = new Told.Place("com.acme.Shop.buy()", "com.acme.Shop", "buy$holdfast");

    private final VirtualTime time = VirtualTime.turningItself();
    private final Told told = new Told();
    private final Exception failure = new Exception("failure");

    private void later(long millis) throws InterruptedException {
        time.sleep(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void is_told_by_the_innermost_method_alone() throws InterruptedException {
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isTrue();
        later(10_000);
        assertThat(told.claim(failure, OUTER, false, time.nanoTime())).isFalse();
    }

    @Test
    void is_known_inside_of_another() {
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(new IllegalStateException(new RuntimeException(failure)), OUTER, false, time.nanoTime()))
                .isFalse();
    }

    @Test
    void is_told_each_time_the_same_object_is_thrown() throws InterruptedException {
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isTrue();
        later(2);
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(failure, INNER, false, time.nanoTime()))
                .as("at the same moment")
                .isTrue();
        assertThat(told.claim(failure, OUTER, false, time.nanoTime()))
                .as("on its way out")
                .isFalse();
        later(2);
        assertThat(told.claim(failure, OUTER, false, time.nanoTime()))
                .as("thrown there too")
                .isTrue();
    }

    @Test
    void is_told_once_on_its_way_out_of_a_recursion() throws InterruptedException {
        StackTraceElement level = new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 12);
        StackTraceElement other = new StackTraceElement("com.acme.Quotes", "other$holdfast", "Quotes.java", 34);
        failure.setStackTrace(new StackTraceElement[] {level, other, level, other, level});
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isFalse();
        later(10); // each level may have something to clean up
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isFalse();
        assertThat(told.claim(failure, INNER, false, time.nanoTime()))
                .as("through more levels than there were")
                .isTrue();
    }

    @Test
    void asks_no_code_of_the_applications() {
        Exception hostile = new Exception("hostile") {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("no cause");
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("no trace");
            }
        };
        assertThat(told.claim(hostile, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(hostile, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(hostile, OUTER, false, time.nanoTime())).isFalse();
    }

    @Test
    void is_told_as_that_of_an_attempt_and_of_its_call() {
        assertThat(told.claim(failure, INNER, true, time.nanoTime())).isTrue();
        assertThat(told.claim(failure, INNER, true, time.nanoTime())).isTrue();
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(failure, OUTER, false, time.nanoTime())).isFalse();
    }

    @Test
    void is_told_apart_from_another_one_that_says_the_same() {
        assertThat(told.claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(new Exception("failure"), OUTER, false, time.nanoTime()))
                .isTrue();
    }

    @Test
    void ends_with_causes_that_go_round() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(told.claim(first, INNER, false, time.nanoTime())).isTrue();
        assertThat(told.claim(second, OUTER, false, time.nanoTime())).isFalse();
    }
}
