package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConcurrencyLimitTest {

    private static final int THREADS = 16;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void lets_in_as_many_threads_as_there_are_permits() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(2);
        assertThat(limit.enter()).isPositive();
        assertThat(elsewhere(limit::tryAcquireDetached)).isTrue();
        assertThat(elsewhere(() -> limit.enter() > 0)).isFalse();
        assertThat(limit.taken()).isEqualTo(2);
        limit.exit(1);
        assertThat(elsewhere(() -> limit.enter() > 0)).isTrue();
    }

    @Test
    void a_thread_that_is_in_passes_and_is_counted_once() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1);
        for (int depth = 1; depth <= 5; depth++) {
            assertThat(limit.enter()).isEqualTo(depth);
            assertThat(limit.taken()).isEqualTo(1);
        }
        for (int depth = 5; depth > 1; depth--) {
            limit.exit(depth);
            assertThat(limit.taken()).isEqualTo(1);
            assertThat(elsewhere(() -> limit.enter() > 0)).isFalse();
        }
        limit.exit(1);
        assertThat(limit.taken()).isZero();
        assertThat(elsewhere(() -> limit.enter() > 0)).isTrue();
    }

    @Test
    void another_limit_keeps_what_is_taken() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(2);
        assertThat(limit.tryAcquireDetached()).isTrue();
        assertThat(limit.tryAcquireDetached()).isTrue();
        limit.limit(1);
        assertThat(limit.taken()).isEqualTo(2);
        limit.releaseDetached();
        assertThat(elsewhere(() -> limit.enter() > 0)).isFalse();
        limit.releaseDetached();
        assertThat(elsewhere(() -> limit.enter() > 0)).isTrue();
        limit.limit(2);
        assertThat(elsewhere(() -> limit.enter() > 0)).isTrue();
    }

    @Test
    void a_rejection_takes_nothing_and_leaves_the_thread_outside() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1);
        assertThat(elsewhere(limit::tryAcquireDetached)).isTrue();
        assertThat(limit.enter()).isZero();
        assertThat(limit.enter()).isZero();
        limit.releaseDetached();
        assertThat(limit.taken()).isZero();
        assertThat(limit.enter()).isPositive();
        assertThat(elsewhere(() -> limit.enter() > 0)).isFalse();
    }

    @Test
    void limits_of_two_methods_do_not_know_of_each_other() {
        ConcurrencyLimit one = new ConcurrencyLimit(1);
        ConcurrencyLimit other = new ConcurrencyLimit(1);
        assertThat(one.enter()).isPositive();
        assertThat(other.tryAcquireDetached()).isTrue();
        assertThat(other.enter()).isZero();
    }

    @Test
    void a_detached_permit_counts_on_a_thread_that_is_in_and_is_given_back_by_any() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(2);
        assertThat(limit.enter()).isPositive();
        assertThat(limit.tryAcquireDetached()).isTrue();
        assertThat(limit.tryAcquireDetached()).isFalse();
        elsewhere(() -> {
            limit.releaseDetached();
            return true;
        });
        assertThat(limit.taken()).isEqualTo(1);
    }

    @Test
    void gives_back_no_permit_that_was_not_taken() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1);
        assertThatThrownBy(() -> limit.exit(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(limit::releaseDetached).isInstanceOf(IllegalStateException.class);
        assertThat(limit.taken()).isZero();
        assertThat(elsewhere(() -> limit.enter() > 0)).isTrue();
        assertThatThrownBy(() -> limit.exit(1))
                .as("on a thread that is not in")
                .isInstanceOf(IllegalStateException.class);
        assertThat(limit.taken()).isEqualTo(1);
    }

    /** An exit that found no stack left is made up for by the one around it. */
    @Test
    void an_outer_exit_leaves_for_those_inside_that_never_did() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1);
        assertThat(limit.enter()).isEqualTo(1);
        assertThat(limit.enter()).isEqualTo(2);
        assertThat(limit.enter()).isEqualTo(3);
        limit.exit(2);
        assertThat(limit.enter()).isEqualTo(2);
        limit.exit(1);
        assertThat(limit.taken()).isZero();
        assertThat(elsewhere(() -> limit.enter() > 0)).isTrue();
    }

    @Test
    void exactly_as_many_as_there_are_permits_get_in_at_once() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(5);
        CyclicBarrier together = new CyclicBarrier(THREADS);
        AtomicInteger in = new AtomicInteger();
        race(() -> {
            for (int round = 0; round < 200; round++) {
                together.await();
                boolean entered = limit.enter() > 0;
                if (entered) {
                    in.incrementAndGet();
                }
                together.await();
                assertThat(in).hasValue(5);
                assertThat(limit.taken()).isEqualTo(5);
                together.await();
                if (entered) {
                    in.decrementAndGet();
                    limit.exit(1);
                }
            }
            return null;
        });
        assertThat(limit.taken()).isZero();
    }

    @Test
    void never_goes_above_the_limit_and_ends_at_none() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(3);
        AtomicInteger in = new AtomicInteger();
        race(() -> {
            for (int i = 0; i < 20_000; i++) {
                boolean detached = i % 3 == 0;
                if (detached ? limit.tryAcquireDetached() : limit.enter() > 0) {
                    assertThat(in.incrementAndGet()).isBetween(1, 3);
                    in.decrementAndGet();
                    if (detached) {
                        limit.releaseDetached();
                    } else {
                        limit.exit(1);
                    }
                }
            }
            return null;
        });
        assertThat(limit.taken()).isZero();
    }

    private void race(Callable<?> each) throws Exception {
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            ends.add(threads.submit(each));
        }
        for (Future<?> end : ends) {
            end.get();
        }
    }

    /** On a thread that is in nowhere. */
    private static boolean elsewhere(Callable<Boolean> action) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(action).get();
        } finally {
            thread.shutdownNow();
        }
    }
}
