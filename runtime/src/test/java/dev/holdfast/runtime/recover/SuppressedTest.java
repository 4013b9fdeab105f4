package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class SuppressedTest {

    private final Exception last = new Exception("last");

    @Test
    void keeps_the_earlier_failures_in_their_order() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        Suppressed.add(last, first);
        assertThat(Suppressed.add(last, second)).isSameAs(last);
        assertThat(last.getSuppressed()).containsExactly(first, second);
    }

    @Test
    void never_puts_a_failure_on_itself() {
        Suppressed.add(last, last);
        assertThat(last.getSuppressed()).isEmpty();
    }

    @Test
    void puts_the_same_failure_there_once_but_its_equals_too() {
        Equal one = new Equal();
        Equal other = new Equal();
        Suppressed.add(last, one);
        Suppressed.add(last, one);
        Suppressed.add(last, other);
        assertThat(last.getSuppressed()).hasSize(2);
        assertThat(last.getSuppressed()[0]).isSameAs(one);
        assertThat(last.getSuppressed()[1]).isSameAs(other);
    }

    @Test
    void an_exception_that_is_thrown_for_ever_stays_bounded() {
        for (int i = 0; i < 10_000; i++) {
            Suppressed.add(last, new Exception("attempt " + i));
        }
        assertThat(last.getSuppressed()).hasSize(Suppressed.MOST);
        assertThat(last.getSuppressed()[0]).hasMessage("attempt 0");
    }

    @Test
    void tolerates_an_exception_that_disabled_suppression() {
        Exception bare = new Exception("bare", null, false, false) {};
        Suppressed.add(bare, last);
        assertThat(bare.getSuppressed()).isEmpty();
    }

    @Test
    void never_closes_a_circle_of_exceptions_that_are_thrown_again() {
        Exception other = new Exception("other");
        Suppressed.add(last, other);
        Suppressed.add(other, last);
        assertThat(other.getSuppressed()).isEmpty();

        Exception wrapper = new Exception("wrapper", new Exception("middle", last));
        Suppressed.add(last, wrapper);
        assertThat(last.getSuppressed()).containsExactly(other);

        StringWriter trace = new StringWriter();
        last.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("CIRCULAR");
    }

    @Test
    void tolerates_circles_that_were_there_before() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.addSuppressed(b);
        Suppressed.add(last, a);
        assertThat(last.getSuppressed()).containsExactly(a);
    }

    @Test
    void tolerates_a_cause_that_throws() {
        Exception odd = new Exception("odd") {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("no cause today");
            }
        };
        Suppressed.add(last, odd);
        assertThat(last.getSuppressed()).containsExactly(odd);
    }

    private static final class Equal extends Exception {

        @Override
        public boolean equals(Object other) {
            return other instanceof Equal;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
