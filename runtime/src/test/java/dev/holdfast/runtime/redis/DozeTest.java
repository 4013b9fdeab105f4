package dev.holdfast.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A script of messages. */
final class DozeTest {

    private final Doze doze = new Doze(0);
    private long now;

    private boolean heardAfterMicros(long micros) {
        now += TimeUnit.MICROSECONDS.toNanos(micros);
        boolean due = doze.isDue(now);
        now += due ? Doze.NANOS : 1_000;
        doze.done(now);
        return due;
    }

    @Test
    void sleeps_where_each_of_many_messages_would_wake_it() {
        assertThat(heardAfterMicros(200)).isTrue();
        for (int i = 0; i < 10; i++) {
            assertThat(heardAfterMicros(1)).as("one that was there").isFalse();
        }
        assertThat(heardAfterMicros(200)).isTrue();
    }

    @Test
    void does_not_sleep_where_messages_are_rare() {
        assertThat(heardAfterMicros(2_000)).isFalse();
        assertThat(heardAfterMicros(1_000_000)).isFalse();
    }
}
