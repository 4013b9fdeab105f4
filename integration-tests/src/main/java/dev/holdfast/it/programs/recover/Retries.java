package dev.holdfast.it.programs.recover;

import dev.holdfast.Backoff;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import dev.holdfast.it.programs.Workers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Attempts: how many, of what, and what reaches the caller. */
public final class Retries {

    private final IOException first = new IOException("first");
    private final IOException second = new IOException("second");
    private final IOException third = new IOException("third");

    @Recover(attempts = 3, delay = "0s")
    private static <T> T three(Upstream upstream) {
        return upstream.call();
    }

    @Case(bare = true)
    void success_is_one_execution() {
        Upstream upstream = new Upstream("price");
        Expect.equal("price", Retries.<String>three(upstream));
        Expect.equal(1, upstream.calls());
    }

    @Case
    void gives_the_first_result_that_works() {
        Upstream upstream = new Upstream(first, second, "price");
        Expect.equal("price", Retries.<String>three(upstream));
        Expect.equal(3, upstream.calls());
    }

    @Case
    void the_first_attempt_counts() {
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> three(upstream));
        Expect.equal(3, upstream.calls());
    }

    @Case
    void the_last_attempts_very_object_comes_out_with_the_earlier_ones_suppressed_on_it() {
        Upstream upstream = new Upstream(first, second, third);
        Expect.thrown(third, () -> three(upstream));
        Expect.equal(List.of(first, second), List.of(third.getSuppressed()));
        Expect.equal(0, first.getSuppressed().length);
        Expect.equal(null, third.getCause());
    }

    @Case
    void one_object_thrown_by_every_attempt_is_not_suppressed_on_itself() {
        Expect.thrown(first, () -> three(new Upstream(first)));
        Expect.equal(0, first.getSuppressed().length);
    }

    @Case
    void an_earlier_object_that_comes_again_is_not_suppressed_on_itself() {
        Expect.thrown(first, () -> three(new Upstream(first, second, first)));
        Expect.equal(List.of(second), List.of(first.getSuppressed()));
    }

    @Case
    void a_shared_exception_does_not_collect_suppressed_ones_for_ever() {
        for (int i = 0; i < 1_000; i++) {
            Expect.thrown(second, () -> three(new Upstream(first, first, second)));
        }
        Expect.that(
                second.getSuppressed().length <= 1,
                "one object is suppressed once, was " + second.getSuppressed().length);
    }

    @Case
    void an_exception_without_suppression_comes_out_all_the_same() {
        class Stackless extends RuntimeException {
            Stackless() {
                super("stackless", null, false, false);
            }
        }
        Stackless stackless = new Stackless();
        Expect.thrown(stackless, () -> three(new Upstream(first, second, stackless)));
    }

    @Case
    void an_earlier_failure_may_be_the_cause_of_the_last() {
        RuntimeException wrapped = new RuntimeException(first);
        Expect.thrown(wrapped, () -> three(new Upstream(first, second, wrapped)));
        Expect.same(first, wrapped.getCause());
    }

    @Case
    void checked_exceptions_come_out_unwrapped() throws Exception {
        class Declared {
            @Recover(attempts = 2, delay = "0s")
            String read() throws IOException {
                throw first;
            }
        }
        try {
            new Declared().read();
            throw new AssertionError("nothing was thrown");
        } catch (IOException e) {
            Expect.same(first, e);
        }
    }

    static final class Quietly {
        @Recover(maxConcurrent = 100)
        static <T> T once(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void no_retry_is_the_default() {
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> Quietly.once(upstream));
        Expect.equal(1, upstream.calls());
    }

    static final class Chosen {
        @Recover(on = IOException.class, attempts = 3, delay = "0s")
        static <T> T io(Upstream upstream) {
            return upstream.call();
        }

        @Recover(
                on = {IOException.class, IllegalStateException.class},
                attempts = 3,
                delay = "0s")
        static <T> T two(Upstream upstream) {
            return upstream.call();
        }

        @Recover(on = Throwable.class, attempts = 3, delay = "0s")
        static <T> T everything(Upstream upstream) {
            return upstream.call();
        }

        @Recover(on = IOException.class, except = FileNotFoundException.class, attempts = 3, delay = "0s")
        static <T> T exceptMissing(Upstream upstream) {
            return upstream.call();
        }

        @Recover(on = FileNotFoundException.class, except = IOException.class, attempts = 3, delay = "0s")
        static <T> T nothing(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void on_goes_by_assignability() {
        Expect.equal("x", Chosen.<String>io(new Upstream(new FileNotFoundException(), "x")));
        Upstream upstream = new Upstream(new IllegalStateException(), "x");
        Expect.thrown(IllegalStateException.class, () -> Chosen.io(upstream));
        Expect.equal(1, upstream.calls());
    }

    @Case
    void on_may_name_several() {
        Expect.equal("x", Chosen.<String>two(new Upstream(first, new IllegalStateException(), "x")));
        Expect.thrown(
                IllegalArgumentException.class, () -> Chosen.two(new Upstream(new IllegalArgumentException(), "x")));
    }

    @Case
    void errors_are_not_handled_by_default() {
        AssertionError error = new AssertionError("bug");
        Upstream upstream = new Upstream(error, "x");
        Expect.thrown(error, () -> three(upstream));
        Expect.equal(1, upstream.calls());
    }

    @Case
    void throwable_handles_errors() {
        Expect.equal(
                "x", Chosen.<String>everything(new Upstream(new AssertionError("bug"), new Throwable("bare"), "x")));
    }

    @Case
    void except_beats_on() {
        FileNotFoundException missing = new FileNotFoundException();
        Upstream upstream = new Upstream(missing, "x");
        Expect.thrown(missing, () -> Chosen.exceptMissing(upstream));
        Expect.equal(1, upstream.calls());
        Expect.equal("x", Chosen.<String>exceptMissing(new Upstream(first, "x")));
    }

    @Case
    void except_beats_on_where_it_names_the_supertype() {
        Upstream upstream = new Upstream(new FileNotFoundException(), "x");
        Expect.thrown(FileNotFoundException.class, () -> Chosen.nothing(upstream));
        Expect.equal(1, upstream.calls());
    }

    @Case
    void a_later_attempt_with_another_kind_of_failure_ends_the_call() {
        FileNotFoundException missing = new FileNotFoundException();
        Upstream upstream = new Upstream(first, missing, "x");
        Expect.thrown(missing, () -> Chosen.exceptMissing(upstream));
        Expect.equal(2, upstream.calls());
    }

    static final class Waits {
        @Recover(attempts = 4, delay = "20ms", backoff = Backoff.CONSTANT, jitter = 0)
        static <T> T constant(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 4, delay = "20ms", jitter = 0)
        static <T> T exponential(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 3, delay = "10ms", multiplier = 5, jitter = 0)
        static <T> T timesFive(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 5, delay = "10ms", backoff = Backoff.FIBONACCI, jitter = 0)
        static <T> T fibonacci(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 2)
        static <T> T byDefault(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 25, delay = "8ms", backoff = Backoff.CONSTANT, jitter = 1)
        static <T> T spread(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 25, delay = "8ms", backoff = Backoff.CONSTANT)
        static <T> T half(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 5, delay = "1h", maxDelay = "5ms", jitter = 1)
        static <T> T capped(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 200, delay = "1ns", multiplier = 1e9, maxDelay = "1us", jitter = 1)
        static <T> T huge(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 120, delay = "1ns", backoff = Backoff.FIBONACCI, maxDelay = "1us", jitter = 1)
        static <T> T hugeFibonacci(Upstream upstream) {
            return upstream.call();
        }
    }

    /** Of several runs the shortest of each wait, in milliseconds: what the machine's other work adds drops out. */
    private long[] shortest(java.util.function.Consumer<Upstream> call) {
        long[] shortest = null;
        for (int run = 0; run < 6; run++) {
            Upstream upstream = new Upstream(first);
            Expect.thrown(first, () -> call.accept(upstream));
            long[] gaps = upstream.gaps().stream().mapToLong(Long::longValue).toArray();
            if (shortest == null) {
                shortest = gaps;
            }
            for (int i = 0; i < gaps.length; i++) {
                shortest[i] = Math.min(shortest[i], gaps[i]);
            }
        }
        return java.util.Arrays.stream(shortest)
                .map(TimeUnit.NANOSECONDS::toMillis)
                .toArray();
    }

    @Case
    void constant_waits_stay() {
        long[] waits = shortest(Waits::constant);
        Expect.equal(3, waits.length);
        for (long wait : waits) {
            Expect.between(20, 35, wait);
        }
    }

    @Case
    void exponential_waits_double() {
        long[] waits = shortest(Waits::exponential);
        Expect.equal(3, waits.length);
        Expect.between(20, 35, waits[0]);
        Expect.between(40, 65, waits[1]);
        Expect.between(80, 120, waits[2]);
    }

    @Case
    void the_multiplier_is_the_factor() {
        long[] waits = shortest(Waits::timesFive);
        Expect.between(10, 25, waits[0]);
        Expect.between(50, 80, waits[1]);
    }

    @Case
    void fibonacci_waits_are_1_1_2_3() {
        long[] waits = shortest(Waits::fibonacci);
        Expect.between(10, 18, waits[0]);
        Expect.between(10, 18, waits[1]);
        Expect.between(20, 28, waits[2]);
        Expect.between(30, 45, waits[3]);
    }

    @Case
    void the_default_wait_is_100ms_give_or_take_half() {
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> Waits.byDefault(upstream));
        Expect.between(50, 10_000, TimeUnit.NANOSECONDS.toMillis(upstream.gaps().get(0)));
    }

    @Case
    void jitter_spreads_the_waits() {
        long[] waits = shortest(Waits::spread);
        long least = java.util.Arrays.stream(waits).min().getAsLong();
        Expect.between(0, 2, least);
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> Waits.spread(upstream));
        Expect.that(
                upstream.gaps().stream().anyMatch(gap -> gap > TimeUnit.MILLISECONDS.toNanos(9)),
                "some of " + upstream.gaps() + " are longer than the delay");
    }

    @Case
    void a_wait_is_never_shorter_than_jitter_allows() {
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> Waits.half(upstream));
        Expect.equal(24, upstream.gaps().size());
        for (long gap : upstream.gaps()) {
            Expect.that(gap >= TimeUnit.MILLISECONDS.toNanos(4), "at least 4 ms, was " + gap + " ns");
        }
    }

    @Case
    void max_delay_caps_each_wait_jitter_included() {
        long[] waits = shortest(Waits::capped);
        for (long wait : waits) {
            Expect.between(0, 5 + 4, wait);
        }
    }

    @Case
    void waits_that_would_overflow_are_capped_too() {
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> Waits.huge(upstream));
        Expect.equal(200, upstream.calls());
        Upstream other = new Upstream(first);
        Expect.thrown(first, () -> Waits.hugeFibonacci(other));
        Expect.equal(120, other.calls());
    }

    static final class Budgets {
        final Upstream inner = new Upstream(new IOException("inner"));
        int outerAttempts;

        @Recover(attempts = 1_000_000, delay = "10ms", backoff = Backoff.CONSTANT, jitter = 0, within = "100ms")
        static <T> T tight(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 2, delay = "1h", maxDelay = "1h", within = "1m")
        static <T> T hopeless(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 2, delay = "1h", maxDelay = "1h", jitter = 0, within = "1m")
        Object outer() {
            outerAttempts++;
            return innerCall();
        }

        @Recover(attempts = 10, delay = "1h", maxDelay = "1h", jitter = 0)
        Object innerCall() {
            return inner.call();
        }

        @Recover(attempts = 10, delay = "1h", maxDelay = "1h", jitter = 0, within = "2h")
        Object innerWithin() {
            return inner.call();
        }

        @Recover(attempts = 2, delay = "1h", maxDelay = "1h", jitter = 0, within = "1m")
        Object outerOfWithin() {
            outerAttempts++;
            return innerWithin();
        }

        @Recover(attempts = 2, delay = "5ms", jitter = 0)
        static <T> T afterwards(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 3, delay = "0s", within = "1ns")
        static <T> T spent(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void within_ends_the_retries() {
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> Budgets.tight(upstream));
        Expect.between(1, 10, upstream.calls());
    }

    @Case
    void a_wait_that_would_overrun_the_budget_is_not_begun() {
        Upstream upstream = new Upstream(first, "x");
        Expect.thrown(first, () -> Budgets.hopeless(upstream));
        Expect.equal(1, upstream.calls());
    }

    @Case
    void a_first_attempt_is_made_whatever_the_budget() {
        Upstream upstream = new Upstream(first);
        Expect.thrown(first, () -> Budgets.spent(upstream));
        Expect.that(upstream.calls() >= 1, "the body was tried");
    }

    @Case
    void an_inner_retry_has_what_is_left_of_the_outer_budget() {
        Budgets budgets = new Budgets();
        Expect.thrown(IOException.class, budgets::outer);
        Expect.equal(1, budgets.outerAttempts);
        Expect.equal(1, budgets.inner.calls());
    }

    @Case
    void an_inner_budget_never_exceeds_the_outer() {
        Budgets budgets = new Budgets();
        Expect.thrown(IOException.class, budgets::outerOfWithin);
        Expect.equal(1, budgets.outerAttempts);
        Expect.equal(1, budgets.inner.calls());
    }

    @Case
    void a_budget_ends_with_its_call() {
        Budgets budgets = new Budgets();
        Expect.thrown(IOException.class, budgets::outer);
        Expect.thrown(IOException.class, () -> Budgets.tight(new Upstream(first)));
        Upstream upstream = new Upstream(first, "x");
        Expect.equal("x", Budgets.<String>afterwards(upstream));
    }

    static final class Interrupted {
        static volatile boolean fallbackCalled;

        @Recover(on = Throwable.class, attempts = 3, delay = "0s", fallback = "instead")
        static Object body(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 2, delay = "1h", maxDelay = "1h")
        static Object waiting(Upstream upstream) {
            return upstream.call();
        }

        static Object instead(Upstream upstream) {
            fallbackCalled = true;
            return "fallback";
        }
    }

    @Case
    void an_interrupted_exception_is_neither_retried_nor_recovered() {
        InterruptedException interrupted = new InterruptedException();
        Upstream upstream = new Upstream(interrupted, "x");
        Expect.thrown(interrupted, () -> Interrupted.body(upstream));
        Expect.equal(1, upstream.calls());
        Expect.that(!Interrupted.fallbackCalled, "the fallback was not called");
    }

    @Case
    void an_interrupted_wait_ends_the_call_with_the_last_failure_and_the_flag() throws Throwable {
        Upstream upstream = new Upstream(first, "x");
        Workers worker = Workers.start(1, () -> {
            Expect.thrown(first, () -> Interrupted.waiting(upstream));
            Expect.that(Thread.interrupted(), "the flag is set");
        });
        Expect.eventually(() -> upstream.calls() == 1);
        worker.interrupt();
        worker.join();
        Expect.equal(1, upstream.calls());
    }

    @Case
    void a_thread_that_is_interrupted_before_the_wait_does_not_wait() {
        Upstream upstream = new Upstream(first, "x");
        Thread.currentThread().interrupt();
        Expect.thrown(first, () -> Interrupted.waiting(upstream));
        Expect.that(Thread.interrupted(), "the flag is still set");
    }

    @Case
    void an_interrupted_thread_may_call_and_keeps_its_flag() {
        Thread.currentThread().interrupt();
        Expect.equal("x", Retries.<String>three(new Upstream("x")));
        Expect.that(Thread.interrupted(), "the flag is still set");
    }

    static final class Guarded {
        @Recover(attempts = 2, delay = "1h", maxDelay = "1h")
        synchronized Object body(Upstream upstream) {
            Expect.that(Thread.holdsLock(this), "the body holds the monitor");
            return upstream.call();
        }

        @Recover(attempts = 2, delay = "1h", maxDelay = "1h")
        static synchronized Object statics(Upstream upstream) {
            Expect.that(Thread.holdsLock(Guarded.class), "the body holds the monitor of its class");
            return upstream.call();
        }
    }

    @Case
    void a_synchronized_method_does_not_hold_its_monitor_while_it_waits() throws Throwable {
        Guarded guarded = new Guarded();
        waitsWithout(guarded, guarded::body);
    }

    @Case
    void a_static_synchronized_method_does_not_hold_its_monitor_while_it_waits() throws Throwable {
        waitsWithout(Guarded.class, Guarded::statics);
    }

    private void waitsWithout(Object monitor, java.util.function.Consumer<Upstream> call) throws Throwable {
        Upstream upstream = new Upstream(first, "x");
        Workers worker = Workers.start(1, () -> {
            Expect.thrown(first, () -> call.accept(upstream));
            Expect.that(Thread.interrupted(), "the flag is set");
        });
        Expect.eventually(() -> upstream.calls() == 1);
        AtomicBoolean entered = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        Workers.start(1, () -> {
            synchronized (monitor) {
                entered.set(true);
                done.countDown();
            }
        });
        Expect.that(done.await(20, TimeUnit.SECONDS) && entered.get(), "the monitor is free while the call waits");
        worker.interrupt();
        worker.join();
    }

    static final class Recursive {
        int executions;

        @Recover(attempts = 2, delay = "0s")
        int down(int depth) throws IOException {
            executions++;
            if (depth == 0) {
                throw new IOException("bottom");
            }
            return down(depth - 1);
        }
    }

    @Case
    void each_level_of_a_recursion_is_a_call_of_its_own() {
        Recursive recursive = new Recursive();
        Expect.thrown(IOException.class, () -> recursive.down(3));
        // Every call is two executions, and every execution is a call of the next level.
        Expect.equal(2 + 4 + 8 + 16, recursive.executions);
    }
}
