package dev.holdfast.runtime.ratelimit;

import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.template.Filling;
import dev.holdfast.runtime.time.Time;

/**
 * Limits that look at no argument: a call that finds permits goes in on the wrapper's short way. Whoever does not finds out on the long way
 * what is next. It does not mind how a call ends that was let through; others may, so there is a ticket all the same. Thread-safe.
 */
final class ShortGate extends RateGate implements Policy.Gate {

    private static final long LONG_WAY = -1;
    private static final long TICKET = 1;

    private final Limit[] limits;
    private final long[] costs;
    private final Time time;

    /** The first limit of a cluster, if another one may yet say no after it; else one that there is not. */
    private final int timed;

    /** With claims that have neither a key nor a computed cost. */
    ShortGate(Claim[] claims, InForce inForce, Time time) {
        super(claims, inForce, time);
        this.limits = new Limit[claims.length];
        this.costs = new long[claims.length];
        for (int i = 0; i < claims.length; i++) {
            limits[i] = claims[i].limit();
            costs[i] = claims[i].fixedCost();
        }
        this.time = time;
        int locals = 0;
        while (locals < limits.length && !limits[locals].settings().cluster()) {
            locals++;
        }
        this.timed = locals < limits.length - 1 ? locals : limits.length;
    }

    static boolean serves(Claim[] claims) {
        for (Claim claim : claims) {
            if (claim.limit().settings().keyed() || claim.fixedCost() == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }

    @Override
    public long enter() {
        if (Filling.isHere()) {
            return TICKET;
        }
        for (int i = timed; i < limits.length; i++) {
            if (limits[i].meter("").refuses(costs[i]) > 0) {
                return LONG_WAY; // before anything is taken
            }
        }
        long since = 0;
        for (int i = 0; i < limits.length; i++) {
            if (i == timed) {
                since = time.nanoTime();
            }
            if (!limits[i].lines().isEmpty() || limits[i].meter("").take(costs[i]) != 0) {
                for (int taken = 0; taken < i; taken++) {
                    limits[taken].meter("").giveBack(costs[taken], since);
                    limits[taken].lines().wakeFirst("", Lines.NOBODY);
                }
                return LONG_WAY;
            }
        }
        return TICKET;
    }

    @Override
    public void exit(long ticket) {
        // It holds nothing that would have to be given back.
    }

    @Override
    public void abandon(long ticket) {
        // As after a result.
    }

    @Override
    public boolean takesTicketsOf(Policy.Gate earlier) {
        return earlier instanceof ShortGate;
    }
}
