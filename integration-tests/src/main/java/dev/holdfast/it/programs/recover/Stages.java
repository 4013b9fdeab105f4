package dev.holdfast.it.programs.recover;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CallTimeoutException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.ConcurrencyLimitException;
import dev.holdfast.Failure;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;
import dev.holdfast.it.programs.Action;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Methods that return a stage: a call lasts until its completion. */
public final class Stages {

    private final IOException failure = new IOException("down");

    /** What an upstream gives, later and on another thread. */
    private static CompletableFuture<String> later(Upstream upstream) {
        return CompletableFuture.supplyAsync(upstream::<String>call);
    }

    @Recover(attempts = 3, delay = "10ms")
    CompletableFuture<String> retries(Upstream upstream) {
        return later(upstream);
    }

    @Recover(attempts = 3, delay = "10ms")
    CompletionStage<String> throwsAtOnce(Upstream upstream) {
        return CompletableFuture.completedFuture(upstream.call());
    }

    @Recover(attempts = 3, delay = "10ms")
    Future<String> onlyInvoked(Upstream upstream) {
        return later(upstream);
    }

    @Recover(attempts = 3, delay = "0s", fallback = "instead")
    static synchronized CompletableFuture<Long> wide(long a, double b, Upstream upstream) {
        return CompletableFuture.supplyAsync(upstream::<Long>call);
    }

    static CompletableFuture<Long> instead(long a, double b, Upstream upstream, Exception failure) {
        return CompletableFuture.completedFuture(a + (long) b);
    }

    @Recover(timeout = "50ms")
    CompletableFuture<String> timesOut(CompletableFuture<String> never) {
        return never;
    }

