package dev.holdfast.runtime.recover;

import static dev.holdfast.runtime.recover.BreakerState.CLOSED;
import static dev.holdfast.runtime.recover.BreakerState.HALF_OPEN;
import static dev.holdfast.runtime.recover.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.definition.recover.BreakerSettings;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class BreakerTest {

    private static final int THREADS = 16;
    private static final long OPEN_FOR = 1_000;
    private static final BreakerSettings DEFAULTS = new BreakerSettings(50, 100, 0, 100, 0, 20, OPEN_FOR, 3);

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final List<String> moves = Collections.synchronizedList(new ArrayList<>());

    @Test
    void opens_exactly_when_the_rate_is_reached_among_enough_calls() {
        Breaker breaker = breaker(DEFAULTS);
        succeed(breaker, 10);
        fail(breaker, 9);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.enter()).isEqualTo(Breaker.REJECTED);
        assertThat(moves).containsExactly("CLOSED > OPEN: 10 of 20 calls failed");
    }

    @Test
    void stays_closed_just_below_the_rate() {
        Breaker breaker = breaker(DEFAULTS);
        succeed(breaker, 51);
        fail(breaker, 49);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        // The first success makes way: 50 of 100.
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void a_success_that_makes_up_the_calls_that_rates_need_can_open() {
        Breaker breaker = breaker(DEFAULTS);
        fail(breaker, 15);
        succeed(breaker, 4);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        succeed(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(moves).containsExactly("CLOSED > OPEN: 15 of 20 calls failed");
    }

    @Test
    void a_settled_window_still_counts_the_next_failures() {
        Breaker breaker = breaker(DEFAULTS);
        succeed(breaker, 1_000);
        fail(breaker, 49);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @ParameterizedTest
    @CsvSource({
        "16.1, 1000, 161",
        "32.2, 500, 161",
        "0.1, 1000, 1",
        "33.3, 1000, 333",
        "0.7, 1000, 7",
        "14.7, 1000, 147",
        "0.0001, 1000000, 1"
    })
    void a_rate_that_no_double_holds_is_reached_exactly(double rate, int window, int failures) {
        Breaker breaker = breaker(new BreakerSettings(rate, 100, 0, window, 0, window, OPEN_FOR, 1));
        succeed(breaker, window - failures);
        fail(breaker, failures - 1);
        succeed(breaker, 1);
        assertThat(breaker.state()).as("with one failure less").isEqualTo(CLOSED);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void a_rate_of_all_opens_when_all_failed() {
        Breaker breaker = breaker(new BreakerSettings(100, 100, 0, 20, 0, 20, OPEN_FOR, 1));
        succeed(breaker, 1);
        fail(breaker, 19);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void opens_by_slow_calls_failed_ones_included_from_the_very_duration_on() {
        Breaker breaker = breaker(new BreakerSettings(100, 50, 100, 10, 0, 4, OPEN_FOR, 1));
        call(breaker, 99, true);
        call(breaker, 99, true);
        call(breaker, 100, false);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        call(breaker, 100, true);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(moves).containsExactly("CLOSED > OPEN: 2 of 4 calls were slow");
    }

    @Test
    void a_call_of_any_length_is_not_slow_where_no_duration_is_set() {
        Breaker breaker = breaker(new BreakerSettings(100, 1, 0, 4, 0, 1, OPEN_FOR, 1));
        call(breaker, Long.MAX_VALUE / 4, true);
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void is_open_for_its_time_then_lets_through_as_many_as_probes() {
        Breaker breaker = opened(DEFAULTS);
        time.advance(OPEN_FOR - 1);
        assertThat(breaker.enter()).isNegative();
        assertThat(breaker.state()).isEqualTo(OPEN);
        time.advance(1);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.enter()).isPositive();
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        assertThat(breaker.enter()).isPositive();
        assertThat(breaker.enter()).isPositive();
        assertThat(breaker.enter()).isNegative();
    }

    @Test
    void closes_with_an_empty_window_when_all_probes_passed() {
        Breaker breaker = opened(DEFAULTS);
        long[] probes = probes(breaker, 3);
        breaker.succeeded(probes[0]);
        breaker.succeeded(probes[1]);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        assertThat(breaker.enter()).isNegative();
        breaker.succeeded(probes[2]);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(breaker, 19);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(moves).element(2).isEqualTo("HALF_OPEN > CLOSED: 3 probes passed");
    }

    @Test
    void opens_again_at_once_for_its_whole_time_when_a_probe_failed() {
        Breaker breaker = opened(DEFAULTS);
        long[] probes = probes(breaker, 3);
        breaker.succeeded(probes[0]);
        time.advance(10);
        breaker.failed(probes[1]);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.retryAfterNanos()).isEqualTo(OPEN_FOR);
        breaker.succeeded(probes[2]);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(moves).last().isEqualTo("HALF_OPEN > OPEN: a probe failed");
    }

    @Test
    void opens_again_when_a_probe_was_slow() {
        Breaker breaker = opened(new BreakerSettings(50, 100, 100, 20, 0, 20, OPEN_FOR, 1));
        long probe = probes(breaker, 1)[0];
        time.advance(100);
        breaker.succeeded(probe);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(moves).last().isEqualTo("HALF_OPEN > OPEN: a probe was slow");
    }

    @Test
    void probes_that_never_come_back_do_not_hold_it_half_open() {
        Breaker breaker = opened(DEFAULTS);
        probes(breaker, 3);
        time.advance(OPEN_FOR - 1);
        assertThat(breaker.enter()).isNegative();
        time.advance(1);
        long[] second = {breaker.enter(), breaker.enter(), breaker.enter()};
        assertThat(second).doesNotContain(Breaker.REJECTED);
        assertThat(breaker.enter()).isNegative();
        for (long probe : second) {
            breaker.succeeded(probe);
        }
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void probes_that_take_longer_than_it_is_open_close_it_all_the_same() {
        Breaker breaker = opened(DEFAULTS);
        long[] first = probes(breaker, 3);
        for (int round = 0; round < 5; round++) {
            time.advance(OPEN_FOR);
            assertThat(breaker.enter()).isPositive();
        }
        for (long probe : first) {
            breaker.succeeded(probe);
        }
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100})
    void the_late_result_of_a_state_that_passed_changes_nothing(long slowerThan) {
        BreakerSettings settings = new BreakerSettings(50, 100, slowerThan, 20, 0, 20, OPEN_FOR, 1);
        Breaker breaker = breaker(settings);
        long fromClosed = breaker.enter();
        long alsoFromClosed = breaker.enter();
        fail(breaker, 20);
        breaker.failed(fromClosed);
        assertThat(breaker.state()).isEqualTo(OPEN);

        long probe = probes(breaker, 1)[0];
        breaker.failed(fromClosed);
        breaker.succeeded(alsoFromClosed);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);

        breaker.succeeded(probe);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        for (int i = 0; i < 100; i++) {
            breaker.failed(fromClosed);
            breaker.failed(probe);
        }
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void tags_of_states_come_round_again_without_ever_giving_a_ticket_that_is_not_positive() {
        Breaker breaker = breaker(new BreakerSettings(100, 100, 100, 1, 0, 1, 1, 1));
        for (int i = 0; i < 70_000; i++) {
            time.advance(1);
            long ticket = breaker.enter();
            assertThat(ticket).isPositive();
            breaker.failed(ticket);
            assertThat(breaker.state()).isEqualTo(OPEN);
        }
    }

    @Test
    void says_after_how_long_it_may_let_a_call_through() {
        Breaker breaker = breaker(DEFAULTS);
        assertThat(breaker.retryAfterNanos()).isZero();
        fail(breaker, 20);
        assertThat(breaker.retryAfterNanos()).isEqualTo(OPEN_FOR);
        time.advance(400);
        assertThat(breaker.retryAfterNanos()).isEqualTo(600);
        time.advance(5_000);
        assertThat(breaker.retryAfterNanos()).isZero();
        breaker.enter();
        assertThat(breaker.retryAfterNanos()).isZero();
        breaker.enter();
        breaker.enter();
        assertThat(breaker.retryAfterNanos()).isEqualTo(-1);
        time.advance(OPEN_FOR);
        assertThat(breaker.retryAfterNanos()).isZero();
    }

    @Test
    void looks_at_the_calls_of_the_last_time_where_it_goes_by_time() {
        Breaker breaker = breaker(new BreakerSettings(50, 100, 0, 100, 2_000, 4, OPEN_FOR, 1));
        fail(breaker, 3);
        time.advance(2_000);
        succeed(breaker, 1);
        assertThat(breaker.state()).as("the failures are too old").isEqualTo(CLOSED);
        fail(breaker, 2);
        succeed(breaker, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(moves).containsExactly("CLOSED > OPEN: 2 of 4 calls failed");
    }

    @Test
    void goes_on_by_other_settings_where_it_stood_closed() {
        Breaker breaker = breaker(DEFAULTS);
        fail(breaker, 19);
        long underWay = breaker.enter();
        Breaker next = breaker.under(new BreakerSettings(50, 100, 0, 100, 0, 21, OPEN_FOR, 3));
        end(next, underWay, false);
        assertThat(next.state()).isEqualTo(CLOSED);
        fail(next, 1);
        assertThat(next.state()).isEqualTo(OPEN);
        assertThat(moves).containsExactly("CLOSED > OPEN: 21 of 21 calls failed");
    }

    @Test
    void begins_a_new_window_where_its_size_changes() {
        Breaker breaker = breaker(DEFAULTS);
        fail(breaker, 19);
        Breaker next = breaker.under(new BreakerSettings(50, 100, 0, 50, 0, 20, OPEN_FOR, 3));
        fail(next, 19);
        assertThat(next.state()).isEqualTo(CLOSED);
        fail(next, 1);
        assertThat(next.state()).isEqualTo(OPEN);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10})
    void stays_open_by_other_settings_for_their_time(long slowerThan) {
        Breaker breaker = breaker(DEFAULTS);
        fail(breaker, 20);
        time.advance(1);
        Breaker next = breaker.under(new BreakerSettings(50, 100, slowerThan, 100, 0, 20, OPEN_FOR / 2, 1));
        assertThat(next.enter()).isEqualTo(Breaker.REJECTED);
        assertThat(next.retryAfterNanos()).isEqualTo(OPEN_FOR / 2 - 1);
        time.advance(OPEN_FOR / 2 - 1);
        long probe = next.enter();
        assertThat(probe).isPositive();
        assertThat(next.state()).isEqualTo(HALF_OPEN);
        end(next, probe, true);
        assertThat(next.state()).isEqualTo(CLOSED);
    }

    @Test
    void half_open_lets_its_probes_end_by_other_settings() {
        Breaker breaker = breaker(DEFAULTS);
        fail(breaker, 20);
        time.advance(OPEN_FOR);
        long first = breaker.enter();
        long second = breaker.enter();
        Breaker next = breaker.under(new BreakerSettings(50, 100, 0, 100, 0, 20, OPEN_FOR, 1));
        end(next, first, true);
        assertThat(next.state()).isEqualTo(CLOSED);
        end(next, second, false);
        assertThat(next.state()).isEqualTo(CLOSED);
    }

    @Test
    void a_ticket_from_before_slow_calls_were_measured_changes_nothing() {
        Breaker breaker = breaker(new BreakerSettings(50, 100, 0, 1, 0, 1, OPEN_FOR, 3));
        long underWay = breaker.enter();
        Breaker next = breaker.under(new BreakerSettings(50, 100, 10, 1, 0, 1, OPEN_FOR, 3));
        end(next, underWay, false);
        assertThat(next.state()).isEqualTo(CLOSED);
    }

    @Test
    void the_same_settings_are_the_same_breaker() {
        Breaker breaker = breaker(DEFAULTS);
        assertThat(breaker.under(new BreakerSettings(50, 100, 0, 100, 0, 20, OPEN_FOR, 3)))
                .isSameAs(breaker);
    }

    @Test
    void reads_no_clock_while_closed_by_count_with_no_slowness_to_measure() {
        Breaker breaker = new Breaker(DEFAULTS, new NoClock(), (from, to, why) -> {});
        succeed(breaker, 200);
        fail(breaker, 49);
        succeed(breaker, 200);
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void every_result_of_many_threads_counts_once() throws Exception {
        int each = 2_000;
        int all = THREADS * each;
        Breaker breaker = breaker(new BreakerSettings(50, 100, 0, 2 * all, 0, all + 1, OPEN_FOR, 1));
        race(() -> {
            for (int i = 0; i < each; i++) {
                end(breaker, breaker.enter(), i % 2 == 0);
            }
        });
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(breaker, 1);
        assertThat(moves).containsExactly("CLOSED > OPEN: 16001 of 32001 calls failed");
    }

    @Test
    void no_failure_is_lost_among_successes_that_take_the_short_way() throws Exception {
        Breaker breaker = breaker(new BreakerSettings(1.601, 100, 0, 100_000, 0, 20, OPEN_FOR, 1));
        succeed(breaker, 100_000);
        race(() -> {
            for (int i = 1; i <= 2_000; i++) {
                end(breaker, breaker.enter(), i % 20 != 0);
            }
        });
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(breaker, 1);
        assertThat(moves).containsExactly("CLOSED > OPEN: 1601 of 100000 calls failed");
    }

    @Test
    void half_open_lets_through_exactly_as_many_as_probes_in_each_round() throws Exception {
        Breaker breaker = opened(DEFAULTS);
        for (int round = 0; round < 100; round++) {
            time.advance(OPEN_FOR);
            AtomicInteger admitted = new AtomicInteger();
            race(() -> {
                for (int i = 0; i < 5; i++) {
                    if (breaker.enter() > 0) {
                        admitted.incrementAndGet();
                    }
                }
            });
            assertThat(admitted).hasValue(3);
        }
        assertThat(moves).hasSize(2);
    }

    @Test
    void moves_once_however_many_threads_fail_at_once() throws Exception {
        for (int round = 0; round < 100; round++) {
            Breaker breaker = breaker(DEFAULTS);
            fail(breaker, 19);
            race(() -> end(breaker, breaker.enter(), false));
            assertThat(breaker.state()).isEqualTo(OPEN);
            assertThat(moves).containsExactly("CLOSED > OPEN: 20 of 20 calls failed");
            moves.clear();
        }
    }

    /** Runs it in all threads at once and fails if one of them did. */
    private static void race(Runnable each) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                ends.add(threads.submit(() -> {
                    start.await();
                    each.run();
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Breaker breaker(BreakerSettings settings) {
        return new Breaker(settings, time, (from, to, why) -> moves.add(from + " > " + to + ": " + why));
    }

    private Breaker opened(BreakerSettings settings) {
        Breaker breaker = breaker(settings);
        fail(breaker, settings.minCalls());
        assertThat(breaker.state()).isEqualTo(OPEN);
        return breaker;
    }

    private long[] probes(Breaker breaker, int count) {
        time.advance(OPEN_FOR);
        long[] probes = new long[count];
        for (int i = 0; i < count; i++) {
            probes[i] = breaker.enter();
            assertThat(probes[i]).isPositive();
        }
        return probes;
    }

    private void call(Breaker breaker, long nanos, boolean good) {
        long ticket = breaker.enter();
        time.advance(nanos);
        end(breaker, ticket, good);
    }

    private static void succeed(Breaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            end(breaker, breaker.enter(), true);
        }
    }

    private static void fail(Breaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            end(breaker, breaker.enter(), false);
        }
    }

    private static void end(Breaker breaker, long ticket, boolean good) {
        if (good) {
            breaker.succeeded(ticket);
        } else {
            breaker.failed(ticket);
        }
    }

    private static final class NoClock implements Time {

        @Override
        public void prepare() {}

        @Override
        public long nanoTime() {
            throw new AssertionError("read the clock");
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
            throw new AssertionError("scheduled");
        }
    }
}
