package dev.holdfast.runtime.ratelimit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One node, in virtual time, with a ledger that takes as long as a test wants. */
@Timeout(60)
final class ClusterMeterTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final ModelLedger model = new ModelLedger(() -> 1_764_000_000_000_000L + time.elapsed() / 1000);
    private final Remote remote = new Remote();

    /** The model, some time away. */
    private final class Remote implements Ledger {

        final List<Ask> asked = new ArrayList<>();
        long answerNanos = MILLI / 4;
        boolean answers = true;
        Runnable meanwhile = () -> {};

        @Override
        public Grant ask(Terms terms, Ask ask) throws RedisUnavailableException {
            asked.add(ask);
            meanwhile.run();
            if (!answers) {
                time.advance(50 * MILLI);
                throw Unanswered.exception();
            }
            Grant grant = model.ask(terms, ask);
            time.advance(answerNanos);
            return grant;
        }

        @Override
        public boolean isAvailable() {
            return model.isAvailable();
        }
    }

    private ClusterLimit limit(Algorithm algorithm, long permits, long perNanos, Unavailable whenUnavailable) {
        return new ClusterLimit(settings(algorithm, permits, perNanos, whenUnavailable), key -> remote, time);
    }

    private static RateSettings settings(
            Algorithm algorithm, long permits, long perNanos, Unavailable whenUnavailable) {
        return new RateSettings(algorithm, permits, perNanos, permits, false, true, whenUnavailable);
    }

    private Meter bucket(long permits) {
        return limit(Algorithm.TOKEN_BUCKET, permits, SECOND, Unavailable.DENY).meter("");
    }

    @Test
    void a_cold_key_asks_for_each_call_and_takes_no_more_than_that() {
        Meter meter = bucket(10);
        for (int i = 0; i < 10; i++) {
            assertThat(meter.take(1)).isZero();
        }
        assertThat(remote.asked).hasSize(10).allMatch(ask -> ask.most() == 1);
    }

    @Test
    void a_hot_key_asks_now_and_then() {
        Meter meter = bucket(100_000);
        for (int i = 0; i < 2000; i++) {
            assertThat(meter.take(1)).isZero();
            time.advance(MILLI / 100);
        }
        assertThat(remote.asked).hasSizeLessThan(40);
        assertThat(meter.mayBlock(1)).isFalse();
    }

    /** As where all processors are taken: a node with few threads gets as much as is allowed, and not a permit for each answer. */
    @ParameterizedTest
    @ValueSource(longs = {5, 15, 30, 45})
    void slow_answers_cost_round_trips_and_no_permits(long millis) {
        remote.answerNanos = millis * MILLI;
        Meter meter = bucket(1000);
        for (int i = 0; i < 1000; i++) {
            meter.take(1);
        }
        long admitted = 0;
        long from = time.elapsed();
        while (time.elapsed() - from < 5 * SECOND) {
            long wait = meter.take(1);
            admitted += wait == 0 ? 1 : 0;
            time.advance(MILLI / 2);
        }
        assertThat(admitted).isGreaterThan(4000);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void a_denial_holds_until_its_time_and_nobody_is_asked_meanwhile(Algorithm algorithm) {
        Meter meter = limit(algorithm, 5, SECOND / 2, Unavailable.DENY).meter("");
        long wait = meter.take(1);
        while (wait == 0) {
            wait = meter.take(1);
        }
        int asked = remote.asked.size();
        assertThat(wait).isBetween(1L, SECOND);
        time.advance(wait / 2);
        assertThat(meter.take(1)).isEqualTo(wait - wait / 2);
        assertThat(meter.mayBlock(1)).isFalse();
        time.advance(wait - wait / 2 - 1);
        assertThat(meter.take(1)).isEqualTo(1);
        assertThat(remote.asked).hasSize(asked);
        time.advance(1);
        assertThat(meter.mayBlock(1)).isTrue();
        assertThat(meter.take(1)).isZero();
    }

    /** Who came once in 61 s got his whole share each time: 420 logins in an hour of 10 an hour. */
    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"TOKEN_BUCKET", "FIXED_WINDOW", "SLIDING_WINDOW"})
    void what_was_used_of_a_share_is_known_for_as_long_as_it_counts(Algorithm algorithm) {
        ClusterLimit limit = new ClusterLimit(
                new RateSettings(algorithm, 10, 3600 * SECOND, 10, true, true, Unavailable.LOCAL_SHARE),
                key -> remote,
                time);
        limit.meter("somebody").take(1);
        remote.answers = false;
        int admitted = 0;
        for (int minute = 0; minute < 59; minute++) {
            while (limit.meter("k").take(1) == 0) {
                admitted++;
            }
            time.advance(61 * SECOND);
        }
        assertThat(admitted).isBetween(1, 20);
    }

    /** Another node may have given permits back, or somebody has emptied the ledger. */
    @Test
    void a_long_denial_is_asked_for_again_after_a_second_and_told_as_long_as_it_is() throws Exception {
        Meter meter = limit(Algorithm.TOKEN_BUCKET, 1, 3600 * SECOND, Unavailable.DENY)
                .meter("");
        Grant elsewhere = model.ask(
                Terms.of(settings(Algorithm.TOKEN_BUCKET, 1, 3600 * SECOND, Unavailable.DENY)),
                new Ask(1, 1, 1, 0, 0, 0, 0));
        assertThat(meter.take(1)).isBetween(3599 * SECOND, 3600 * SECOND);
        assertThat(meter.take(1)).isBetween(3599 * SECOND, 3600 * SECOND);
        assertThat(remote.asked).hasSize(1);
        model.ask(
                Terms.of(settings(Algorithm.TOKEN_BUCKET, 1, 3600 * SECOND, Unavailable.DENY)),
                new Ask(1, 0, 1, 0, 1, elsewhere.stamp(), 0));
        time.advance(SECOND - 1);
        assertThat(meter.take(1)).isPositive();
        assertThat(remote.asked).hasSize(1);
        time.advance(1);
        assertThat(meter.mayBlock(1)).isTrue();
        assertThat(meter.take(1)).isZero();
    }

    @Test
    void what_is_given_back_undoes_what_was_denied_and_nobody_asks_more_often_than_each_millisecond() {
        Meter meter = limit(Algorithm.TOKEN_BUCKET, 1, 3600 * SECOND, Unavailable.DENY)
                .meter("");
        long since = time.nanoTime();
        assertThat(meter.take(1)).isZero();
        assertThat(meter.take(1)).isBetween(3599 * SECOND, 3600 * SECOND);
        meter.giveBack(1, since);
        assertThat(meter.take(1)).isBetween(1L, MILLI);
        assertThat(remote.asked).hasSize(2);
        time.advance(MILLI);
        assertThat(meter.take(1)).isZero();
    }

    @Test
    void what_is_granted_after_a_denial_counts_for_larger_calls() {
        Meter meter =
                limit(Algorithm.TOKEN_BUCKET, 10, 10 * SECOND, Unavailable.DENY).meter("");
        assertThat(meter.take(8)).isZero();
        assertThat(meter.take(5)).isBetween(2900 * MILLI, 3000 * MILLI);
        assertThat(meter.take(2)).isZero();
        assertThat(meter.take(10)).isBetween(9900 * MILLI, 10_000 * MILLI);
    }

    @Test
    void a_sliding_window_is_asked_for_each_cost_and_remembers() {
        Meter meter = limit(Algorithm.SLIDING_WINDOW, 1000, 1000 * SECOND, Unavailable.DENY)
                .meter("");
        assertThat(meter.take(1000)).isZero();
        long one = meter.take(1);
        long many = meter.take(500);
        assertThat(many).isBetween(one + 498 * SECOND, one + 500 * SECOND);
        int asked = remote.asked.size();
        for (int i = 0; i < 10; i++) {
            assertThat(meter.take(1)).isPositive();
            assertThat(meter.take(500)).isBetween(one + 498 * SECOND, one + 500 * SECOND);
        }
        assertThat(remote.asked).hasSize(asked);
        time.advance(SECOND / 2);
        assertThat(meter.waitFor(0, 500)).isBetween(many - SECOND, many - SECOND / 2);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void what_is_not_known_can_be_found_out_without_taking_anything(Algorithm algorithm) throws Exception {
        Meter meter = limit(algorithm, 2, 2000 * SECOND, Unavailable.DENY).meter("");
        assertThat(meter.mayBlock(1)).isTrue();
        meter.know(1);
        meter.know(1);
        assertThat(remote.asked).hasSize(1);
        assertThat(meter.waitFor(0, 1)).isZero();
        Terms terms = Terms.of(settings(algorithm, 2, 2000 * SECOND, Unavailable.DENY));
        long capacity = algorithm == Algorithm.LEAKY_BUCKET ? 1 : 2;
        model.ask(terms, new Ask(capacity, capacity, capacity, 0, 0, 0, 0)); // another node
        time.advance(SECOND);
        meter.know(1);
        meter.know(1);
        assertThat(remote.asked).hasSize(2);
        assertThat(meter.mayBlock(1)).isFalse();
        long wait = meter.waitFor(0, 1);
        assertThat(wait).isBetween(500 * SECOND, 4000 * SECOND);
        time.advance(wait);
        assertThat(meter.take(1)).isZero();
    }

    @Test
    void a_lease_is_not_used_once_it_may_be_taken_for_used() {
        Meter meter = bucket(100_000);
        for (int i = 0; i < 200; i++) {
            assertThat(meter.take(1)).isZero();
        }
        int asked = remote.asked.size();
        assertThat(meter.take(1)).isZero();
        assertThat(remote.asked).hasSize(asked);
        time.advance(Holding.LEASE_NANOS);
        assertThat(meter.take(1)).isZero();
        assertThat(remote.asked).hasSize(asked + 1);
        assertThat(remote.asked.get(asked).back()).as("brought back").isPositive();
    }

    @Test
    void who_comes_while_a_question_is_under_way_shares_the_next_one() throws Exception {
        Meter meter = bucket(20);
        assertThat(meter.take(1)).isZero();
        int callers = 16;
        CountDownLatch inQuestion = new CountDownLatch(1);
        AtomicInteger queued = new AtomicInteger();
        remote.meanwhile = () -> {
            inQuestion.countDown();
            await().until(() -> queued.get() == callers && waiting() == callers);
            remote.meanwhile = () -> {};
        };
        AtomicInteger served = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        threads.add(taking(meter, served));
        inQuestion.await();
        for (int i = 0; i < callers; i++) {
            Thread thread = taking(meter, served);
            threads.add(thread);
            these.add(thread);
            queued.incrementAndGet();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(served).hasValue(17);
        assertThat(remote.asked).hasSize(3);
        assertThat(remote.asked.get(2).most()).isEqualTo(callers);
    }

    /** Or else a call that came with the first question would take as long as two, or three. */
    @Test
    void who_has_waited_for_slow_answers_begins_no_question_of_his_own() throws Exception {
        Meter meter = bucket(20);
        assertThat(meter.take(1)).isZero();
        CountDownLatch inQuestion = new CountDownLatch(1);
        AtomicInteger served = new AtomicInteger();
        remote.answerNanos = 40 * MILLI; // so late that the permit is exchanged for another one
        remote.meanwhile = () -> {
            inQuestion.countDown();
            await().until(() -> waiting() == 1);
            remote.meanwhile = () -> {};
        };
        Thread leader = taking(meter, served);
        inQuestion.await();
        Thread follower = taking(meter, served);
        these.add(follower);
        leader.join();
        follower.join();
        assertThat(served).as("the leader alone").hasValue(1);
        assertThat(remote.asked).hasSize(3);
        assertThat(time.elapsed()).isLessThan(120 * MILLI);
        assertThat(meter.take(1)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Unavailable.class)
    void nobody_waits_while_it_is_known_to_be_away(Unavailable whenUnavailable) {
        Meter meter =
                limit(Algorithm.TOKEN_BUCKET, 1000, SECOND, whenUnavailable).meter("");
        assertThat(meter.take(1)).isZero();
        model.isAvailable(false);
        long before = time.elapsed();
        for (int i = 0; i < 3000; i++) {
            assertThat(meter.mayBlock(1)).isFalse();
            meter.take(1);
            meter.waitFor(5, 1);
        }
        assertThat(remote.asked).hasSize(1);
        assertThat(time.elapsed()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leases_begin_small_when_it_is_back(boolean hangs) {
        Meter meter = bucket(100_000);
        for (int i = 0; i < 20_000; i++) {
            assertThat(meter.take(1)).isZero();
            time.advance(MILLI / 100);
        }
        assertThat(remote.asked.get(remote.asked.size() - 1).most()).isGreaterThan(1000);
        remote.answers = !hangs;
        model.isAvailable(hangs);
        assertThat(meter.take(5000)).as("more than a lease has").isPositive();
        remote.answers = true;
        model.isAvailable(true);
        time.advance(Holding.LEASE_NANOS); // there are none left of the last one
        int asked = remote.asked.size();
        assertThat(meter.take(1)).isZero();
        assertThat(remote.asked.get(asked).most()).isEqualTo(1);
    }

    private final List<Thread> these = java.util.Collections.synchronizedList(new ArrayList<>());

    private long waiting() {
        synchronized (these) {
            return these.stream()
                    .filter(one -> one.getState() == Thread.State.WAITING)
                    .count();
        }
    }

    private static Thread taking(Meter meter, AtomicInteger served) {
        Thread thread = new Thread(() -> {
            if (meter.take(1) == 0) {
                served.incrementAndGet();
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void permits_that_come_late_are_exchanged_and_none_is_lost() {
        Meter meter = bucket(10);
        assertThat(meter.take(1)).isZero();
        remote.meanwhile = () -> {
            remote.answerNanos = remote.asked.size() == 2 ? 40 * MILLI : MILLI;
        };
        assertThat(meter.take(1)).isZero();
        assertThat(remote.asked).hasSize(3);
        for (int i = 0; i < 8; i++) {
            assertThat(meter.take(1)).isZero();
        }
        assertThat(meter.take(1)).isPositive();
    }

    @Test
    void what_is_given_back_can_be_taken_again() {
        Meter meter = bucket(10);
        for (int i = 0; i < 100; i++) {
            long since = time.nanoTime();
            assertThat(meter.take(2)).isZero();
            meter.giveBack(2, since);
            time.advance(1); // on which it is brought back
        }
        assertThat(meter.take(9)).isZero();
    }

    @Test
    void what_is_given_back_on_a_hot_key_needs_no_question() {
        Meter meter = bucket(100_000);
        for (int i = 0; i < 200; i++) {
            assertThat(meter.take(1)).isZero();
        }
        assertThat(meter.take(1)).isZero();
        time.advance(1);
        int asked = remote.asked.size();
        for (int i = 0; i < 1000; i++) {
            long since = time.nanoTime();
            assertThat(meter.take(1)).isZero();
            meter.giveBack(1, since);
        }
        assertThat(remote.asked).hasSize(asked);
    }

    /** A thread was held up in between. The permit is of a lease that is over, and no part of the one that is there now. */
    @Test
    void what_is_given_back_late_is_no_part_of_another_lease() {
        Meter meter = bucket(100_000);
        for (int i = 0; i < 2000; i++) {
            assertThat(meter.take(1)).isZero();
            time.advance(MILLI / 100);
        }
        long since = time.nanoTime();
        assertThat(meter.take(1)).isZero();
        int asked = remote.asked.size();
        while (remote.asked.size() == asked) {
            assertThat(meter.take(1)).isZero();
            time.advance(MILLI / 100);
        }
        time.advance(10 * MILLI);
        meter.giveBack(1, since);
        time.advance(0);
        Ask back = remote.asked.get(remote.asked.size() - 1);
        assertThat(back.most()).isZero();
        assertThat(back.back()).isEqualTo(1);
        assertThat(back.backStamp()).as("of the lease before").isLessThan(model.stamp());
    }

    @Test
    void the_permits_of_a_large_call_are_all_or_none() {
        Meter meter = bucket(10);
        assertThat(meter.take(7)).isZero();
        assertThat(meter.take(4)).isBetween(99 * MILLI, 101 * MILLI);
        assertThat(meter.take(3)).isZero();
    }

    @Test
    void settings_that_change_apply_at_once_and_what_was_consumed_counts() {
        ClusterLimit limit = limit(Algorithm.TOKEN_BUCKET, 10, 3600 * SECOND, Unavailable.DENY);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.meter("").take(1)).isZero();
        }
        assertThat(limit.meter("").take(1)).isGreaterThan(300 * SECOND);
        limit.settings(settings(Algorithm.TOKEN_BUCKET, 10, SECOND, Unavailable.DENY));
        assertThat(limit.meter("").take(1)).isBetween(90 * MILLI, 101 * MILLI);
    }

    @Test
    void without_an_answer_it_denies_or_allows_as_it_is_told() {
        remote.answers = false;
        ClusterLimit limit = limit(Algorithm.TOKEN_BUCKET, 1, SECOND, Unavailable.DENY);
        Meter meter = limit.meter("");
        assertThat(meter.take(1)).isPositive();
        assertThat(meter.denies()).isEqualTo("Redis cannot be reached");
        limit.settings(settings(Algorithm.TOKEN_BUCKET, 1, SECOND, Unavailable.ALLOW));
        for (int i = 0; i < 10; i++) {
            assertThat(meter.take(1)).isZero();
        }
        assertThat(meter.denies()).isNull();
        remote.answers = true;
        time.advance(10 * MILLI);
        limit.settings(settings(Algorithm.TOKEN_BUCKET, 1, SECOND, Unavailable.DENY));
        assertThat(meter.take(1)).isZero();
        assertThat(meter.take(1)).isPositive();
        assertThat(meter.denies()).isNull();
    }

    @Test
    void a_call_that_asks_twice_does_not_wait_twice() {
        remote.answers = false;
        Meter meter = limit(Algorithm.TOKEN_BUCKET, 1, SECOND, Unavailable.DENY).meter("");
        assertThat(meter.take(1)).isPositive();
        assertThat(meter.take(1)).isPositive();
        assertThat(remote.asked).hasSize(1);
        time.advance(10 * MILLI);
        assertThat(meter.take(1)).isPositive();
        assertThat(remote.asked).hasSize(2);
    }

    @Test
    void a_node_that_knows_of_no_other_goes_by_about_the_whole_limit() {
        Meter meter = limit(Algorithm.TOKEN_BUCKET, 100, SECOND, Unavailable.LOCAL_SHARE)
                .meter("");
        for (int i = 0; i < 300; i++) {
            meter.take(1);
            time.advance(9 * MILLI);
        }
        model.isAvailable(false);
        long admitted = 0;
        for (int i = 0; i < 5000; i++) {
            admitted += meter.take(1) == 0 ? 1 : 0;
            time.advance(MILLI);
        }
        assertThat(admitted).isBetween(450L, 600L);
        assertThat(meter.mayBlock(1)).isFalse();
    }

    @Test
    void a_node_that_has_never_had_an_answer_takes_a_tenth() {
        model.isAvailable(false);
        Meter meter = limit(Algorithm.TOKEN_BUCKET, 100, SECOND, Unavailable.LOCAL_SHARE)
                .meter("");
        long admitted = 0;
        for (int i = 0; i < 5000; i++) {
            admitted += meter.take(1) == 0 ? 1 : 0;
            time.advance(MILLI);
        }
        assertThat(admitted).isBetween(50L, 60L);
        assertThat(remote.asked).isEmpty();
    }

    @Test
    void what_was_used_while_the_ledger_was_away_is_told_to_it() {
        Meter meter = limit(Algorithm.TOKEN_BUCKET, 30, 60 * SECOND, Unavailable.LOCAL_SHARE)
                .meter("");
        for (int i = 0; i < 20; i++) {
            assertThat(meter.take(1)).isZero();
        }
        model.isAvailable(false);
        long used = 0;
        while (meter.take(1) == 0) {
            used++;
        }
        assertThat(used).isBetween(5L, 10L);
        model.isAvailable(true);
        long left = 0;
        while (meter.take(1) == 0) {
            left++;
        }
        assertThat(used + left).isEqualTo(10);
    }

    @Test
    void an_interrupted_thread_gets_its_answer_and_keeps_its_flag() {
        Meter meter = bucket(10);
        remote.meanwhile =
                () -> assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThat(meter.take(1)).isZero();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void it_is_told_how_long_a_queue_takes() {
        Meter meter = bucket(10);
        while (meter.take(1) == 0) {
            time.advance(1);
        }
        assertThat(meter.waitFor(0, 1)).isBetween(80 * MILLI, 101 * MILLI);
        assertThat(meter.waitFor(9, 1)).isBetween(980 * MILLI, 1001 * MILLI);
    }

    /** The first in a line, time and again, with so many behind him. Gives when each went. */
    private List<Long> line(Meter meter, int callers) {
        List<Long> went = new ArrayList<>();
        while (went.size() < callers) {
            long wait = meter.take(1, callers - went.size() - 1, SECOND);
            if (wait == 0) {
                went.add(time.elapsed());
            }
            time.advance(wait);
        }
        meter.nobodyWaits();
        return went;
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"LEAKY_BUCKET", "TOKEN_BUCKET"})
    void who_stands_first_asks_for_those_behind_him(Algorithm algorithm) {
        Meter meter = new ClusterLimit(
                        new RateSettings(algorithm, 100, SECOND, 1, false, true, Unavailable.DENY), key -> remote, time)
                .meter("");
        assertThat(meter.take(1)).isZero();
        List<Long> went = line(meter, 90);
        for (int i = 1; i < went.size(); i++) {
            assertThat(went.get(i) - went.get(i - 1)).isGreaterThanOrEqualTo(10 * MILLI);
        }
        assertThat(went.get(89) - went.get(0)).isLessThan(910 * MILLI);
        assertThat(remote.asked).hasSizeLessThan(40);
    }

    @Test
    void what_is_reserved_and_nobody_waits_for_is_handed_back() throws Exception {
        Meter meter =
                limit(Algorithm.LEAKY_BUCKET, 100, SECOND, Unavailable.DENY).meter("");
        assertThat(meter.take(1, 20, SECOND)).isZero();
        Terms terms = Terms.of(settings(Algorithm.LEAKY_BUCKET, 100, SECOND, Unavailable.DENY));
        Ask other = new Ask(1, 0, 1, 0, 0, 0, 0);
        assertThat(model.ask(terms, other).waitNanos()).isGreaterThan(40 * MILLI);
        meter.nobodyWaits();
        time.advance(0);
        assertThat(model.ask(terms, other).waitNanos()).isBetween(9 * MILLI, 11 * MILLI);
        int asked = remote.asked.size();
        assertThat(meter.take(1)).isPositive();
        assertThat(remote.asked).as("nothing of it is left here").hasSize(asked + 1);
    }

    /** He waits for another limit, which says no. */
    @Test
    void what_is_given_back_of_what_is_reserved_is_the_next_ones() {
        Meter meter =
                limit(Algorithm.LEAKY_BUCKET, 100, SECOND, Unavailable.DENY).meter("");
        assertThat(meter.take(1, 20, SECOND)).isZero();
        time.advance(10 * MILLI);
        long since = time.nanoTime();
        assertThat(meter.take(1, 19, SECOND)).isZero();
        meter.giveBack(1, since);
        assertThat(meter.take(1, 19, SECOND)).isZero();
        assertThat(meter.take(1, 18, SECOND)).isEqualTo(10 * MILLI);
    }

    /** The bucket used to stand still for as long as the one that was exchanged might have been on its way: a tenth of a second. */
    @ParameterizedTest
    @ValueSource(longs = {0, 20})
    void an_answer_that_comes_late_holds_up_nobody_for_long(long behind) {
        Meter meter =
                limit(Algorithm.LEAKY_BUCKET, 100, SECOND, Unavailable.DENY).meter("");
        remote.meanwhile = () -> remote.answerNanos = remote.asked.size() > 1 ? MILLI / 4 : 120 * MILLI;
        assertThat(meter.take(1, behind, SECOND)).isZero();
        assertThat(remote.asked).as("exchanged").hasSize(2);
        time.advance(0);
        long wait = meter.take(1, behind, SECOND);
        assertThat(wait).isBetween(9 * MILLI, 11 * MILLI);
        time.advance(wait);
        assertThat(meter.take(1, behind, SECOND)).isZero();
    }

    @Test
    void what_is_reserved_by_old_settings_is_of_no_use() {
        ClusterLimit limit = limit(Algorithm.LEAKY_BUCKET, 100, SECOND, Unavailable.DENY);
        Meter meter = limit.meter("");
        assertThat(meter.take(1, 20, SECOND)).isZero();
        limit.settings(settings(Algorithm.LEAKY_BUCKET, 50, SECOND, Unavailable.DENY));
        assertThat(meter.take(1, 20, SECOND)).isBetween(19 * MILLI, 21 * MILLI);
    }

    @Test
    void what_is_reserved_can_be_used_while_the_ledger_is_away() {
        Meter meter =
                limit(Algorithm.LEAKY_BUCKET, 100, SECOND, Unavailable.DENY).meter("");
        assertThat(meter.take(1, 20, SECOND)).isZero();
        remote.answers = false;
        model.isAvailable(false);
        time.advance(10 * MILLI);
        assertThat(meter.take(1, 19, SECOND)).isZero();
        time.advance(110 * MILLI);
        assertThat(meter.take(1, 19, SECOND)).isPositive();
        assertThat(meter.denies()).isEqualTo("Redis cannot be reached");
    }

    @Test
    void who_needs_more_than_what_is_reserved_for_calls_asks_for_it() {
        Meter meter = new ClusterLimit(
                        new RateSettings(Algorithm.TOKEN_BUCKET, 100, SECOND, 3, false, true, Unavailable.DENY),
                        key -> remote,
                        time)
                .meter("");
        assertThat(meter.take(1, 20, SECOND)).isZero();
        long wait = meter.take(3, 18, SECOND);
        assertThat(wait).isPositive();
        time.advance(wait);
        while (wait > 0) {
            wait = meter.take(3, 18, SECOND);
            time.advance(wait);
        }
        assertThat(time.elapsed()).isBetween(9 * MILLI, 45 * MILLI);
    }

    @Test
    void keys_are_many_and_meters_are_not() {
        AtomicInteger made = new AtomicInteger();
        ClusterLimit limit = new ClusterLimit(
                settings(Algorithm.TOKEN_BUCKET, 5, SECOND, Unavailable.DENY),
                key -> {
                    made.incrementAndGet();
                    return remote;
                },
                time);
        Meter first = limit.meter("first");
        assertThat(limit.meter("first")).isSameAs(first);
        time.advance(61 * SECOND);
        assertThat(limit.meter("first")).isNotSameAs(first);
        assertThat(made).hasValue(2);
    }
}
