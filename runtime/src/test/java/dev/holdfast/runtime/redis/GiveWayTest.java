package dev.holdfast.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GiveWayTest {

    /** Near its end, as the JVM's may be. */
    private static final long START = Long.MAX_VALUE - 1000;

    private final GiveWay giveWay = new GiveWay(START);

    @Test
    void is_due_from_the_beginning_and_stays_so_while_it_takes_little_time() {
        assertThat(giveWay.isDue(START)).isTrue();
        giveWay.done(START, START + GiveWay.LONG_NANOS);
        assertThat(giveWay.isDue(START + GiveWay.LONG_NANOS)).isTrue();
    }

    @Test
    void is_not_due_for_a_while_once_it_took_long() {
        long end = START + GiveWay.LONG_NANOS + 1;
        giveWay.done(START, end);
        assertThat(giveWay.isDue(end)).isFalse();
        assertThat(giveWay.isDue(end + GiveWay.WHILE_NANOS - 1)).isFalse();
        assertThat(giveWay.isDue(end + GiveWay.WHILE_NANOS)).isTrue();
    }
}
