package dev.holdfast.runtime.ratelimit.local;

/**
 * A bucket that holds so many permits and gets another one each {@code per / permits}, as long as it is not full. It is kept as one
 * point in time, at which it is going to be full: each permit that is taken moves that on by the time for one permit, and there are as
 * many permits as fit between that point and the farthest that it may lie ahead.
 *
 * <pre>
 *   10 a second, burst 5, 2 taken:           3 are left
 *   now ─────────┬─────────┬╌╌╌╌╌╌╌╌╌┬╌╌╌╌╌╌╌╌╌┬╌╌╌╌╌╌╌╌╌┐
 *              100 ms    full                          500 ms: empty
 * </pre>
 *
 * <p>In any time W it gives at most {@code burst + permits · W / per}. Nothing is rounded.
 */
final class TokenBucket extends Tally {

    private final Rules rules;

    /** When it is full, and the fraction of a nanosecond on top of that, in parts of {@link Rules#parts}. */
    private long fullAt;

    private long fullAtRest;

    TokenBucket(Rules rules, long now) {
        this.rules = rules;
        this.fullAt = now;
    }

    @Override
    long take(long cost, long now) {
        catchUp(now);
        long ahead = fullAt - now;
        boolean isOne = cost == 1;
        long slack = isOne ? rules.slackNanos : rules.nanosFor(rules.capacity - cost);
        long slackRest = isOne ? rules.slackRest : rules.restFor(rules.capacity - cost);
        if (ahead < slack || (ahead == slack && fullAtRest <= slackRest)) {
            moveOn(cost);
            return 0;
        }
        return ahead - slack + (fullAtRest > slackRest ? 1 : 0);
    }

    /** A bucket does not get fuller than full. */
    private void catchUp(long now) {
        if (fullAt - now < 0) {
            fullAt = now;
            fullAtRest = 0;
        }
    }

    private void moveOn(long count) {
        fullAt += rules.nanosFor(count);
        fullAtRest += rules.restFor(count);
        if (fullAtRest >= rules.parts) {
            fullAtRest -= rules.parts;
            fullAt++;
        }
    }

    @Override
    void giveBack(long cost, long now) {
        fullAt -= rules.nanosFor(cost);
        fullAtRest -= rules.restFor(cost);
        if (fullAtRest < 0) {
            fullAtRest += rules.parts;
            fullAt--;
        }
    }

    @Override
    long waitFor(long ahead, long cost, long now) {
        long behind = Math.max(0, fullAt - now);
        long rest = behind == 0 ? 0 : fullAtRest;
        long all = ahead + cost;
        if (all < 0) {
            return Long.MAX_VALUE;
        }
        if (all <= rules.capacity) {
            long slack = rules.nanosFor(rules.capacity - all);
            return Math.max(0, behind - slack + (rest > rules.restFor(rules.capacity - all) ? 1 : 0));
        }
        long over = all - rules.capacity;
        return over > rules.capacity
                ? Times.sum(behind, rules.about((double) over))
                : Times.sum(behind, rules.nanosFor(over) + (rest + rules.restFor(over) > 0 ? 1 : 0));
    }

    /** Never more is left than in a bucket from which these were taken just now, nor than in one from which they were taken before. */
    @Override
    void settle(long unused, long used, long now) {
        giveBack(unused, now);
        long least = now + rules.nanosFor(used);
        long leastRest = rules.restFor(used);
        if (fullAt - least < 0 || (fullAt == least && fullAtRest < leastRest)) {
            fullAt = least;
            fullAtRest = leastRest;
        }
    }

    @Override
    double counted(long now) {
        double ahead = fullAt - now + (double) fullAtRest / rules.parts;
        return Math.max(0, ahead * rules.permits / rules.rate().perNanos());
    }

    @Override
    void atLeast(double permits, long now) {
        long least = now + rules.about(Math.min(permits, (double) rules.capacity));
        if (fullAt - least < 0) {
            fullAt = least;
            fullAtRest = 0;
        }
    }
}
