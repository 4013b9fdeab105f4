package dev.holdfast.runtime.ratelimit.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.RateSettings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The algorithms against what they promise, written down as plainly as it can be, with fractions of any size: random traffic in virtual time.
 * Nothing is let through that the promise forbids, nothing is refused that it allows, and a wait is true to the nanosecond (to the millisecond for
 * windows).
 */
final class TallyModelTest {

    private static final List<Algorithm> ANY = List.of(Algorithm.values());

    private static final int ROUNDS = 300;
    private static final int CALLS = 200;

    /** What was let through. */
    private record Taken(long at, long cost) {}

    /** The promise of one algorithm. */
    private interface Promise {

        boolean allows(List<Taken> taken, long cost, long now);
    }

    private static Rules rules(Algorithm algorithm, SplittableRandom random) {
        boolean isWindow = algorithm == Algorithm.FIXED_WINDOW || algorithm == Algorithm.SLIDING_WINDOW;
        long permits = 1 + random.nextLong(random.nextBoolean() ? 10 : 1_000);
        long per = isWindow ? (1 + random.nextLong(2_000)) * 1_000_000 : 1 + random.nextLong(2_000_000_000);
        long capacity = algorithm == Algorithm.TOKEN_BUCKET && random.nextBoolean()
                ? 1 + random.nextLong(2 * permits)
                : permits;
        return new Rules(new RateSettings(algorithm, permits, per, capacity, false, false, Unavailable.LOCAL_SHARE));
    }

    private static Promise promise(Rules rules) {
        return switch (rules.rate().algorithm()) {
            case TOKEN_BUCKET -> (taken, cost, now) -> inEveryTime(rules, taken, cost, now);
            case LEAKY_BUCKET -> (taken, cost, now) -> apart(rules, taken, now);
            case FIXED_WINDOW ->
                (taken, cost, now) ->
                        within(taken, Math.floorDiv(now, rules.perMillis), rules.perMillis) + cost <= rules.permits;
            case SLIDING_WINDOW ->
                (taken, cost, now) ->
                        weighted(rules, taken, now).add(new BigDecimal(cost)).compareTo(new BigDecimal(rules.permits))
                                <= 0;
        };
    }

