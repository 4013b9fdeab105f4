package dev.holdfast.runtime.ratelimit.local;

/**
 * Lets one after the other through, {@code per / permits} apart. A call of cost n is followed by as long a pause as n calls. What comes
 * late is not made up for: the pause counts from the moment at which a call was really let through.
 */
final class LeakyBucket extends Tally {

    private final Rules rules;

    /** When the next one may begin, rounded up. */
    private long nextAt;

    LeakyBucket(Rules rules, long now) {
        this.rules = rules;
        this.nextAt = now;
    }

    @Override
    long take(long cost, long now) {
        long wait = nextAt - now;
        if (wait > 0) {
            return wait;
        }
        nextAt = now + pause(cost);
        return 0;
    }

    private long pause(long cost) {
        return rules.nanosFor(cost) + (rules.restFor(cost) > 0 ? 1 : 0);
    }

    @Override
    void giveBack(long cost, long now) {
        nextAt -= pause(cost);
    }

    @Override
    long waitFor(long ahead, long cost, long now) {
        long first = Math.max(0, nextAt - now);
        return Times.sum(first, ahead > rules.capacity ? rules.about((double) ahead) : pause(ahead));
    }

    @Override
    void settle(long unused, long used, long now) {
        throw new IllegalStateException("one after the other cannot be taken at once");
    }

    @Override
    double counted(long now) {
        return Math.max(
                0, (double) (nextAt - now) * rules.permits / rules.rate().perNanos());
    }

    @Override
    void atLeast(double permits, long now) {
        long least = now + rules.about(Math.min(permits, (double) rules.capacity));
        if (nextAt - least < 0) {
            nextAt = least;
        }
    }
}
