package dev.holdfast.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UnmovedTest {

    private final VirtualTime time = VirtualTime.turnedByHand();

    @Test
    void waits_no_longer_for_an_interrupt_and_no_shorter_and_keeps_the_flag() {
        List<Long> waits = new ArrayList<>();
        boolean come = Unmoved.await(time, 100, nanos -> {
            waits.add(nanos);
            if (nanos > 0) {
                time.advance(40);
                throw new InterruptedException();
            }
            return false;
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(come).isFalse();
        assertThat(waits).containsExactly(100L, 60L, 20L, -20L);
    }

    @Test
    void who_was_interrupted_before_gets_what_comes() throws Exception {
        Semaphore signal = new Semaphore(0);
        FutureTask<Boolean> waits = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            return Unmoved.await(time, 100, nanos -> time.await(signal, nanos)) && Thread.interrupted();
        });
        new Thread(waits, "waits").start();
        time.awaitSleepers(1);
        signal.release();
        assertThat(waits.get()).isTrue();
    }

    @Test
    void who_is_not_interrupted_is_not_afterwards() {
        assertThat(Unmoved.await(time, 100, nanos -> true)).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
