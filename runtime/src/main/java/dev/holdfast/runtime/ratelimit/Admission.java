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

    /** A limit of a cluster may have permits before the time that it told: another node gave them back. The first in line looks so often. */
    private static final long LOOKED_NANOS = 1_000_000_000;

    /** Who has asked for longer does not find out on the network what other limits would say. */
    private static final long KNOWING_NANOS = 50_000_000;

    private final Claim[] claims;
    /** What was in force when it began; in another order where one limit has several keys. */
    private final Claim[] given;

    private final String[] keys;
    private final long[] costs;
    private final Meter[] meters;
    private final Time time;

    /** A number that says who came before whom, and when that was; none before it is needed. */
    private long arrival = Long.MAX_VALUE;

    private long sinceNanos;

    /** What those take who stand before it in the line of the limit that was asked last. */
    private long ahead;

    /** Of the limit in whose line it stands. */
    private int standsIn = NONE;

    private static final int NONE = -1;

    /** The same call by earlier settings, until this one has found its place. */
    private @Nullable Admission earlier;

    private @Nullable Throwable refusal;

    /** Of a call with these values of keys, and costs, which are this one's from now on; a claim of cost 0 takes nothing. */
    Admission(Claim[] claims, String[] keys, long[] costs, Time time) {
        this.given = claims;
        this.claims = inOrder(claims, keys, costs);
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

    /** Puts those of one limit in the order of their keys, as from "a" to "b" and from "b" to "a" must not take in opposite order. */
    private static Claim[] inOrder(Claim[] claims, String[] keys, long[] costs) {
        Claim[] ordered = claims;
        for (int i = 1; i < claims.length; i++) {
            for (int at = i; at > 0 && isBefore(ordered[at], keys[at], ordered[at - 1], keys[at - 1]); at--) {
                ordered = ordered == claims ? claims.clone() : ordered;
                Claim claim = ordered[at];
                String key = keys[at];
                long cost = costs[at];
                ordered[at] = ordered[at - 1];
                keys[at] = keys[at - 1];
                costs[at] = costs[at - 1];
                ordered[at - 1] = claim;
                keys[at - 1] = key;
                costs[at - 1] = cost;
            }
        }
        return ordered;
    }

    private static boolean isBefore(Claim one, String key, Claim other, String otherKey) {
        return one.limit() == other.limit() && key.compareTo(otherKey) < 0;
    }

    /** Two claims on the same permits are one. */
    private static void takeTogether(Claim[] claims, String[] keys, long[] costs, int before, int i) {
        if (costs[before] > 0 && claims[before].limit() == claims[i].limit() && keys[before].equals(keys[i])) {
            costs[i] += costs[before];
            claims[i].fits(costs[i]);
            costs[before] = 0;
        }
    }

    /** Whether that was in force when it began. */
    boolean goesBy(Claim[] inForce) {
        return inForce == given;
    }

    /**
     * The same call, which has waited, by what is in force now; itself if that has not changed.
     *
     * @throws IllegalArgumentException if it costs what cannot be had now
     * @throws Throwable what the application's own code throws where a key or a cost is asked of it
     */
    Admission by(Claim[] inForce, @Nullable Object[] everything) throws Throwable {
        if (goesBy(inForce)) {
            return this;
        }
        Admission next = of(inForce, everything, time);
        next.arrival = arrival;
        next.sinceNanos = sinceNanos;
        next.earlier = this;
        return next;
    }

    /** Whether asking now would block this thread. */
    boolean mayBlock() {
        for (int i = 0; i < meters.length; i++) {
            if (costs[i] > 0 && meters[i].mayBlock(costs[i])) {
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
            long wait = 0;
            for (int i = 0; i < claims.length && claims.length > 1 && lacks == NONE; i++) {
                wait = ask(i, false);
                lacks = wait > 0 ? i : NONE;
            }
            int asked = 0;
            for (int i = 0; i < claims.length && lacks == NONE; i++) {
                asked = i;
                wait = ask(i, true);
                lacks = wait > 0 ? i : NONE;
            }
            if (lacks == NONE) {
                leave();
                return IN;
            }
            giveBack(asked, since);
            String denies = ahead > 0 ? null : meters[lacks].denies();
            long patience = patience(lacks);
            if (denies != null || !Deadline.allows(wait, deadline)) {
                leave();
                if (denies == null) {
                    refuse(lacks, asked, wait, since, false);
                } else {
                    refusal = claims[lacks].rejected(wait, ", and " + denies);
                }
                return REFUSED;
            }
            if (wait > patience) {
                leave();
                refuse(lacks, asked, ahead > 0 ? waitOfAll(lacks) : wait, since, true);
                return REFUSED;
            }
            stand(lacks, wake);
            if (ahead == 0) {
                return claims[lacks].limit().settings().cluster() ? Math.min(wait, LOOKED_NANOS) : wait;
            }
            if (lines(lacks).ahead(keys[lacks], arrival) > 0) {
                return Math.min(patience, Math.max(wait, wait + LATENESS_NANOS));
            }
        }
    }

    /**
     * One of the limits.
     *
     * @param takes or else it is only looked whether it is known to say no: then nothing need be taken of the others for a moment, for all nodes to see
     * @return for how many nanoseconds to wait; 0 if that one lets it through
     */
    private long ask(int i, boolean takes) {
        if (costs[i] == 0) {
            return 0;
        }
        ahead = lines(i).ahead(keys[i], arrival);
        if (ahead > 0) {
            return Math.max(1, meters[i].waitFor(ahead, costs[i]));
        }
        return takes ? take(i) : meters[i].refuses(costs[i]);
    }

    private long take(int i) {
        return i == standsIn
                ? meters[i].take(costs[i], lines(i).behind(keys[i], arrival), patience(i))
                : meters[i].take(costs[i]);
    }

    private Lines lines(int i) {
        return claims[i].limit().lines();
    }

    private void giveBack(int asked, long sinceNanos) {
        for (int i = 0; i < asked; i++) {
            if (costs[i] > 0) {
                meters[i].giveBack(costs[i], sinceNanos);
                lines(i).wakeFirst(keys[i], arrival); // who was told to wait meanwhile
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
        long late = standsIn == NONE && earlier == null ? 0 : LATENESS_NANOS;
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
        Admission before = earlier;
        if (before != null) {
            earlier = null;
            before.leave();
        }
        int left = standsIn;
        if (left != NONE) {
            standsIn = NONE;
            if (lines(left).leave(keys[left], arrival)) {
                meters[left].nobodyWaits();
            }
        }
    }

    /** Names the limit that it would have to wait for longest: when that lets it through, all do, if nobody else comes. */
    private void refuse(int lacks, int asked, long wait, long sinceNanos, boolean waits) {
        int longest = lacks;
        long retryAfter = wait - maxWaitNanos(lacks, waits);
        for (int i = 0; i < claims.length; i++) {
            if (i != lacks && costs[i] > 0) {
                if (i >= asked && time.nanoTime() - sinceNanos < KNOWING_NANOS) {
                    meters[i].know(costs[i]); // it was not asked
                }
                long until = waitOfAll(i) - maxWaitNanos(i, waits);
                longest = until > retryAfter ? i : longest;
                retryAfter = Math.max(retryAfter, until);
            }
        }
        refusal = claims[longest].rejected(Math.max(1, retryAfter), "");
    }

    private long maxWaitNanos(int i, boolean waits) {
        return waits ? claims[i].maxWaitNanos() : 0;
    }

    /** In how many nanoseconds the limit would have permits for the call if it came after all others; 0 for now. */
    private long waitOfAll(int i) {
        return meters[i].waitFor(lines(i).ahead(keys[i], Long.MAX_VALUE), costs[i]);
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
