package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FactsTest {

    private final Inquiry inquiry = new Inquiry();

    @Test
    void finds_the_root_far_down() {
        Throwable failure = new IllegalStateException("the root");
        for (int i = 0; i < 900; i++) {
            failure = new RuntimeException("around " + i, failure);
        }
        Facts facts = Facts.of(failure, inquiry);
        assertThat(facts.root).isEqualTo("java.lang.IllegalStateException");
        assertThat(facts.rootMessage).isEqualTo("the root");
    }

    @Test
    void ends_with_causes_that_go_round() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(Facts.of(first, inquiry).rootMessage).isEqualTo("second");
    }
}
