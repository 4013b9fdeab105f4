package dev.holdfast.it.programs.recover;

import dev.holdfast.CallTimeoutException;
import dev.holdfast.ConcurrencyLimitException;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import dev.holdfast.it.programs.Workers;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The limit of one attempt. */
public final class Timeouts {

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger attempts = new AtomicInteger();
    private Thread ran;

    /** Runs until it is interrupted, and keeps the flag. */
    private static void untilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Recover(timeout = "30ms")
    private Object sleeps() throws InterruptedException {
        attempts.incrementAndGet();
        ran = Thread.currentThread();
        never.await();
        return "never";
    }

    @Recover(timeout = "30ms")
    private Object returnsLate() {
        untilInterrupted();
        return "late";
    }

    @Recover(timeout = "30ms")
    private void returnsLateVoid() {
        untilInterrupted();
    }

    @Recover(timeout = "30ms")
    private Object returnsLateWithoutAFlag() {
        untilInterrupted();
        Thread.interrupted();
        return "late";
    }

    private final IOException gaveUp = new IOException("gave up");

    @Recover(timeout = "30ms")
    private Object throwsLate() throws IOException {
        untilInterrupted();
        throw gaveUp;
    }

    @Recover(timeout = "1h")
    private <T> T inTime(Upstream upstream) {
        ran = Thread.currentThread();
        return upstream.call();
    }

    @Case
    void an_attempt_that_takes_too_long_is_interrupted() {
        CallTimeoutException timeout = Expect.thrown(CallTimeoutException.class, this::sleeps);
        Expect.that(timeout.getCause() instanceof InterruptedException, "the cause is what the body threw");
        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
        Expect.equal(1, attempts.get());
    }

    @Case
    void the_message_names_place_rule_and_value() {
        String message = Expect.thrown(CallTimeoutException.class, this::sleeps).getMessage();
        Expect.contains("dev.holdfast.it.programs.recover.Timeouts.sleeps()", message);
        Expect.contains("30ms", message);
        Expect.contains("timeout", message);
    }

    @Case
    void the_body_runs_on_the_callers_thread() {
        Expect.thrown(CallTimeoutException.class, this::sleeps);
        Expect.same(Thread.currentThread(), ran);
        inTime(new Upstream("x"));
        Expect.same(Thread.currentThread(), ran);
    }

    @Case
    void a_result_that_comes_too_late_is_a_timeout_and_leaves_no_flag() {
        Expect.thrown(CallTimeoutException.class, this::returnsLate);
        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
        Expect.thrown(CallTimeoutException.class, this::returnsLateVoid);
        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
        Expect.thrown(CallTimeoutException.class, this::returnsLateWithoutAFlag);
        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
    }

    @Case
    void an_exception_that_comes_too_late_is_the_cause_of_the_timeout() {
        CallTimeoutException timeout = Expect.thrown(CallTimeoutException.class, this::throwsLate);
        Expect.same(gaveUp, timeout.getCause());
        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
    }

    @Case(bare = true)
    void an_attempt_in_time_is_left_alone() {
        Expect.equal("x", this.<String>inTime(new Upstream("x")));
        IOException failure = new IOException();
        Expect.thrown(failure, () -> inTime(new Upstream(failure)));
    }

    @Case
    void a_timeout_that_does_not_fire_interrupts_nothing_later() {
        for (int i = 0; i < 500; i++) {
            boolean late = Expect.outcome(() -> {
                        AboutAsLong.run();
                    })
                    != null;
            // Whoever won the race, the flag must be clean now and stay so.
            Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind, late=" + late);
            Expect.equal(null, Expect.outcome(() -> Thread.sleep(0, 100_000)));
        }
    }

    static final class AboutAsLong {
        @Recover(timeout = "1ms")
        static void run() {
            long end = System.nanoTime() + 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }

    static final class Retried {
        final AtomicInteger attempts = new AtomicInteger();

        @Recover(timeout = "20ms", attempts = 3, delay = "0s")
        Object always() {
            attempts.incrementAndGet();
            untilInterrupted();
            return "late";
        }

        @Recover(timeout = "20ms", attempts = 3, delay = "0s")
        Object once() {
            if (attempts.incrementAndGet() == 1) {
                untilInterrupted();
            }
            return "x";
        }

        @Recover(timeout = "20ms", attempts = 3, delay = "0s", on = IOException.class)
        Object notIn() {
            attempts.incrementAndGet();
            untilInterrupted();
            return "late";
        }

        @Recover(timeout = "20ms", attempts = 3, delay = "0s", except = CallTimeoutException.class)
        Object except() {
            attempts.incrementAndGet();
            untilInterrupted();
            return "late";
        }

        @Recover(timeout = "20ms", fallback = "instead")
        Object recovered() {
            untilInterrupted();
            return "late";
        }

        Object instead(CallTimeoutException timeout) {
            return Thread.currentThread().isInterrupted() ? "interrupted" : "instead";
        }
    }