    @Recover(timeout = "50ms", attempts = 2, delay = "0s")
    CompletableFuture<String> blocks(AtomicInteger interrupted) {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException timedOut) {
            interrupted.incrementAndGet();
        }
        return CompletableFuture.completedFuture("too late");
    }

    @Recover(maxConcurrent = 1)
    CompletableFuture<String> alone(CompletableFuture<String> until) {
        return until;
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    CompletableFuture<String> breaks(Upstream upstream) {
        return later(upstream);
    }

    @Recover(handler = Gives.class)
    CompletableFuture<String> handled(Upstream upstream) {
        return later(upstream);
    }

    public static final class Gives implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) {
            return failure.attempts() + " " + failure.cause().getMessage();
        }
    }

    @Recover(attempts = 2, delay = "1s", jitter = 0)
    CompletableFuture<String> many(AtomicInteger tries) {
        return tries.incrementAndGet() == 1
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture("good");
    }

    private static final int MANY = 10_000;

    @Recover(attempts = 100, delay = "20ms", backoff = dev.holdfast.Backoff.CONSTANT)
    CompletableFuture<String> forEver(Upstream upstream) {
        return later(upstream);
    }

    @Case
    void a_stage_that_fails_is_retried() throws Exception {
        Upstream upstream = new Upstream(failure, failure, "good");
        Expect.equal("good", retries(upstream).get());
        Expect.equal(3, upstream.calls());
    }

    @Case(bare = true)
    void the_last_failure_is_the_cause_that_the_caller_sees() {
        Expect.same(failure, causeOf(() -> retries(new Upstream(failure)).get()));
    }

    @Case
    void a_body_that_throws_at_once_fails_its_stage() throws Exception {
        Upstream upstream = new Upstream(failure, "good");
        Expect.equal("good", throwsAtOnce(upstream).toCompletableFuture().get());
        CompletionStage<String> failed = throwsAtOnce(new Upstream(failure));
        Expect.same(failure, causeOf(() -> failed.toCompletableFuture().get()));
    }

    @Case
    void of_a_future_the_invocation_counts_alone() {
        Upstream upstream = new Upstream(failure, "good");
        Expect.same(failure, causeOf(() -> onlyInvoked(upstream).get()));
        Expect.equal(1, upstream.calls());
    }

    @Case
    void a_fallback_gives_another_stage() throws Exception {
        Expect.equal(42L, wide(40, 2.5, new Upstream(failure)).get());
        Expect.equal(7L, wide(40, 2.5, new Upstream(failure, 7L)).get());
    }

    @Case
    void a_handler_gives_what_it_completes_with() throws Exception {
        Expect.equal("1 down", handled(new Upstream(failure)).get());
    }

    @Case
    void a_stage_that_takes_too_long_times_out_and_is_cancelled() {
        CompletableFuture<String> never = new CompletableFuture<>();
        Throwable cause = causeOf(() -> timesOut(never).get());
        Expect.that(cause instanceof CallTimeoutException, "it timed out, was " + cause);
        Expect.that(never.isCancelled(), "the stage is cancelled");
    }

    @Case
    void a_body_that_blocks_is_interrupted() {
        AtomicInteger interrupted = new AtomicInteger();
        Throwable cause = causeOf(() -> blocks(interrupted).get());
        Expect.that(cause instanceof CallTimeoutException, "it timed out, was " + cause);
        Expect.equal(2, interrupted.get());
        Expect.that(!Thread.interrupted(), "no interrupt is left");
    }

    @Case
    void a_permit_is_held_until_completion() throws Exception {
        CompletableFuture<String> until = new CompletableFuture<>();
        CompletableFuture<String> first = alone(until);
        Throwable cause = causeOf(() -> alone(new CompletableFuture<>()).get());
        Expect.that(cause instanceof ConcurrencyLimitException, "it is rejected inside the future, was " + cause);
        until.complete("done");
        Expect.equal("done", first.get());
        Expect.equal("next", alone(CompletableFuture.completedFuture("next")).get());
    }

    @Case
    void an_open_breaker_rejects_inside_the_future() {
        for (int i = 0; i < 2; i++) {
            Expect.same(failure, causeOf(() -> breaks(new Upstream(failure)).get()));
        }
        Upstream upstream = new Upstream("good");
        Throwable cause = causeOf(() -> breaks(upstream).get());
        Expect.that(cause instanceof BreakerOpenException, "the breaker is open, was " + cause);
        Expect.equal(0, upstream.calls());
    }

    @Case
    void cancelling_stops_later_attempts() throws Exception {
        Upstream upstream = new Upstream(failure);
        CompletableFuture<String> call = forEver(upstream);
        Expect.eventually(() -> upstream.calls() >= 3);
        call.cancel(true);
        Expect.that(call.isCancelled(), "it is cancelled");
        Thread.sleep(50);
        int calls = upstream.calls();
        Thread.sleep(200);
        Expect.equal(calls, upstream.calls());
    }

    @Case
    void thousands_wait_at_once_on_a_handful_of_threads() throws Exception {
        int before = Thread.activeCount();
        long begun = System.nanoTime();
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            calls.add(many(new AtomicInteger()));
        }
        int waiting = Thread.activeCount();
        for (CompletableFuture<String> call : calls) {
            Expect.equal("good", call.get());
        }
        Expect.between(900_000_000L, 30_000_000_000L, System.nanoTime() - begun);
        Expect.that(waiting <= before + 8, "a handful of threads, was " + before + " and then " + waiting);
        Expect.that(
                Thread.activeCount() <= before + 8,
                "a handful of threads, was " + before + " and then " + Thread.activeCount());
    }

    @Case(bare = true)
    void joins_as_any_future_does() {
        Throwable thrown = Expect.outcome(() -> retries(new Upstream(failure)).join());
        Expect.that(thrown instanceof CompletionException, "join wraps, was " + thrown);
        Expect.same(failure, thrown.getCause());
    }

    @Recover(maxConcurrent = 1)
    CompletableFuture<String> downTo(int depth) {
        return depth == 0 ? CompletableFuture.completedFuture("bottom") : downTo(depth - 1);
    }

    @Case
    void recursion_passes_under_the_permit_of_its_thread() throws Exception {
        Expect.equal("bottom", downTo(3).get());
        CompletableFuture<String> until = new CompletableFuture<>();
        CompletableFuture<String> first = alone(until);
        Expect.equal(
                ConcurrencyLimitException.class,
                causeOf(() -> alone(new CompletableFuture<>()).get()).getClass());
        until.complete("done");
        Expect.equal("done", first.get());
    }

    interface Body {
        String run();
    }

    @Recover(maxConcurrent = 2, attempts = 2, delay = "0s", timeout = "1h", breaker = @CircuitBreaker(openFor = "1ms"))
    CompletableFuture<String> guarded(Body body) {
        return CompletableFuture.completedFuture(body.run());
    }

    private static void down(int frames, Runnable then) {
        if (frames > 0) {
            down(frames - 1, then);
        } else {
            then.run();
        }
    }

    private static int deepest() {
        int fits = 0;
        int overflows = 1_000_000;
        while (fits + 1 < overflows) {
            int middle = (fits + overflows) / 2;
            try {
                down(middle, () -> {});
                fits = middle;
            } catch (StackOverflowError tooDeep) {
                overflows = middle;
            }
        }
        return fits;
    }

    /** Wherever the stack ends, the call either begins not at all or comes to its end. */
    @Case
    void a_stack_overflow_leaves_no_call_open() throws Exception {
        Expect.equal("warm", guarded(() -> "warm").get());
        List<CompletableFuture<String>> begun = new ArrayList<>();
        AtomicInteger overflows = new AtomicInteger();
        Thread thread = new Thread(
                null,
                () -> {
                    // Once the way down is compiled its frames are smaller, and what was the end before is none.
                    for (int tries = 0; tries < 5 && overflows.get() == 0; tries++) {
                        int deepest = deepest();
                        for (int above = 0; above < 1_000; above++) {
                            try {
                                down(deepest - above, () -> begun.add(guarded(() -> "deep")));
                            } catch (StackOverflowError atOnce) {
                                overflows.incrementAndGet();
                            }
                        }
                    }
                },
                "deep",
                400_000);
        thread.start();
        thread.join();
        Expect.that(overflows.get() > 0, "the stack ended");
        for (CompletableFuture<String> call : begun) {
            Throwable thrown = Expect.outcome(() -> call.get(10, TimeUnit.SECONDS));
            Expect.that(
                    thrown == null || thrown instanceof ExecutionException, "it came to its end, and not " + thrown);
        }
        CompletableFuture<String> free = guarded(() -> "free");
        Expect.equal("free", free.get());
    }

    private static Throwable causeOf(Action action) {
        Throwable thrown = Expect.outcome(action);
        Expect.that(thrown instanceof ExecutionException, "get wraps, was " + thrown);
        return thrown.getCause();
    }
}
