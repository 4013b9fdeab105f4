package dev.holdfast.runtime.ratelimit;

import dev.holdfast.runtime.Deadline;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The way of one call through its limits: what it asks of each, and what is next. All limits must let it through, and it takes of all or of
 * none, in one moment; so nobody holds permits of one limit while he waits for another one, and no limit sees a call begin later than
 * it was counted.
 *
 * <pre>
 *   ask all ── every one gives ──► IN
 *      │
 *      └─ one does not ── its wait is over within maxWait? ── no ──► refused, at once
 *             ▲                      │ yes
 *             └─── its turn, or ─────┘ stands in that one's line
 * </pre>
 *
 * <p>Belongs to one call, whose steps follow each other on whatever threads.
 */
final class Admission {

    /** {@link #ask}: every limit has given. */
    static final long IN = 0;

    /** {@link #ask}: it is not let through; see {@link #refusal}. */
    static final long REFUSED = -1;

    /** Who was told that he would be served in time is, though threads wake up late. */
    private static final long LATENESS_NANOS = 20_000_000;

    private final Claim[] claims;
    private final String[] keys;
    private final long[] costs;
    private final Meter[] meters;
    private final Time time;

    /** A number that says who came before whom, and when that was; none before it is needed. */
    private long arrival = Long.MAX_VALUE;

    private long sinceNanos;

    /** Of the limit in whose line it stands. */
    private int standsIn = NONE;

    private static final int NONE = -1;

    private @Nullable Throwable refusal;

    /** Of a call with these values of keys, and costs, which are this one's from now on; a claim of cost 0 takes nothing. */
    Admission(Claim[] claims, String[] keys, long[] costs, Time time) {
        this.claims = claims;
        this.keys = keys;
        this.costs = costs;
        this.time = time;
        this.meters = new Meter[claims.length];
        for (int i = 0; i < claims.length; i++) {
            meters[i] = claims[i].limit().meter(keys[i]);
        }
    }

    /**
     * Of a call with these arguments.
     *
     * @throws IllegalArgumentException if it costs what cannot be had
     * @throws Throwable what the application's own code throws where a key or a cost is asked of it
     */
    static Admission of(Claim[] claims, @Nullable Object[] everything, Time time) throws Throwable {
        String[] keys = new String[claims.length];
        long[] costs = new long[claims.length];
        for (int i = 0; i < claims.length; i++) {
            keys[i] = claims[i].key(everything);
            costs[i] = claims[i].cost(everything);
        }
        for (int i = 1; i < claims.length; i++) {
            for (int before = 0; before < i; before++) {
                takeTogether(claims, keys, costs, before, i);
            }
        }
        return new Admission(claims, keys, costs, time);
    }

    /** Two claims on the same permits are one. */
    private static void takeTogether(Claim[] claims, String[] keys, long[] costs, int before, int i) {
        if (costs[before] > 0 && claims[before].limit() == claims[i].limit() && keys[before].equals(keys[i])) {
            costs[i] += costs[before];
            claims[i].fits(costs[i]);
            costs[before] = 0;
        }
    }

    /** Whether asking now would block this thread. */
    boolean mayBlock() {
        for (Meter meter : meters) {
            if (meter.mayBlock()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Asks all limits.
     *
     * @param deadline until when the call may wait at all; null for no limit
     * @param wake told when it has become the first one in its line, so that it should ask again
     * @return {@link #IN}, {@link #REFUSED}, or for how many nanoseconds to wait before it asks again, unless it is woken before
     */
    long ask(@Nullable Deadline deadline, Runnable wake) {
        while (true) {
            long since = claims.length > 1 ? time.nanoTime() : 0;
            int lacks = NONE;
            long ahead = 0;
            long wait = 0;
            for (int i = 0; i < claims.length && lacks == NONE; i++) {
                if (costs[i] > 0) {
                    ahead = lines(i).ahead(keys[i], arrival);
                    wait = ahead > 0 ? Math.max(1, meters[i].waitFor(ahead, costs[i])) : meters[i].take(costs[i]);
                    lacks = wait > 0 ? i : NONE;
                }
            }
            if (lacks == NONE) {
                leave();
                return IN;
            }
            giveBackBefore(lacks, since);
            String denies = ahead > 0 ? null : meters[lacks].denies();
            long patience = patience(lacks);
            if (denies != null || !Deadline.allows(wait, deadline)) {
                leave();
                refusal = claims[lacks].rejected(wait, denies == null ? "" : ", and " + denies);
                return REFUSED;
            }
            if (wait > patience) {
                leave();
                refuse(lacks, ahead, wait);
                return REFUSED;
            }
            stand(lacks, wake);
            if (ahead == 0) {
                return wait;
            }
            if (lines(lacks).ahead(keys[lacks], arrival) > 0) {
                return Math.min(patience, Math.max(wait, wait + LATENESS_NANOS));
            }
        }
    }

    private Lines lines(int i) {
        return claims[i].limit().lines();
    }

    private void giveBackBefore(int lacks, long sinceNanos) {
        for (int i = 0; i < lacks; i++) {
            if (costs[i] > 0) {
                meters[i].giveBack(costs[i], sinceNanos);
            }
        }
    }

    /** How long it may still wait for a limit. */
    private long patience(int i) {
        long most = claims[i].maxWaitNanos();
        if (most == 0) {
            return 0;
        }
        long now = time.nanoTime();
        if (arrival == Long.MAX_VALUE) {
            arrival = Lines.arrival();
            sinceNanos = now;
            return most;
        }
        long late = standsIn == NONE ? 0 : LATENESS_NANOS;
        return most - (now - sinceNanos) + late;
    }

    private void stand(int i, Runnable wake) {
        if (standsIn != i) {
            leave();
            lines(i).join(keys[i], arrival, new Lines.Waiter(costs[i], wake));
            standsIn = i;
        }
    }

    /** Stands in no line any more. */
    void leave() {
        int left = standsIn;
        if (left != NONE) {
            standsIn = NONE;
            lines(left).leave(keys[left], arrival);
        }
    }

    private void refuse(int lacks, long ahead, long wait) {
        long retryAfter = Math.max(ahead > 0 ? untilAdmitted(lacks) : wait - claims[lacks].maxWaitNanos(), 1);
        for (int i = 0; i < claims.length; i++) {
            if (i != lacks && costs[i] > 0) {
                retryAfter = Math.max(retryAfter, untilAdmitted(i));
            }
        }
        refusal = claims[lacks].rejected(retryAfter, "");
    }

    /** In how many nanoseconds the limit would let the call begin to wait that comes after all others; 0 or less for now. */
    private long untilAdmitted(int i) {
        return meters[i].waitFor(lines(i).ahead(keys[i], Long.MAX_VALUE), costs[i]) - claims[i].maxWaitNanos();
    }

    /** Ends a wait that was interrupted: nothing was taken, and those behind move up. */
    Throwable interrupted() {
        int i = Math.max(0, standsIn);
        long wait = meters[i].waitFor(lines(i).ahead(keys[i], arrival), costs[i]);
        leave();
        return claims[i].rejected(Math.max(1, wait), ", and the wait for it was interrupted");
    }

    /** What the caller gets after {@link #REFUSED}. */
    Throwable refusal() {
        Throwable known = refusal;
        if (known == null) {
            throw new IllegalStateException("not refused");
        }
        return known;
    }
}
