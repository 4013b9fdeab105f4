package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.Algorithm;
import java.util.concurrent.TimeUnit;

/**
 * How many permits a node takes at once, and how long it may hold them. Whatever is held is kept free of others, so to hold more, or for longer, takes fewer round trips and
 * costs capacity. Pure.
 *
 * @param terms of the limit
 * @param roundTripNanos a usual one
 */
record Holding(Terms terms, long roundTripNanos) {

    /** A lease. At 200 ms a fifth of the round trips could be saved, at 50 ms of the permits nothing worth mentioning is lost. */
    static final long LEASE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Where answers take long, a lease must last longer than they do: so many of them. */
    private static final long ROUND_TRIPS = 4;

    /** But no longer than that. */
    static final long LONGEST_LEASE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Below, a lease saves nothing. */
    private static final long LEAST_LEASE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A lease is as large as what is going to be used in that part of its time, and is renewed after that. */
    static final double USED_PART = 0.8;

    /** How late a permit may be used that was granted to be used at once. */
    static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LEAST_LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Of the time to come. Where nodes take turns each turn costs what is to spare at its end, so it should not be short; and all others wait for as long. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long MOST_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** What is reserved begins no later than that: others are to have their turn, too. */
    static final long WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** Permits that a node should get for a round trip, where they are scarce. */
    private static final double SCARCE = 8;

    /** A node that got less than it would have taken does not ask more often than that, however fast permits come. */
    private static final double LEAST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How long a lease lasts; 0 if there are none. */
    long leaseNanos() {
        if (terms.algorithm() == Algorithm.LEAKY_BUCKET) {
            return 0;
        }
        // What can gather must last for some leases, or else what is held is all that there is.
        long wanted = Math.min(LONGEST_LEASE_NANOS, Math.max(LEASE_NANOS, ROUND_TRIPS * roundTripNanos));
        long nanos = Math.min(wanted, terms.nanosOf((double) terms.capacity()) / 4);
        // One that is half over when it comes is still better than to ask for each call: then it is the answers that
        // limit.
        return nanos < Math.max(LEAST_LEASE_NANOS, 2 * roundTripNanos) ? 0 : nanos;
    }

    /**
     * How many permits a node takes that uses so many in a nanosecond: what it uses in most of a lease, and no more than what all nodes get in that time, so that
     * what is never used is made up for soon.
     *
     * @return 0 if it takes just what is asked for
     */
    long chunk(double rate) {
        long lease = leaseNanos();
        double permits = Math.min(USED_PART * rate, terms.rate()) * lease;
        return permits < 2 ? 0 : (long) permits;
    }

    /** How long after its grant a permit counts as unused that is to be used at once. */
    long directNanos() {
        long late = Math.max(LEAST_LATE_NANOS, 4 * roundTripNanos);
        if (terms.algorithm() == Algorithm.LEAKY_BUCKET) {
            return Math.max(2 * roundTripNanos, Math.min(LEAST_LATE_NANOS * 5, terms.nanosOf(1) / 40));
        }
        if (terms.rate() * LATE_NANOS < 1) {
            return 0; // what comes in that time is less than a permit
        }
        return Math.max(
                2 * roundTripNanos,
                Math.min(LATE_NANOS, Math.max(late, terms.nanosOf((double) terms.capacity()) / 100)));
    }

    /**
     * How much of the time to come a node reserves for those who stand in line there; 0 if that is of no use. A bucket that can hold what comes in that time loses nothing while they are
     * late; one that cannot loses what comes between a permit and the question for the next one, each time.
     */
    long aheadNanos() {
        long nanos = Math.min(LONGEST_LEASE_NANOS, Math.max(AHEAD_NANOS, ROUND_TRIPS * roundTripNanos));
        long held = terms.algorithm() == Algorithm.LEAKY_BUCKET ? 1 : terms.capacity();
        return terms.isWindow() || terms.rate() * nanos < 2 || terms.nanosOf((double) held) > nanos / 2 ? 0 : nanos;
    }

    /** How many permits it reserves, where so many are wanted, for a call of that cost and others. */
    long ahead(long cost, long wanted) {
        return Math.max(cost, Math.min(wanted, (long) (terms.rate() * aheadNanos())));
    }

    /** How much longer that is than it would have to be, for what comes late. What is not needed of it is lost where another node is next. */
    long slackNanos() {
        return Math.max(2 * roundTripNanos, Math.min(MOST_SLACK_NANOS, terms.nanosOf(1) / 3));
    }

    /** How long a node rests that did not get what it would have taken, so that more is there next time. */
    long restNanos(double rate) {
        double most = USED_PART * leaseNanos();
        return rate * most < 2 ? 0 : (long) Math.min(most, Math.max(LEAST_REST_NANOS, SCARCE / rate));
    }
}
