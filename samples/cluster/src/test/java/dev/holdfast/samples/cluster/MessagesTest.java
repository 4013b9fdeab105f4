package dev.holdfast.samples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MessagesTest {

    @Test
    void one_that_came_twice_is_one() {
        Messages messages = Messages.of(List.of(
                "{\"id\":\"1\",\"data\":{\"message\":\"order K7Q2-M4XD of anna is not paid: down\"}}",
                "{\"id\":\"1\",\"data\":{\"message\":\"order K7Q2-M4XD of anna is not paid: down\"}}",
                "{\"id\":\"2\",\"data\":{\"message\":\"order K7Q2-M4XD of anna is not paid: down\"}}",
                "{\"id\":\"3\",\"data\":{\"message\":\"order AAAA-2222 of bert is not paid: down\"}}"));
        assertThat(messages.total()).isEqualTo(4);
        assertThat(messages.twice()).isEqualTo(1);
        assertThat(messages.about("K7Q2-M4XD")).isEqualTo(2);
        assertThat(messages.about("AAAA-2222")).isEqualTo(1);
        assertThat(messages.about("BBBB-2222")).isZero();
        assertThat(messages.dropped()).isZero();
    }

    @Test
    void what_was_dropped_is_counted() {
        assertThat(Messages.of(List.of("{\"id\":\"1\",\"data\":{\"dropped\":12}}"))
                        .dropped())
                .isEqualTo(12);
    }
}
