package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.time.VirtualTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ToldTest {

    private static final Told.Place INNER =
            new Told.Place("com.acme.Quotes.quote(String)", "com.acme.Quotes", "quote$holdfast", false);
    private static final Told.Place OUTER =
            new Told.Place("com.acme.Shop.buy()", "com.acme.Shop", "buy$holdfast", false);

    private static final Told.Place OUTERMOST =
            new Told.Place("com.acme.Web.get()", "com.acme.Web", "get$holdfast", false);

    private static final Told.Place STAGED =
            new Told.Place("com.acme.Quotes.later()", "com.acme.Quotes", "later$holdfast", true);
    private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

    private final VirtualTime time = VirtualTime.turningItself();
    private final Told told = new Told();
    private final Exception failure = new Exception("failure");

    private void later(long millis) throws InterruptedException {
        time.sleep(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Whether the one channel that there is gets to know, of a call that began long ago. */
    private boolean claim(Throwable failure, Told.Place method, boolean ofAttempt) {
        return !tell(failure, method, ofAttempt, LONG_NANOS, List.of("log")).isEmpty();
    }

    /** The same of a call that began so many milliseconds ago. */
    private boolean claim(Throwable failure, Told.Place method, long millis) {
        return !tell(failure, method, false, TimeUnit.MILLISECONDS.toNanos(millis), List.of("log"))
                .isEmpty();
    }

    /** The same of a call that began nobody knows when. */
    private boolean claimUnseen(Throwable failure, Told.Place method) {
        return !tell(failure, method, false, Tellers.NOT_SEEN, List.of("log")).isEmpty();
    }

    /** Which of the channels get to know, if there are enough failures for each of them. */
    private List<String> tell(
            Throwable failure, Told.Place method, boolean ofAttempt, long durationNanos, List<String> channels) {
        Told.Passage passage = told.look(failure, method, ofAttempt, time.nanoTime(), durationNanos);
        List<String> left = passage.left(channels);
        passage.told(left);
        passage.end();
        return left;
    }

    private List<String> tell(Told.Place method, String... channels) {
        return tell(failure, method, false, LONG_NANOS, List.of(channels));
    }

    private static StackTraceElement frame(Told.Place method, int line) {
        return new StackTraceElement(method.type(), method.body(), null, line);
    }

    /** What was thrown in there, from the inside out. */
    private static Exception thrownIn(Told.Place... methods) {
        Exception thrown = new Exception("thrown");
        thrown.setStackTrace(Stream.of(methods).map(method -> frame(method, 12)).toArray(StackTraceElement[]::new));
        return thrown;
    }

    private static <T> T onAnotherThread(Callable<T> code) throws Exception {
        FutureTask<T> task = new FutureTask<>(code);
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        return task.get();
    }

    @Test
    void is_told_to_each_channel_by_the_innermost_method_that_has_it() {
        assertThat(tell(INNER, "queue")).containsExactly("queue");
        assertThat(tell(OUTER, "queue", "mail", "chat")).containsExactly("mail", "chat");
        assertThat(tell(OUTERMOST, "chat", "queue", "log")).containsExactly("log");
        assertThat(tell(new Exception(failure), OUTERMOST, false, LONG_NANOS, List.of("log", "mail")))
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
        told.look(failure, INNER, false, time.nanoTime(), LONG_NANOS).end(); // there were not enough of them
        assertThat(tell(OUTER, "mail")).containsExactly("mail");
        assertThat(tell(OUTERMOST, "mail")).isEmpty();
    }

    @Test
    void is_told_once_on_its_way_out_of_a_recursion_through_two_methods() throws InterruptedException {
        assertThat(tell(INNER, "queue")).containsExactly("queue");
        later(10); // each level may have something to clean up
        assertThat(tell(OUTER, "mail")).containsExactly("mail");
        assertThat(tell(INNER, "queue")).isEmpty();
        assertThat(tell(OUTER, "mail")).isEmpty();
    }

    @Test
    void is_told_once_on_its_way_out_of_a_recursion_that_nobody_saw_begin() {
        Exception thrown = thrownIn(INNER, OUTER, INNER, OUTER);
        assertThat(claimUnseen(thrown, INNER)).isTrue();
        assertThat(claimUnseen(thrown, OUTER)).isFalse();
        assertThat(claimUnseen(thrown, INNER)).isFalse();
        assertThat(claimUnseen(thrown, OUTER)).isFalse();
        assertThat(claimUnseen(thrown, INNER)).as("thrown again").isTrue();
        assertThat(claimUnseen(thrown, OUTER)).isFalse();
    }

    @Test
    void is_another_failure_at_a_method_that_nobody_saw_begin_where_it_was_not_thrown_in_there()
            throws InterruptedException {
        assertThat(claim(failure, INNER, 0)).isTrue();
        assertThat(claimUnseen(failure, OUTER)).as("made elsewhere").isTrue();
        later(2);
        assertThat(claim(failure, INNER, 1)).as("and so on").isTrue();
        Exception other = thrownIn(INNER);
        assertThat(claim(other, INNER, 0)).isTrue();
        assertThat(claimUnseen(other, OUTER))
                .as("made in there, but not from here")
                .isTrue();
    }

    @Test
    void without_a_stack_trace_is_the_same_failure_if_it_comes_at_once_and_never_came_before()
            throws InterruptedException {
        Exception bare = thrownIn();
        assertThat(claim(bare, INNER, 0)).isTrue();
        assertThat(claimUnseen(bare, OUTER)).isFalse();
        later(2);
        assertThat(claim(bare, INNER, 1)).isTrue();
        assertThat(claimUnseen(bare, OUTER)).as("known to come again").isTrue();
    }

    @Test
    void of_another_thread_has_come_out_of_a_call_if_it_was_thrown_there() throws Exception {
        Exception thrown = thrownIn(INNER);
        assertThat(onAnotherThread(() -> claim(thrown, INNER, false))).isTrue();
        assertThat(claim(new Exception("around", thrown), OUTER, false)).isFalse();
        assertThat(claimUnseen(new Exception("around", thrown), OUTERMOST)).isFalse();

        assertThat(onAnotherThread(() -> claim(failure, INNER, false))).isTrue();
        assertThat(claim(failure, OUTER, false)).as("made elsewhere").isTrue();
    }

    @Test
    void of_a_stage_that_several_calls_were_given_is_told_for_each() {
        assertThat(claim(failure, STAGED, false)).isTrue();
        assertThat(claim(failure, STAGED, false)).isTrue();
    }

    @Test
    void of_a_stage_has_come_out_of_a_call_until_it_is_thrown_again() throws Exception {
        assertThat(onAnotherThread(() -> claim(failure, STAGED, false))).isTrue();
        assertThat(claim(failure, OUTER, false)).isFalse();
        later(2);
        assertThat(onAnotherThread(() -> claim(failure, STAGED, 1))).isTrue();
        assertThat(claim(failure, OUTER, false)).as("known to come again").isTrue();
    }

    @Test
    void is_told_as_that_of_an_attempt_and_of_its_call_also_where_another_method_has_told_it() {
        List<String> both = List.of("queue", "mail");
        assertThat(tell(INNER, "queue")).containsExactly("queue");
        assertThat(tell(failure, OUTER, true, LONG_NANOS, both)).containsExactly("mail");
        assertThat(tell(failure, OUTER, false, LONG_NANOS, both)).containsExactly("mail");
        assertThat(tell(failure, OUTERMOST, false, LONG_NANOS, both)).isEmpty();
    }

    @Test
    void is_told_by_the_innermost_method_alone() throws InterruptedException {
        assertThat(claim(failure, INNER, false)).isTrue();
        later(100_000);
        assertThat(claim(failure, OUTER, false)).isFalse();
    }

    @Test
    void is_known_inside_of_another() {
        assertThat(claim(failure, INNER, false)).isTrue();
        assertThat(claim(new IllegalStateException(new RuntimeException(failure)), OUTER, false))
                .isFalse();
    }

    @Test
    void is_told_each_time_the_same_object_is_thrown() throws InterruptedException {
        assertThat(claim(failure, INNER, 0)).isTrue();
        later(2);
        assertThat(claim(failure, INNER, 1)).isTrue();
        later(2);
        assertThat(claim(failure, OUTER, 3)).as("on its way out").isFalse();
        later(2);
        assertThat(claim(failure, OUTER, 1)).as("thrown there too").isTrue();
        assertThat(claim(failure, OUTERMOST, 2)).as("on its way out").isFalse();
    }

    @Test
    void is_told_by_each_of_two_methods_that_are_called_within_one() throws InterruptedException {
        assertThat(claim(failure, INNER, 0)).isTrue();
        later(2);
        assertThat(claim(failure, OUTER, 1)).as("beside").isTrue();
        assertThat(claim(failure, OUTERMOST, 5)).as("around both").isFalse();
    }

    @Test
    void is_told_once_on_its_way_out_of_a_recursion() throws InterruptedException {
        assertThat(claim(failure, INNER, 1)).isTrue();
        assertThat(claim(failure, INNER, 2)).isFalse();
        later(10); // each level may have something to clean up
        assertThat(claim(failure, INNER, 13)).isFalse();
        assertThat(claim(failure, INNER, 9)).as("not out of there").isTrue();
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
        assertThat(claimUnseen(hostile, INNER)).isTrue();
        assertThat(claimUnseen(hostile, INNER)).isTrue();
        assertThat(claimUnseen(hostile, OUTER)).isFalse();
    }

    @Test
    void is_told_as_that_of_an_attempt_and_of_its_call() {
        assertThat(claim(failure, INNER, true)).isTrue();
        assertThat(claim(failure, INNER, true)).isTrue();
        assertThat(claim(failure, INNER, false)).isTrue();
        assertThat(claim(failure, OUTER, false)).isFalse();
    }

    @Test
    void is_told_apart_from_another_one_that_says_the_same() {
        assertThat(claim(failure, INNER, false)).isTrue();
        assertThat(claim(new Exception("failure"), OUTER, false)).isTrue();
    }

    @Test
    void ends_with_causes_that_go_round() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(claim(first, INNER, false)).isTrue();
        assertThat(claim(second, OUTER, false)).isFalse();
    }
}
