package dev.holdfast.it.programs.recover;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Action;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import dev.holdfast.it.programs.Workers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/** Circuit breakers in all their states. Each case has methods of its own, for the state is the method's. */
public final class Breakers {

    private final IOException failure = new IOException("down");

    private void fails(Action call) {
        Expect.thrown(failure, call);
    }

    private static BreakerOpenException rejected(Action call) {
        return Expect.thrown(BreakerOpenException.class, call);
    }

    static final class Opens {
        @Recover(breaker = @CircuitBreaker(window = 4, minCalls = 4, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void opens_at_the_failure_rate() {
        Expect.equal("x", Opens.call(new Upstream("x")));
        Expect.equal("x", Opens.call(new Upstream("x")));
        fails(() -> Opens.call(new Upstream(failure)));
        fails(() -> Opens.call(new Upstream(failure)));
        Upstream untouched = new Upstream("x");
        BreakerOpenException open = rejected(() -> Opens.call(untouched));
        Expect.equal(0, untouched.calls());
        Duration left = open.retryAfter().orElseThrow();
        Expect.that(
                left.compareTo(Duration.ofMinutes(59)) > 0 && left.compareTo(Duration.ofHours(1)) <= 0,
                "about an hour is left, was " + left);
        Expect.contains("Breakers", open.getMessage());
        Expect.contains("Opens.call(", open.getMessage().replace('$', '.'));
    }

    static final class MinCalls {
        @Recover(breaker = @CircuitBreaker(window = 10, minCalls = 4, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void rates_mean_nothing_before_the_least_number_of_calls() {
        for (int i = 0; i < 4; i++) {
            fails(() -> MinCalls.call(new Upstream(failure)));
        }
        rejected(() -> MinCalls.call(new Upstream("x")));
    }

    static final class ByDefault {
        @Recover(breaker = @CircuitBreaker)
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void by_default_half_of_twenty_open_it() {
        for (int i = 0; i < 10; i++) {
            Expect.equal("x", ByDefault.call(new Upstream("x")));
        }
        for (int i = 0; i < 10; i++) {
            fails(() -> ByDefault.call(new Upstream(failure)));
        }
        BreakerOpenException open = rejected(() -> ByDefault.call(new Upstream("x")));
        Expect.that(open.retryAfter().orElseThrow().compareTo(Duration.ofSeconds(10)) <= 0, "at most ten seconds");
    }

    static final class SmallWindow {
        @Recover(breaker = @CircuitBreaker(window = 3, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void a_window_below_the_default_least_number_counts() {
        for (int i = 0; i < 3; i++) {
            fails(() -> SmallWindow.call(new Upstream(failure)));
        }
        rejected(() -> SmallWindow.call(new Upstream("x")));
    }

    static final class Sliding {
        @Recover(breaker = @CircuitBreaker(window = 4, minCalls = 4, failureRate = 75, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void only_the_last_calls_count() {
        fails(() -> Sliding.call(new Upstream(failure)));
        fails(() -> Sliding.call(new Upstream(failure)));
        for (int i = 0; i < 3; i++) {
            Expect.equal("x", Sliding.call(new Upstream("x")));
        }
        fails(() -> Sliding.call(new Upstream(failure)));
        fails(() -> Sliding.call(new Upstream(failure)));
        // The last four: good, bad, bad and now one more.
        fails(() -> Sliding.call(new Upstream(failure)));
        rejected(() -> Sliding.call(new Upstream("x")));
    }

    static final class Timed {
        @Recover(breaker = @CircuitBreaker(windowTime = "1h", minCalls = 3, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void a_window_may_be_a_time() {
        for (int i = 0; i < 3; i++) {
            fails(() -> Timed.call(new Upstream(failure)));
        }
        rejected(() -> Timed.call(new Upstream("x")));
    }

    static final class Forgets {
        @Recover(breaker = @CircuitBreaker(windowTime = "40ms", minCalls = 2, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void a_time_window_forgets() {
        fails(() -> Forgets.call(new Upstream(failure)));
        long later = System.nanoTime() + 200_000_000;
        Expect.eventually(() -> System.nanoTime() - later > 0);
        fails(() -> Forgets.call(new Upstream(failure)));
        Expect.equal("x", Forgets.call(new Upstream("x")));
    }

    static final class Slow {
        @Recover(breaker = @CircuitBreaker(slowerThan = "2ms", slowRate = 50, window = 4, minCalls = 4, openFor = "1h"))
        static Object call(boolean slowly) {
            long end = System.nanoTime() + 4_000_000;
            while (slowly && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return "x";
        }
    }

    @Case
    void slow_successes_open_it_too() {
        for (int i = 0; i < 4; i++) {
            Expect.equal("x", Slow.call(true));
        }
        rejected(() -> Slow.call(false));
    }

    static final class Ignoring {
        @Recover(
                on = IOException.class,
                except = FileNotFoundException.class,
                breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void what_except_names_or_on_does_not_counts_as_a_success() {
        for (int i = 0; i < 5; i++) {
            Expect.thrown(FileNotFoundException.class, () -> Ignoring.call(new Upstream(new FileNotFoundException())));
            Expect.thrown(IllegalStateException.class, () -> Ignoring.call(new Upstream(new IllegalStateException())));
            Expect.thrown(AssertionError.class, () -> Ignoring.call(new Upstream(new AssertionError())));
        }
        Expect.equal("x", Ignoring.call(new Upstream("x")));
    }

    static final class Errors {
        @Recover(on = IOException.class, breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void errors_that_are_never_recovered_count_as_failures() {
        Expect.thrown(OutOfMemoryError.class, () -> Errors.call(new Upstream(new OutOfMemoryError("test"))));
        Expect.thrown(LinkageError.class, () -> Errors.call(new Upstream(new LinkageError("test"))));
        rejected(() -> Errors.call(new Upstream("x")));
    }

    static final class HalfOpen {
        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "200ms", probes = 2))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    /** Calls until it is let through, and gives what that attempt ended with. */
    private static Throwable untilLetThrough(Action call) {
        Throwable[] outcome = new Throwable[1];
        Expect.eventually(() -> {
            outcome[0] = Expect.outcome(call);
            return !(outcome[0] instanceof BreakerOpenException);
        });
        return outcome[0];
    }

    @Case
    void half_open_it_closes_when_all_probes_pass() {
        fails(() -> HalfOpen.call(new Upstream(failure)));
        fails(() -> HalfOpen.call(new Upstream(failure)));
        rejected(() -> HalfOpen.call(new Upstream("x")));
        Expect.equal(null, untilLetThrough(() -> HalfOpen.call(new Upstream("x"))));
        Expect.equal("x", HalfOpen.call(new Upstream("x")));
        // Closed with an empty window: one failure is not yet enough.
        fails(() -> HalfOpen.call(new Upstream(failure)));
        Expect.equal("x", HalfOpen.call(new Upstream("x")));
    }

    static final class Reopens {
        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "200ms", probes = 3))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void half_open_one_failed_probe_opens_it_again() {
        fails(() -> Reopens.call(new Upstream(failure)));
        fails(() -> Reopens.call(new Upstream(failure)));
        Expect.equal(null, untilLetThrough(() -> Reopens.call(new Upstream("x"))));
        fails(() -> Reopens.call(new Upstream(failure)));
        rejected(() -> Reopens.call(new Upstream("x")));
        for (Throwable severe : List.of(new StackOverflowError("test"), new LinkageError("test"))) {
            Expect.same(severe, untilLetThrough(() -> Reopens.call(new Upstream(severe))));
            rejected(() -> Reopens.call(new Upstream("x")));
        }
        Expect.equal(null, untilLetThrough(() -> Reopens.call(new Upstream("x"))));
        Expect.equal("x", Reopens.call(new Upstream("x")));
        Expect.equal("x", Reopens.call(new Upstream("x")));
    }

    static final class IgnoringProbes {
        @Recover(
                except = IllegalStateException.class,
                breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "200ms", probes = 2))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void half_open_an_ignored_failure_gives_its_probe_back_as_passed() {
        fails(() -> IgnoringProbes.call(new Upstream(failure)));
        fails(() -> IgnoringProbes.call(new Upstream(failure)));
        IllegalStateException ignored = new IllegalStateException();
        Expect.same(ignored, untilLetThrough(() -> IgnoringProbes.call(new Upstream(ignored))));
        Expect.thrown(ignored, () -> IgnoringProbes.call(new Upstream(ignored)));
        for (int i = 0; i < 5; i++) {
            Expect.equal("x", IgnoringProbes.call(new Upstream("x")));
        }
    }

    /** Open for longer than sixteen threads take to come on a busy machine: probes that are under way for as long give way to others. */
    static final class Crowd {
        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "300ms", probes = 3))
        static Object call(Action body) throws Throwable {
            body.run();
            return "x";
        }
    }

    @Case
    void half_open_sixteen_threads_get_exactly_the_probes_in() throws Throwable {
        for (int round = 0; round < 5; round++) {
            int failures = 0;
            while (!(Expect.outcome(() -> Crowd.call(() -> {
                        throw failure;
                    }))
                    instanceof BreakerOpenException)) {
                Expect.that(failures++ < 10, "it opens");
            }
            long later = System.nanoTime() + 350_000_000;
            Expect.eventually(() -> System.nanoTime() - later > 0);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger outside = new AtomicInteger();
            CountDownLatch leave = new CountDownLatch(1);
            CyclicBarrier together = new CyclicBarrier(16);
            Workers crowd = Workers.start(16, () -> {
                together.await();
                Throwable outcome = Expect.outcome(() -> Crowd.call(() -> {
                    inside.incrementAndGet();
                    leave.await();
                }));
                if (outcome instanceof BreakerOpenException) {
                    outside.incrementAndGet();
                } else if (outcome != null) {
                    throw outcome;
                }
            });
            Expect.eventually(() -> inside.get() + outside.get() == 16);
            Expect.equal(3, inside.get());
            leave.countDown();
            crowd.join();
            Expect.equal("x", Crowd.call(() -> {}));
        }
    }

    static final class SharedOne {
        @Recover(breaker = @CircuitBreaker(name = "shared", window = 2, minCalls = 2, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    static final class SharedOther {
        @Recover(breaker = @CircuitBreaker(name = "shared", window = 2, minCalls = 2, openFor = "1h"))
        Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void methods_that_name_one_breaker_share_it() {
        fails(() -> SharedOne.call(new Upstream(failure)));
        fails(() -> new SharedOther().call(new Upstream(failure)));
        rejected(() -> SharedOne.call(new Upstream("x")));
        rejected(() -> new SharedOther().call(new Upstream("x")));
    }

    static final class Apart {
        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        Object one(Upstream upstream) {
            return upstream.call();
        }

        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        Object two(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void without_a_name_it_is_the_methods_own_whatever_the_receiver() {
        fails(() -> new Apart().one(new Upstream(failure)));
        fails(() -> new Apart().one(new Upstream(failure)));
        rejected(() -> new Apart().one(new Upstream("x")));
        Expect.equal("x", new Apart().two(new Upstream("x")));
    }

    static final class Retried {
        @Recover(
                attempts = 5,
                delay = "0s",
                fallback = "instead",
                breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        static Object recovered(Upstream upstream) {
            return upstream.call();
        }

        static Object instead(Upstream upstream, BreakerOpenException open) {
            return "open";
        }

        static Object instead(Upstream upstream, Exception failure) {
            return "failed";
        }

        @Recover(attempts = 5, delay = "0s", breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        static Object thrown(Upstream upstream) {
            return upstream.call();
        }

        @Recover(
                attempts = 5,
                delay = "0s",
                except = BreakerOpenException.class,
                breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        static Object stopped(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void each_attempt_asks_it() {
        Upstream upstream = new Upstream(failure);
        Expect.equal("open", Retried.recovered(upstream));
        Expect.equal(2, upstream.calls());
    }

    @Case
    void a_rejection_of_the_last_attempt_comes_out_with_what_came_before() {
        Upstream upstream = new Upstream(failure);
        BreakerOpenException open = rejected(() -> Retried.thrown(upstream));
        Expect.equal(2, upstream.calls());
        Expect.that(List.of(open.getSuppressed()).contains(failure), "the body's failure is suppressed on it");
    }

    @Case
    void a_rejection_may_end_the_retries() {
        Upstream upstream = new Upstream(failure);
        rejected(() -> Retried.stopped(upstream));
        Expect.equal(2, upstream.calls());
    }

    static final class Stale {
        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "200ms", probes = 1))
        static Object call(Action body) throws Throwable {
            body.run();
            return "x";
        }
    }

    @Case
    void a_late_result_of_an_older_state_does_not_touch_the_new_one() throws Throwable {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Workers late = Workers.start(
                1,
                () -> fails(() -> Stale.call(() -> {
                    inside.countDown();
                    leave.await();
                    throw failure;
                })));
        inside.await();
        Action bad = () -> Stale.call(() -> {
            throw failure;
        });
        fails(bad);
        fails(bad);
        rejected(bad);
        Expect.equal(null, untilLetThrough(() -> Stale.call(() -> {})));
        // Closed anew. One failure of this state and one of the older: only the first counts.
        fails(bad);
        leave.countDown();
        late.join();
        Expect.equal("x", Stale.call(() -> {}));
    }

    static final class Rate {
        @Recover(breaker = @CircuitBreaker(failureRate = 100, window = 4, minCalls = 4, openFor = "1h"))
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void it_opens_at_the_rate_and_not_below() {
        Expect.equal("x", Rate.call(new Upstream("x")));
        for (int i = 0; i < 4; i++) {
            fails(() -> Rate.call(new Upstream(failure)));
        }
        rejected(() -> Rate.call(new Upstream("x")));
    }
}