    /** In any time that ends now: at most burst + permits · W / per. */
    private static boolean inEveryTime(Rules rules, List<Taken> taken, long cost, long now) {
        BigInteger sum = BigInteger.valueOf(cost)
                .multiply(BigInteger.valueOf(rules.rate().perNanos()));
        BigInteger burst = BigInteger.valueOf(rules.capacity)
                .multiply(BigInteger.valueOf(rules.rate().perNanos()));
        if (sum.compareTo(burst) > 0) {
            return false;
        }
        for (int i = taken.size() - 1; i >= 0; i--) {
            Taken one = taken.get(i);
            sum = sum.add(BigInteger.valueOf(one.cost())
                    .multiply(BigInteger.valueOf(rules.rate().perNanos())));
            BigInteger most = burst.add(BigInteger.valueOf(now - one.at()).multiply(BigInteger.valueOf(rules.permits)));
            if (sum.compareTo(most) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Never closer than per / permits, times what the one before has cost. */
    private static boolean apart(Rules rules, List<Taken> taken, long now) {
        if (taken.isEmpty()) {
            return true;
        }
        Taken last = taken.get(taken.size() - 1);
        BigInteger pause = BigInteger.valueOf(last.cost())
                .multiply(BigInteger.valueOf(rules.rate().perNanos()));
        return BigInteger.valueOf(now - last.at())
                        .multiply(BigInteger.valueOf(rules.permits))
                        .compareTo(pause)
                >= 0;
    }

    private static long within(List<Taken> taken, long window, long per) {
        long sum = 0;
        for (Taken one : taken) {
            sum += Math.floorDiv(one.at(), per) == window ? one.cost() : 0;
        }
        return sum;
    }

    private static BigDecimal weighted(Rules rules, List<Taken> taken, long now) {
        long per = rules.perMillis;
        long window = Math.floorDiv(now, per);
        BigDecimal left = new BigDecimal(per - Math.floorMod(now, per));
        return new BigDecimal(within(taken, window - 1, per))
                .multiply(left)
                .divide(new BigDecimal(per), 30, RoundingMode.CEILING)
                .add(new BigDecimal(within(taken, window, per)));
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void lets_through_what_is_promised_no_more_and_no_less(Algorithm algorithm) {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = new SplittableRandom(round);
            Rules rules = rules(algorithm, random);
            Promise promise = promise(rules);
            long now = rules.byCalendar() ? 1_700_000_000_000L : Long.MAX_VALUE - 3;
            Tally tally = Tally.begin(rules, now);
            List<Taken> taken = new ArrayList<>();
            long typical = Math.max(
                    2, 2 * (rules.byCalendar() ? rules.perMillis : rules.rate().perNanos()) / rules.permits);
            for (int call = 0; call < CALLS; call++) {
                now += random.nextInt(3) == 0 ? random.nextLong(typical) : 0;
                long cost = random.nextInt(4) == 0 ? 1 + random.nextLong(rules.capacity) : 1;
                String where = "round " + round + " call " + call + " " + rules.rate() + " cost " + cost;
                boolean allowed = promise.allows(taken, cost, now);
                long foretold = tally.waitFor(0, cost, now);
                long wait = tally.take(cost, now);
                assertThat(wait == 0).as(where).isEqualTo(allowed);
                assertThat(foretold).as(where).isEqualTo(wait);
                if (wait > 0) {
                    long ticks = rules.byCalendar() ? wait / 1_000_000 : wait;
                    assertThat(promise.allows(taken, cost, now + ticks - 1))
                            .as(where + " just before")
                            .isFalse();
                    assertThat(promise.allows(taken, cost, now + ticks))
                            .as(where + " just after")
                            .isTrue();
                    if (random.nextInt(3) == 0) {
                        now += ticks;
                        assertThat(tally.take(cost, now)).as(where).isZero();
                        taken.add(new Taken(now, cost));
                    }
                } else if (random.nextInt(5) == 0) {
                    tally.giveBack(cost, now);
                } else {
                    taken.add(new Taken(now, cost));
                }
            }
        }
    }

    /** Those in a line take theirs as soon as they can: so long does the last one of them wait. */
    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void foretells_how_long_a_line_waits(Algorithm algorithm) {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = new SplittableRandom(round);
            Rules rules = rules(algorithm, random);
            long begin = rules.byCalendar() ? 1_700_000_000_123L : Long.MAX_VALUE - 3;
            long now = begin;
            Tally tally = Tally.begin(rules, now);
            for (long left = random.nextLong(2 * rules.capacity); left > 0 && tally.take(1, now) == 0; left--) {
                now += random.nextInt(2);
            }
            long ahead = random.nextLong(3 * rules.capacity);
            long foretold = tally.waitFor(ahead, 1, now);
            long from = now;
            for (long i = 0; i <= ahead; i++) {
                for (long wait = tally.take(1, now); wait > 0; wait = tally.take(1, now)) {
                    now += rules.byCalendar() ? wait / 1_000_000 : wait;
                }
            }
            long waited = rules.byCalendar() ? (now - from) * 1_000_000 : now - from;
            // What is far away is foretold in floating point; a leaky bucket loses less than a nanosecond with each
            // call.
            double lost = rules.byCalendar() ? 0 : ahead;
            assertThat((double) foretold)
                    .as("round " + round + " " + rules.rate() + " ahead " + ahead)
                    .isBetween(waited * (1 - 1e-9) - lost - 2, waited * (1 + 1e-9) + 2);
        }
    }

    /** What is taken at once and used later, whenever that may be, never lets through what the promise forbids. */
    @ParameterizedTest
    @EnumSource(value = Algorithm.class, names = "LEAKY_BUCKET", mode = EnumSource.Mode.EXCLUDE)
    void settles_what_was_used_at_unknown_times(Algorithm algorithm) {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = new SplittableRandom(round);
            Rules rules = rules(algorithm, random);
            Promise promise = promise(rules);
            long now = rules.byCalendar() ? 1_700_000_000_000L : Long.MAX_VALUE - 3;
            Tally tally = Tally.begin(rules, now);
            List<Taken> taken = new ArrayList<>();
            long granted = 0;
            long left = 0;
            long typical = Math.max(
                    2, 4 * (rules.byCalendar() ? rules.perMillis : rules.rate().perNanos()) / rules.permits);
            for (int call = 0; call < CALLS; call++) {
                now += random.nextInt(3) == 0 ? random.nextLong(typical) : 0;
                now += random.nextInt(50) == 0 ? random.nextLong(typical * rules.permits) : 0;
                String where = "round " + round + " call " + call + " " + rules.rate();
                if (left > 0 && random.nextInt(8) > 0) {
                    left--;
                } else {
                    tally.settle(left, granted - left, now);
                    granted = 0;
                    left = 0;
                    if (tally.take(1, now) > 0) {
                        continue;
                    }
                    long chunk = 1 + random.nextLong(Math.max(1, rules.capacity / 4));
                    if (tally.take(chunk, now) == 0) {
                        granted = chunk;
                        left = chunk;
                    }
                }
                assertThat(promise.allows(taken, 1, now)).as(where).isTrue();
                taken.add(new Taken(now, 1));
            }
        }
    }

    /** Other rules: what counts as taken counts on, as far as it can. */
    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void counts_on_under_other_rules(Algorithm algorithm) {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = new SplittableRandom(round);
            Rules rules = rules(algorithm, random);
            Rules changed = rules(ANY.get(random.nextInt(ANY.size())), random);
            long now = rules.byCalendar() ? 1_700_000_000_000L : Long.MAX_VALUE - 3;
            Tally tally = Tally.begin(rules, now);
            long cost = algorithm == Algorithm.LEAKY_BUCKET ? 1 + random.nextLong(rules.capacity) : 1;
            for (long left = random.nextLong(rules.capacity + 1); left > 0 && tally.take(cost, now) == 0; left--) {
                assertThat(tally.counted(now)).isPositive();
            }
            long later = changed.byCalendar() ? 1_700_000_000_000L : Long.MAX_VALUE - 3;
            Tally other = Tally.begin(changed, later);
            other.atLeast(tally.counted(now), later);
            double expected = Math.min(tally.counted(now), (double) changed.capacity);
            assertThat(other.counted(later))
                    .as("round " + round + " " + rules.rate() + " " + changed.rate())
                    .isBetween(
                            expected * (1 - 1e-6),
                            expected
                                    + 1
                                    + 2.0 * changed.permits / changed.rate().perNanos());
        }
    }
}
