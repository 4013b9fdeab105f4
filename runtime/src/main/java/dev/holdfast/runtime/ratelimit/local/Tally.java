package dev.holdfast.runtime.ratelimit.local;

import dev.holdfast.definition.ratelimit.RateSettings;

/**
 * What was taken of one limit for one value of its key, and what that leaves: the algorithm. It is given the time and never looks at a
 * clock; a bucket by {@link dev.holdfast.runtime.time.Time#nanoTime}, a window by the milliseconds since the epoch ({@link Rules#byCalendar}).
 * Whoever gives it an earlier time than before is answered as if time stood still.
 *
 * <p>Costs are 1 or more. Not thread-safe.
 */
abstract sealed class Tally permits TokenBucket, LeakyBucket, FixedWindow, SlidingWindow {

    /** One of which nothing was taken. */
    static Tally begin(Rules rules, long now) {
        RateSettings rate = rules.rate();
        return switch (rate.algorithm()) {
            case TOKEN_BUCKET -> new TokenBucket(rules, now);
            case LEAKY_BUCKET -> new LeakyBucket(rules, now);
            case FIXED_WINDOW -> new FixedWindow(rules, now);
            case SLIDING_WINDOW -> new SlidingWindow(rules, now);
        };
    }

    /**
     * Takes all of it or nothing.
     *
     * @return 0 if it was taken, else the nanoseconds after which it could be, if nobody else takes anything
     */
    abstract long take(long cost, long now);

    /** Undoes a {@link #take} of this moment. */
    abstract void giveBack(long cost, long now);

    /** In how many nanoseconds there is so much once so much before it has been taken, each as soon as it can be; 0 or more. */
    abstract long waitFor(long ahead, long cost, long now);

    /**
     * Settles what was taken at once some time ago, to be used one by one by those who do not look at the clock: so many are not used, and
     * the others were used at unknown times since then, so that they count as if all were used just now.
     */
    abstract void settle(long unused, long used, long now);

    /** How much of what was taken still counts, as a number of permits; 0 for one that is as good as new. */
    abstract double counted(long now);

    /** Lets at least so many permits count as taken just now. */
    abstract void atLeast(double permits, long now);
}