    @Case
    void each_attempt_has_its_own_limit() {
        Retried retried = new Retried();
        CallTimeoutException last = Expect.thrown(CallTimeoutException.class, retried::always);
        Expect.equal(3, retried.attempts.get());
        Expect.equal(2, last.getSuppressed().length);
    }

    @Case
    void a_timeout_is_retried() {
        Retried retried = new Retried();
        Expect.equal("x", retried.once());
        Expect.equal(2, retried.attempts.get());
    }

    @Case
    void a_timeout_goes_by_on_and_except() {
        Retried retried = new Retried();
        Expect.thrown(CallTimeoutException.class, retried::notIn);
        Expect.equal(1, retried.attempts.get());
        Expect.thrown(CallTimeoutException.class, retried::except);
        Expect.equal(2, retried.attempts.get());
    }

    @Case
    void a_fallback_takes_a_timeout_and_runs_without_a_flag() {
        Expect.equal("instead", new Retried().recovered());
    }

    @Case
    void an_interrupt_by_somebody_else_is_not_a_timeout() throws Throwable {
        class Slow {
            final CountDownLatch inside = new CountDownLatch(1);

            @Recover(timeout = "1h", attempts = 3, delay = "0s", fallback = "instead")
            Object read() throws InterruptedException {
                inside.countDown();
                never.await();
                return "never";
            }

            @SuppressWarnings("unused")
            Object instead() {
                return "fallback";
            }
        }
        Slow slow = new Slow();
        Workers worker = Workers.start(1, () -> {
            Expect.thrown(InterruptedException.class, slow::read);
            Expect.that(!Thread.currentThread().isInterrupted(), "as the body left it: no flag");
        });
        slow.inside.await();
        worker.interrupt();
        worker.join();
    }

    @Case
    void a_flag_that_somebody_else_set_is_kept() {
        Thread.currentThread().interrupt();
        Expect.equal(true, seesFlag());
        Expect.that(Thread.interrupted(), "the flag is still set");
    }

    @Recover(timeout = "1h")
    private boolean seesFlag() {
        return Thread.currentThread().isInterrupted();
    }

    static final class Nested {
        final AtomicInteger innerAttempts = new AtomicInteger();
        final CountDownLatch never = new CountDownLatch(1);

        @Recover(timeout = "50ms")
        Object outer() throws InterruptedException {
            return inner();
        }

        @Recover(timeout = "1h", attempts = 5, delay = "0s", fallback = "instead")
        Object inner() throws InterruptedException {
            innerAttempts.incrementAndGet();
            never.await();
            return "never";
        }

        Object instead() {
            return "fallback";
        }

        @Recover(timeout = "1h")
        Object outerPatient() {
            try {
                return innerShort();
            } catch (CallTimeoutException timeout) {
                return Thread.currentThread().isInterrupted() ? "interrupted" : "caught";
            }
        }

        @Recover(timeout = "20ms")
        Object innerShort() {
            untilInterrupted();
            return "late";
        }

        @Recover(timeout = "50ms")
        Object outerOfWait() {
            return innerWait();
        }

        @Recover(attempts = 2, delay = "1h", maxDelay = "1h")
        Object innerWait() {
            innerAttempts.incrementAndGet();
            throw new IllegalStateException("inner");
        }
    }

    @Case
    void an_outer_timeout_ends_an_inner_call() {
        Nested nested = new Nested();
        Expect.thrown(CallTimeoutException.class, nested::outer);
        Expect.equal(1, nested.innerAttempts.get());
        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
    }

    @Case
    void an_inner_timeout_leaves_the_outer_call_alone() {
        Expect.equal("caught", new Nested().outerPatient());
    }

    @Case
    void an_outer_timeout_ends_the_wait_of_an_inner_retry() {
        Nested nested = new Nested();
        Expect.thrown(CallTimeoutException.class, nested::outerOfWait);
        Expect.equal(1, nested.innerAttempts.get());
        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
    }

    @Case
    void many_threads_time_out_each_on_its_own() throws Throwable {
        Workers.start(16, () -> {
                    for (int i = 0; i < 10; i++) {
                        Expect.thrown(CallTimeoutException.class, new Timeouts()::sleeps);
                        Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
                    }
                })
                .join();
    }

    static final class Stubborn {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        volatile boolean stop;

        @Recover(timeout = "30ms", maxConcurrent = 1)
        Object read() {
            inside.countDown();
            while (!stop) {
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.countDown();
                }
                Thread.onSpinWait();
            }
            return "late";
        }
    }

    @Case
    void a_body_that_ignores_interrupts_is_waited_for_and_holds_its_permit() throws Throwable {
        Stubborn stubborn = new Stubborn();
        Workers worker = Workers.start(1, () -> {
            Expect.thrown(CallTimeoutException.class, stubborn::read);
            Expect.that(!Thread.currentThread().isInterrupted(), "no flag is left behind");
        });
        stubborn.inside.await();
        Expect.thrown(ConcurrencyLimitException.class, stubborn::read);
        stubborn.interrupted.await();
        Expect.thrown(ConcurrencyLimitException.class, stubborn::read);
        stubborn.stop = true;
        worker.join();
        Expect.equal("late", stubborn.read());
    }
}
