package dev.holdfast.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OutageTest {

    private final Outage outage = new Outage(3);

    private long now;

    @Test
    void begins_with_the_last_of_so_many_failures_in_a_row() {
        assertThat(outage.failed(now, ++now)).isFalse();
        assertThat(outage.failed(now, ++now)).isFalse();
        outage.answered();
        assertThat(outage.failed(now, ++now)).isFalse();
        assertThat(outage.failed(now, ++now)).isFalse();
        assertThat(outage.isUnderWay()).isFalse();
        assertThat(outage.failed(now, ++now)).isTrue();
        assertThat(outage.isUnderWay()).isTrue();
    }

    @Test
    void those_who_wait_in_one_moment_in_which_nothing_comes_have_one_failure() {
        for (int moment = 0; moment < 2; moment++) {
            for (int i = 0; i < 10; i++) {
                assertThat(outage.failed(100L * moment, 100L * moment + 50 + i)).isFalse();
            }
        }
        assertThat(outage.failed(200, 250)).isTrue();
    }

    @Test
    void has_one_who_sees_to_the_probes() {
        outage.failed(now, ++now);
        outage.failed(now, ++now);
        assertThat(outage.failed(now, ++now)).isTrue();
        assertThat(outage.failed(now, ++now)).isFalse();
    }

    /** One that was sent before it began may be answered late; it is the probe that counts. */
    @Test
    void ends_with_a_probe_alone() {
        outage.failed(now, ++now);
        outage.failed(now, ++now);
        outage.failed(now, ++now);
        outage.answered();
        assertThat(outage.isUnderWay()).isTrue();
        outage.end();
        assertThat(outage.isUnderWay()).isFalse();
        assertThat(outage.failed(now, ++now)).isFalse();
    }
}
