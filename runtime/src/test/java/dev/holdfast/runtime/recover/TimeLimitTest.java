package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TimeLimitTest {

    private static final long LIMIT = 100;

    private final VirtualTime time = VirtualTime.turnedByHand();

    @AfterEach
    void leaves_no_interrupt_and_no_timer_behind() {
        assertThat(Thread.interrupted()).isFalse();
        assertThat(time.scheduledTasks()).isZero();
    }

    @Test
    void an_attempt_that_ends_in_time_is_not_touched_and_its_timer_is_gone() {
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT - 1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(watch.finish(null)).isFalse();
        assertThat(time.scheduledTasks()).isZero();
        time.advance(LIMIT);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void interrupts_when_the_time_is_up_and_clears_what_the_body_ignored() {
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(watch.finish(null)).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void clears_the_flag_that_a_body_set_again_while_wrapping_the_exception() {
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT);
        InterruptedException thrown = interrupted();
        Thread.currentThread().interrupt();
        assertThat(watch.finish(new IllegalStateException(thrown))).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void wakes_a_body_that_blocks() throws Exception {
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch begun = new CountDownLatch(1);
            Future<String> ended = caller.submit(() -> {
                TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
                Throwable failure = null;
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException thrown) {
                    failure = thrown;
                }
                return watch.finish(failure) + ", " + (failure != null) + ", "
                        + Thread.currentThread().isInterrupted();
            });
            begun.await();
            time.advance(LIMIT);
            assertThat(ended.get()).isEqualTo("true, true, false");
        } finally {
            caller.shutdownNow();
        }
    }

    @Test
    void leaves_an_interrupt_that_was_there_before() {
        Thread.currentThread().interrupt();
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT);
        assertThat(watch.finish(null)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void leaves_an_interrupt_by_somebody_else_in_an_attempt_that_ended_in_time() {
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
        Thread.currentThread().interrupt();
        assertThat(watch.finish(null)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void leaves_an_interrupt_that_came_after_the_body_had_thrown_by_ours() {
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT);
        InterruptedException thrown = interrupted();
        Thread.currentThread().interrupt();
        assertThat(watch.finish(thrown)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void gives_back_an_interrupt_by_somebody_else_that_went_with_ours_in_one_exception() {
        Thread.currentThread().interrupt();
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT);
        assertThat(watch.finish(interrupted())).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void the_clock_has_the_last_word_where_the_timer_is_late() {
        LateTimer late = new LateTimer();
        TimeLimit.Watch watch = TimeLimit.start(LIMIT, late);
        time.advance(LIMIT - 1);
        assertThat(watch.finish(null)).isFalse();

        watch = TimeLimit.start(LIMIT, late);
        time.advance(LIMIT);
        assertThat(watch.finish(null)).isTrue();
        late.fire();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        watch = TimeLimit.start(LIMIT, late);
        time.advance(LIMIT);
        Thread.currentThread().interrupt();
        assertThat(watch.finish(interrupted())).isTrue();
        assertThat(Thread.interrupted()).as("an interrupt by somebody else").isTrue();
    }

    @Test
    void a_limit_inside_another_leaves_the_outer_ones_interrupt() {
        TimeLimit.Watch outer = TimeLimit.start(2 * LIMIT, time);
        TimeLimit.Watch inner = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT);
        time.advance(LIMIT);
        assertThat(inner.finish(null)).isTrue();
        assertThat(Thread.currentThread().isInterrupted())
                .as("the outer time is up")
                .isTrue();
        assertThat(outer.finish(new IllegalStateException("inner timed out"))).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_limit_inside_another_that_was_up_before_it() {
        TimeLimit.Watch outer = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT - 1);
        TimeLimit.Watch inner = TimeLimit.start(LIMIT, time);
        time.advance(LIMIT);
        assertThat(inner.finish(null)).isTrue();
        assertThat(Thread.currentThread().isInterrupted())
                .as("the outer time is up")
                .isTrue();
        assertThat(outer.finish(null)).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_limit_inside_another_clears_its_own_interrupt_where_the_outer_is_not_up() {
        TimeLimit.Watch outer = TimeLimit.start(3 * LIMIT, time);
        for (int attempt = 0; attempt < 2; attempt++) {
            TimeLimit.Watch inner = TimeLimit.start(LIMIT, time);
            time.advance(LIMIT);
            assertThat(inner.finish(null)).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        assertThat(outer.finish(null)).isFalse();
    }

    @Test
    void waits_for_an_interrupt_that_is_on_its_way() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean flagAfter = new AtomicBoolean(true);
        AtomicBoolean wasUp = new AtomicBoolean();
        Thread caller = new Thread() {

            @Override
            public void run() {
                TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
                begun.countDown();
                awaitQuietly(interrupting);
                wasUp.set(watch.finish(null));
                flagAfter.set(isInterrupted());
            }

            @Override
            public void interrupt() {
                interrupting.countDown();
                awaitQuietly(goOn);
                super.interrupt();
            }
        };
        Thread timer = new Thread(() -> time.advance(LIMIT));
        caller.start();
        begun.await();
        timer.start();
        while (Stream.of(caller.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("awaitInterrupt"))) {
            assertThat(caller.isAlive())
                    .as("has not finished before it was interrupted")
                    .isTrue();
            Thread.onSpinWait();
        }
        goOn.countDown();
        caller.join();
        timer.join();
        assertThat(wasUp).isTrue();
        assertThat(flagAfter).isFalse();
    }

    @Test
    void a_thread_whose_interrupt_throws_does_not_hang() throws Exception {
        AtomicBoolean wasUp = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch advanced = new CountDownLatch(1);
        Thread caller = new Thread() {

            @Override
            public void run() {
                TimeLimit.Watch watch = TimeLimit.start(LIMIT, time);
                begun.countDown();
                awaitQuietly(advanced);
                wasUp.set(watch.finish(null));
            }

            @Override
            public void interrupt() {
                throw new IllegalStateException("not me");
            }
        };
        caller.start();
        begun.await();
        assertThatThrownBy(() -> time.advance(LIMIT)).hasMessage("not me");
        advanced.countDown();
        caller.join();
        assertThat(wasUp).isTrue();
    }

    @Test
    void whoever_wins_the_race_no_interrupt_is_left_behind() throws Exception {
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            CyclicBarrier together = new CyclicBarrier(2);
            for (int round = 0; round < 2_000; round++) {
                LateTimer timer = new LateTimer();
                Future<Boolean> flag = caller.submit(() -> {
                    TimeLimit.Watch watch = TimeLimit.start(LIMIT, timer);
                    together.await();
                    watch.finish(null);
                    boolean right = Thread.interrupted();
                    // And none comes later: both sides are through when they meet again.
                    together.await();
                    return right || Thread.interrupted();
                });
                together.await();
                timer.fire();
                together.await();
                assertThat(flag.get()).isFalse();
            }
        } finally {
            caller.shutdownNow();
        }
    }

    /** As a body gets it from what blocks: with the flag cleared. */
    private static InterruptedException interrupted() {
        assertThat(Thread.interrupted()).isTrue();
        return new InterruptedException();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** The clock of the test, and a timer that comes when told to. */
    private final class LateTimer implements Time {

        private volatile @Nullable Runnable task;

        void fire() {
            Runnable due = task;
            if (due == null) {
                throw new AssertionError("nothing was scheduled");
            }
            due.run();
        }

        @Override
        public void prepare() {}

        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public void sleep(long nanos) {
            throw new AssertionError("slept");
        }

        @Override
        public boolean await(Semaphore signal, long nanos) {
            throw new AssertionError("waited");
        }

        @Override
        public long epochMillis() {
            throw new AssertionError("waited");
        }

        @Override
        public Scheduled scheduleWork(long delayNanos, Runnable task) {
            return schedule(delayNanos, task);
        }

        @Override
        public Scheduled schedule(long delayNanos, Runnable task) {
            this.task = task;
            return () -> {};
        }
    }
}
