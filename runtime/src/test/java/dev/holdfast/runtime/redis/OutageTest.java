package dev.holdfast.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OutageTest {

    private final Outage outage = new Outage(3);

    @Test
    void begins_with_the_last_of_so_many_failures_in_a_row() {
        assertThat(outage.failed()).isFalse();
        assertThat(outage.failed()).isFalse();
        outage.answered();
        assertThat(outage.failed()).isFalse();
        assertThat(outage.failed()).isFalse();
        assertThat(outage.isUnderWay()).isFalse();
        assertThat(outage.failed()).isTrue();
        assertThat(outage.isUnderWay()).isTrue();
    }

    @Test
    void has_one_who_sees_to_the_probes() {
        outage.failed();
        outage.failed();
        assertThat(outage.failed()).isTrue();
        assertThat(outage.failed()).isFalse();
    }

    /** One that was sent before it began may be answered late; it is the probe that counts. */
    @Test
    void ends_with_a_probe_alone() {
        outage.failed();
        outage.failed();
        outage.failed();
        outage.answered();
        assertThat(outage.isUnderWay()).isTrue();
        outage.end();
        assertThat(outage.isUnderWay()).isFalse();
        assertThat(outage.failed()).isFalse();
    }
}
