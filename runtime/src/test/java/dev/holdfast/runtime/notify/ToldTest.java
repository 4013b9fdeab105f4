package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.time.VirtualTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ToldTest {

    private static final String INNER = "com.acme.Quotes.quote(String)";
    private static final String OUTER = "com.acme.Shop.buy()";

    private final VirtualTime time = VirtualTime.turningItself();
    private final Told told = new Told(time);
    private final Exception failure = new Exception("failure");

    private void later(long millis) throws InterruptedException {
        time.sleep(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void is_told_by_the_innermost_method_alone() throws InterruptedException {
        assertThat(told.claim(failure, INNER, false)).isTrue();
        later(10_000);
        assertThat(told.claim(failure, OUTER, false)).isFalse();
    }

    @Test
    void is_known_inside_of_another() {
        assertThat(told.claim(failure, INNER, false)).isTrue();
        assertThat(told.claim(new IllegalStateException(new RuntimeException(failure)), OUTER, false))
                .isFalse();
    }

    @Test
    void is_told_again_if_the_same_object_is_thrown_again() throws InterruptedException {
        assertThat(told.claim(failure, INNER, false)).isTrue();
        later(2);
        assertThat(told.claim(failure, INNER, false)).isTrue();
    }

    @Test
    void is_told_once_on_its_way_out_of_a_recursion() {
        assertThat(told.claim(failure, INNER, false)).isTrue();
        assertThat(told.claim(failure, INNER, false)).isFalse();
    }

    @Test
    void is_told_as_that_of_an_attempt_and_of_its_call() {
        assertThat(told.claim(failure, INNER, true)).isTrue();
        assertThat(told.claim(failure, INNER, true)).isTrue();
        assertThat(told.claim(failure, INNER, false)).isTrue();
        assertThat(told.claim(failure, OUTER, false)).isFalse();
    }

    @Test
    void is_told_apart_from_another_one_that_says_the_same() {
        assertThat(told.claim(failure, INNER, false)).isTrue();
        assertThat(told.claim(new Exception("failure"), OUTER, false)).isTrue();
    }

    @Test
    void ends_with_causes_that_go_round() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(told.claim(first, INNER, false)).isTrue();
        assertThat(told.claim(second, OUTER, false)).isFalse();
    }
}
