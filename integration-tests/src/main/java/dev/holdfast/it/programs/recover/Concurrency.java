package dev.holdfast.it.programs.recover;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.ConcurrencyLimitException;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Action;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import dev.holdfast.it.programs.Workers;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The limit on attempts under way, with every permit counted. */
public final class Concurrency {

    static final class One {
        @Recover(maxConcurrent = 1)
        static <T> T at(Action before, Upstream upstream) throws Throwable {
            before.run();
            return upstream.call();
        }
    }

    /** Holds a permit on another thread while something runs. */
    private static void whileHeld(Action inside) throws Throwable {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Workers holder = Workers.start(
                1,
                () -> One.at(
                        () -> {
                            entered.countDown();
                            leave.await();
                        },
                        new Upstream("x")));
        try {
            entered.await();
            inside.run();
        } finally {
            leave.countDown();
            holder.join();
        }
    }

    @Case
    void one_more_is_rejected() throws Throwable {
        whileHeld(() -> {
            Upstream upstream = new Upstream("x");
            ConcurrencyLimitException rejected =
                    Expect.thrown(ConcurrencyLimitException.class, () -> One.at(() -> {}, upstream));
            Expect.equal(0, upstream.calls());
            Expect.contains(
                    "dev.holdfast.it.programs.recover.Concurrency$One.at(",
                    rejected.getMessage().replace("Concurrency.One", "Concurrency$One"));
            Expect.contains("maxConcurrent", rejected.getMessage());
            Expect.contains("1", rejected.getMessage());
        });
    }

    @Case
    void a_permit_comes_back_however_the_attempt_ends() throws Throwable {
        for (Object outcome : new Object[] {
            "x",
            new IOException(),
            new IllegalStateException(),
            new AssertionError(),
            new Throwable("bare"),
            new StackOverflowError("test"),
            new OutOfMemoryError("test"),
            new InterruptedException(),
            new LinkageError("test")
        }) {
            Upstream upstream = new Upstream(outcome);
            Expect.same(
                    outcome instanceof Throwable ? outcome : null, Expect.outcome(() -> One.at(() -> {}, upstream)));
            Expect.equal(1, upstream.calls());
            // On another thread, so that it cannot pass as a recursion.
            Workers.start(1, () -> Expect.equal("x", One.<String>at(() -> {}, new Upstream("x"))))
                    .join();
        }
    }

    static final class Recursive {
        @Recover(maxConcurrent = 1)
        static int down(int depth) {
            return depth == 0 ? 0 : down(depth - 1) + 1;
        }

        @Recover(maxConcurrent = 1)
        static int failing(int depth) throws IOException {
            if (depth == 0) {
                throw new IOException("bottom");
            }
            return failing(depth - 1);
        }

        @Recover(maxConcurrent = 1)
        static int ping(int depth) {
            return depth == 0 ? 0 : pong(depth - 1) + 1;
        }

        @Recover(maxConcurrent = 1)
        static int pong(int depth) {
            return depth == 0 ? 0 : ping(depth - 1) + 1;
        }
    }

    @Case(bare = true)
    void a_recursion_passes() throws Throwable {
        Expect.equal(20, Recursive.down(20));
        Workers.start(1, () -> Expect.equal(20, Recursive.down(20))).join();
    }

    @Case(bare = true)
    void a_recursion_that_fails_gives_back_the_one_permit() throws Throwable {
        Expect.thrown(IOException.class, () -> Recursive.failing(5));
        Workers.start(1, () -> Expect.thrown(IOException.class, () -> Recursive.failing(5)))
                .join();
    }

    @Case(bare = true)
    void methods_that_call_each_other_pass() {
        Expect.equal(20, Recursive.ping(20));
    }

    static final class Retrying {
        @Recover(maxConcurrent = 1, attempts = 2, delay = "1h", maxDelay = "1h", on = IOException.class)
        static <T> T waits(Upstream upstream) {
            return upstream.call();
        }

        @Recover(maxConcurrent = 1, attempts = 3, delay = "0s")
        static Object atOnce(Action body) throws Throwable {
            body.run();
            return "x";
        }
    }

    @Case
    void no_permit_is_held_between_attempts() throws Throwable {
        IOException failure = new IOException();
        Upstream upstream = new Upstream(failure);
        Workers waiting = Workers.start(1, () -> {
            Expect.thrown(failure, () -> Retrying.waits(upstream));
            Expect.that(Thread.interrupted(), "the flag is set");
        });
        Expect.eventually(() -> upstream.calls() == 1);
        // The other thread is about to leave its first attempt or has left it; from then on there is a permit for
        // everybody.
        Expect.eventually(() -> Expect.outcome(() -> Retrying.waits(new Upstream("x"))) == null);
        Expect.equal("x", Retrying.<String>waits(new Upstream("x")));
        waiting.interrupt();
        waiting.join();
    }

