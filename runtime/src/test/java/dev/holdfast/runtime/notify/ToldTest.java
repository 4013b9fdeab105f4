package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.time.VirtualTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ToldTest {

    private static final Told.Place INNER =
            new Told.Place("com.acme.Quotes.quote(String)", "com.acme.Quotes", "quote$holdfast");
    private static final Told.Place OUTER = new Told.Place("com.acme.Shop.buy()", "com.acme.Shop", "buy$holdfast");

    private static final Told.Place OUTERMOST = new Told.Place("com.acme.Web.get()", "com.acme.Web", "get$holdfast");

    private final VirtualTime time = VirtualTime.turningItself();
    private final Told told = new Told();
    private final Exception failure = new Exception("failure");

    private void later(long millis) throws InterruptedException {
        time.sleep(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Whether the one channel that there is gets to know. */
    private boolean claim(Throwable failure, Told.Place method, boolean ofAttempt, long nanos) {
        return !tell(failure, method, ofAttempt, nanos, List.of("log")).isEmpty();
    }

    /** Which of the channels get to know, if there are enough failures for each of them. */
    private List<String> tell(
            Throwable failure, Told.Place method, boolean ofAttempt, long nanos, List<String> channels) {
        Told.Passage passage = told.look(failure, method, ofAttempt, nanos, Tellers.NOT_SEEN);
        List<String> left = passage.left(channels);
        passage.told(left);
        passage.end();
        return left;
    }

    private List<String> tell(Told.Place method, String... channels) {
        return tell(failure, method, false, time.nanoTime(), List.of(channels));
    }

    @Test
    void is_told_to_each_channel_by_the_innermost_method_that_has_it() {
        assertThat(tell(INNER, "queue")).containsExactly("queue");
        assertThat(tell(OUTER, "queue", "mail", "chat")).containsExactly("mail", "chat");
        assertThat(tell(OUTERMOST, "chat", "queue", "log")).containsExactly("log");
        assertThat(tell(new Exception(failure), OUTERMOST, false, time.nanoTime(), List.of("log", "mail")))
                .isEmpty();
    }

    @Test
    void is_another_failure_for_a_call_that_began_after_it_was_told() throws InterruptedException {
        assertThat(tell(INNER, "mail")).containsExactly("mail");
        later(10);
        long shorter = TimeUnit.MILLISECONDS.toNanos(9);
        Exception around = new Exception("around", failure);
        for (Throwable thrown : List.of(failure, around)) {
            Told.Passage beside = told.look(thrown, OUTER, false, time.nanoTime(), shorter);
            assertThat(beside.left(List.of("mail"))).containsExactly("mail");
        }
        long longer = TimeUnit.MILLISECONDS.toNanos(10);
        Told.Passage further = told.look(failure, OUTERMOST, false, time.nanoTime(), longer);
        assertThat(further.left(List.of("mail"))).isEmpty();
    }

    @Test
    void is_told_further_out_where_the_inner_method_only_looked_at_it() {
        told.look(failure, INNER, false, time.nanoTime(), Tellers.NOT_SEEN).end(); // there were not enough of them
        assertThat(tell(OUTER, "mail")).containsExactly("mail");
        assertThat(tell(OUTERMOST, "mail")).isEmpty();
    }

    @Test
    void is_told_once_on_its_way_out_of_a_recursion_through_two_methods() {
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 12),
            new StackTraceElement("com.acme.Shop", "buy$holdfast", "Shop.java", 34),
            new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 13),
            new StackTraceElement("com.acme.Shop", "buy$holdfast", "Shop.java", 34)
        });
        assertThat(tell(INNER, "queue")).containsExactly("queue");
        assertThat(tell(OUTER, "mail")).containsExactly("mail");
        assertThat(tell(INNER, "queue")).isEmpty();
        assertThat(tell(OUTER, "mail")).isEmpty();
        assertThat(tell(INNER, "queue")).as("thrown again").containsExactly("queue");
        assertThat(tell(OUTER, "mail")).containsExactly("mail");
    }

    @Test
    void is_told_as_that_of_an_attempt_and_of_its_call_also_where_another_method_has_told_it() {
        List<String> both = List.of("queue", "mail");
        assertThat(tell(INNER, "queue")).containsExactly("queue");
        assertThat(tell(failure, OUTER, true, time.nanoTime(), both)).containsExactly("mail");
        assertThat(tell(failure, OUTER, false, time.nanoTime(), both)).containsExactly("mail");
        assertThat(tell(failure, OUTERMOST, false, time.nanoTime(), both)).isEmpty();
    }

    @Test
    void is_told_by_the_innermost_method_alone() throws InterruptedException {
        assertThat(claim(failure, INNER, false, time.nanoTime())).isTrue();
        later(10_000);
        assertThat(claim(failure, OUTER, false, time.nanoTime())).isFalse();
    }

    @Test
    void is_known_inside_of_another() {
        assertThat(claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(new IllegalStateException(new RuntimeException(failure)), OUTER, false, time.nanoTime()))
                .isFalse();
    }

    @Test
    void is_told_each_time_the_same_object_is_thrown() throws InterruptedException {
        assertThat(claim(failure, INNER, false, time.nanoTime())).isTrue();
        later(2);
        assertThat(claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(failure, INNER, false, time.nanoTime()))
                .as("at the same moment")
                .isTrue();
        assertThat(claim(failure, OUTER, false, time.nanoTime()))
                .as("on its way out")
                .isFalse();
        later(2);
        assertThat(claim(failure, OUTER, false, time.nanoTime()))
                .as("thrown there too")
                .isTrue();
    }

    @Test
    void is_told_once_on_its_way_out_of_a_recursion() throws InterruptedException {
        StackTraceElement level = new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 12);
        StackTraceElement other = new StackTraceElement("com.acme.Quotes", "other$holdfast", "Quotes.java", 34);
        failure.setStackTrace(new StackTraceElement[] {level, other, level, other, level});
        assertThat(claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(failure, INNER, false, time.nanoTime())).isFalse();
        later(10); // each level may have something to clean up
        assertThat(claim(failure, INNER, false, time.nanoTime())).isFalse();
        assertThat(claim(failure, INNER, false, time.nanoTime()))
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
        assertThat(claim(hostile, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(hostile, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(hostile, OUTER, false, time.nanoTime())).isFalse();
    }

    @Test
    void is_told_as_that_of_an_attempt_and_of_its_call() {
        assertThat(claim(failure, INNER, true, time.nanoTime())).isTrue();
        assertThat(claim(failure, INNER, true, time.nanoTime())).isTrue();
        assertThat(claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(failure, OUTER, false, time.nanoTime())).isFalse();
    }

    @Test
    void is_told_apart_from_another_one_that_says_the_same() {
        assertThat(claim(failure, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(new Exception("failure"), OUTER, false, time.nanoTime()))
                .isTrue();
    }

    @Test
    void ends_with_causes_that_go_round() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(claim(first, INNER, false, time.nanoTime())).isTrue();
        assertThat(claim(second, OUTER, false, time.nanoTime())).isFalse();
    }
}
