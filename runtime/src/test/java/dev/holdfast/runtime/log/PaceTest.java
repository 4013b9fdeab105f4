package dev.holdfast.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.time.VirtualTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final VirtualTime time = VirtualTime.turningItself();
    private final Pace pace = new Pace(SECOND, time.nanoTime());

    private long admit() {
        return pace.admit(time.nanoTime());
    }

    @Test
    void the_first_one_passes() {
        assertThat(admit()).isZero();
    }

    @Test
    void others_are_left_out_and_counted_until_the_next_may_pass() {
        admit();
        assertThat(admit()).isEqualTo(Pace.LEFT_OUT);
        time.advance(SECOND - 1);
        assertThat(admit()).isEqualTo(Pace.LEFT_OUT);
        time.advance(1);
        assertThat(admit()).isEqualTo(2);
        time.advance(SECOND - 1);
        assertThat(admit()).isEqualTo(Pace.LEFT_OUT);
        time.advance(100 * SECOND);
        assertThat(admit()).isEqualTo(1);
        time.advance(SECOND);
        assertThat(admit()).isZero();
    }

    @Test
    void of_threads_that_come_at_once_one_passes_and_none_is_lost() throws Exception {
        int threads = 8;
        int each = 1_000;
        long start = time.nanoTime();
        AtomicLong passed = new AtomicLong();
        AtomicLong counted = new AtomicLong();
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            pool.execute(() -> {
                try {
                    go.await();
                } catch (InterruptedException never) {
                    throw new IllegalStateException(never);
                }
                for (int i = 1; i <= each; i++) {
                    long leftOut = pace.admit(start + i * (SECOND / 10));
                    if (leftOut != Pace.LEFT_OUT) {
                        passed.incrementAndGet();
                        counted.addAndGet(leftOut);
                    }
                }
            });
        }
        go.countDown();
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        counted.addAndGet(pace.admit(start + (each + 10) * (SECOND / 10)));
        assertThat(passed.get()).isBetween(1L, each / 10L + 1);
        assertThat(passed.get() + counted.get()).isEqualTo((long) threads * each);
    }
}