    @Case
    void a_rejection_is_an_attempt() throws Throwable {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Workers holder = Workers.start(
                1,
                () -> Retrying.atOnce(() -> {
                    entered.countDown();
                    leave.await();
                }));
        entered.await();
        ConcurrencyLimitException last =
                Expect.thrown(ConcurrencyLimitException.class, () -> Retrying.atOnce(() -> {}));
        Expect.equal(2, last.getSuppressed().length);
        leave.countDown();
        holder.join();
    }

    static final class Counted {
        static final int LIMIT = 4;
        static final AtomicInteger inside = new AtomicInteger();
        static final AtomicInteger most = new AtomicInteger();

        @Recover(on = Throwable.class, maxConcurrent = LIMIT)
        static int plain(int i) throws Exception {
            return body(i);
        }

        @Recover(
                on = Throwable.class,
                except = IllegalArgumentException.class,
                maxConcurrent = LIMIT,
                timeout = "1h",
                attempts = 2,
                delay = "0s",
                breaker = @CircuitBreaker(failureRate = 100, window = 1_000_000, minCalls = 1_000_000),
                fallback = "instead")
        static int whole(int i) throws Exception {
            return body(i);
        }

        static int instead(int i, IOException failure) {
            return -1;
        }

        private static int body(int i) throws Exception {
            int now = inside.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            try {
                if (i % 3 == 0) {
                    Thread.yield();
                }
                switch (i % 5) {
                    case 0:
                        throw new IOException("planned");
                    case 1:
                        throw new IllegalArgumentException("planned");
                    case 2:
                        throw new StackOverflowError("planned");
                    default:
                        return i;
                }
            } finally {
                inside.decrementAndGet();
            }
        }
    }

    interface IntMethod {
        int call(int i) throws Exception;
    }

    private static void countExactly(IntMethod method) throws Throwable {
        Counted.most.set(0);
        LongAdder done = new LongAdder();
        LongAdder rejected = new LongAdder();
        int each = 5_000;
        Workers.start(16, () -> {
                    for (int i = 0; i < each; i++) {
                        int n = i;
                        Throwable outcome = Expect.outcome(() -> method.call(n));
                        if (outcome instanceof ConcurrencyLimitException) {
                            rejected.increment();
                        } else if (outcome instanceof AssertionError) {
                            throw outcome;
                        } else {
                            done.increment();
                        }
                    }
                })
                .join();
        Expect.equal(16L * each, done.sum() + rejected.sum());
        Expect.between(1, Counted.LIMIT, Counted.most.get());
        // Everything is back: exactly as many as the limit may be inside again.
        CountDownLatch inside = new CountDownLatch(Counted.LIMIT);
        CountDownLatch leave = new CountDownLatch(1);
        Workers holders = Workers.start(
                Counted.LIMIT,
                () -> Held.at(() -> {
                    inside.countDown();
                    leave.await();
                }));
        inside.await();
        Expect.thrown(ConcurrencyLimitException.class, () -> Held.at(() -> {}));
        leave.countDown();
        holders.join();
        // And of the method itself: as many threads as the limit, in lockstep, with not one rejection.
        java.util.concurrent.CyclicBarrier together = new java.util.concurrent.CyclicBarrier(Counted.LIMIT);
        Workers.start(Counted.LIMIT, () -> {
                    for (int i = 0; i < 200; i++) {
                        together.await();
                        Expect.equal(3, method.call(3));
                    }
                })
                .join();
    }

    static final class Held {
        @Recover(maxConcurrent = Counted.LIMIT)
        static void at(Action body) throws Throwable {
            body.run();
        }
    }

    @Case
    void sixteen_threads_never_exceed_the_limit_and_lose_no_permit() throws Throwable {
        countExactly(Counted::plain);
    }

    @Case
    void sixteen_threads_lose_no_permit_through_all_layers() throws Throwable {
        countExactly(Counted::whole);
    }

    @Case
    void the_limit_is_the_methods_not_the_receivers() throws Throwable {
        class Instance {
            @Recover(maxConcurrent = 1)
            void at(Action body) throws Throwable {
                body.run();
            }
        }
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Workers holder = Workers.start(1, () -> new Instance().at(() -> {
            entered.countDown();
            leave.await();
        }));
        entered.await();
        Expect.thrown(ConcurrencyLimitException.class, () -> new Instance().at(() -> {}));
        leave.countDown();
        holder.join();
    }
}
