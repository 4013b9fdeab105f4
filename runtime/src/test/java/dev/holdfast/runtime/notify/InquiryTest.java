package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hangs does so for real, so a test waits for a second for each. */
@Timeout(30)
class InquiryTest {

    private final Inquiry inquiry = new Inquiry();
    private final CountDownLatch never = new CountDownLatch(1);

    private String hang() throws InterruptedException {
        never.await();
        return "at last";
    }

    @Test
    void gives_the_answer() {
        assertThat(inquiry.ask("a", () -> "answer", "none")).isEqualTo("answer");
        assertThat(inquiry.ask("b", () -> "another", "none")).isEqualTo("another");
    }

    @Test
    void does_without_where_the_answer_is_an_exception_of_whatever_kind() {
        assertThat(inquiry.<String>ask(
                        "a",
                        () -> {
                            throw new IOException();
                        },
                        "none"))
                .isEqualTo("none");
        assertThat(inquiry.ask("a", this::recurse, "none")).isEqualTo("none");
        assertThat(inquiry.ask("a", () -> "answer", "none")).isEqualTo("answer");
    }

    @SuppressWarnings("InfiniteRecursion") // which is what is tried
    private String recurse() {
        return recurse() + "!";
    }

    @Test
    void does_not_wait_for_ever_and_asks_once_only() {
        String whom = "a";
        assertThat(inquiry.ask(whom, this::hang, "none")).isEqualTo("none");
        assertThat(inquiry.ask(whom, () -> "answer", "none")).isEqualTo("none");
        assertThat(inquiry.ask("b", () -> "answer", "none")).isEqualTo("answer");
        never.countDown();
    }

    @Test
    void asks_nobody_while_too_many_hang() {
        for (int i = 0; i < 4; i++) {
            assertThat(inquiry.ask("hangs " + i, this::hang, "none")).isEqualTo("none");
        }
        assertThat(inquiry.ask("b", () -> "answer", "none")).isEqualTo("none");
        never.countDown();
        org.awaitility.Awaitility.await()
                .until(() -> inquiry.ask("b", () -> "answer", "none").equals("answer"));
    }

    @Test
    void tells_of_a_failure_what_there_is() {
        IllegalStateException plain = new IllegalStateException("outer", new IOException("inner"));
        Facts facts = Facts.of(plain, inquiry);
        assertThat(facts.message).isEqualTo("outer");
        assertThat(facts.root).isEqualTo("java.io.IOException");
        assertThat(facts.rootMessage).isEqualTo("inner");
        assertThat(facts.trace).isEqualTo(plain.getStackTrace());
    }

    @Test
    void tells_of_a_failure_that_speaks_for_itself() {
        Facts facts = Facts.of(
                new IOException() {
                    @Override
                    public String getMessage() {
                        return "x".repeat(1_000_000);
                    }
                },
                inquiry);
        assertThat(facts.message).hasSizeLessThan(10_000).startsWith("xxx");
        assertThat(facts.trace).isNotEmpty();
    }

    @Test
    void tells_of_a_failure_whose_own_methods_fail() {
        Facts facts = Facts.of(
                new IOException() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException();
                    }
                },
                inquiry);
        assertThat(facts.message).contains("getMessage() threw java.lang.IllegalStateException");
        assertThat(facts.trace).isNotEmpty();
    }

    @Test
    void tells_of_a_failure_that_never_answers() {
        IOException failure = new IOException() {
            @Override
            public String getMessage() {
                try {
                    return hang();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            }
        };
        assertThat(Facts.of(failure, inquiry).message).contains("does not answer");
        long begun = System.nanoTime();
        assertThat(Facts.of(failure, inquiry).message).contains("does not answer");
        assertThat(System.nanoTime() - begun).isLessThan(900_000_000L);
        never.countDown();
    }
}
