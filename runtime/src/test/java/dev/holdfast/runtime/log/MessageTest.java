package dev.holdfast.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class MessageTest {

    private static final long MOMENT =
            OffsetDateTime.parse("2026-03-04T07:08:09.012+01:00").toInstant().toEpochMilli();

    @Test
    void is_one_line_with_the_time_in_utc() {
        assertThat(new Message(Level.WARN, "unknown key {}", null, MOMENT).lines())
                .isEqualTo("06:08:09.012Z WARN holdfast: unknown key {}" + System.lineSeparator());
    }

    @Test
    void has_its_stack_trace_below() {
        Message message = new Message(
                Level.ERROR, "broken", new IllegalStateException("no", new RuntimeException("root")), MOMENT);
        assertThat(message.lines())
                .startsWith("06:08:09.012Z ERROR holdfast: broken" + System.lineSeparator()
                        + "java.lang.IllegalStateException: no" + System.lineSeparator() + "\tat ")
                .contains("Caused by: java.lang.RuntimeException: root");
    }

    @Test
    void is_told_even_if_its_failure_cannot_be_shown() {
        RuntimeException unshowable = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException();
            }
        };
        assertThat(new Message(Level.ERROR, "broken", unshowable, MOMENT).lines())
                .startsWith("06:08:09.012Z ERROR holdfast: broken" + System.lineSeparator())
                .contains("dev.holdfast.runtime.log.MessageTest$");
    }
}
