package dev.holdfast.runtime.ratelimit.local;

import dev.holdfast.runtime.StackReserve;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A {@link Tally} that several threads may ask.
 *
 * <p><b>How is it fast, and why is it right all the same?</b> What costs most is to look at the clock. So who finds that permits are asked
 * for in quick succession takes some of them out of the tally at once, a chunk, and they are handed out by one atomic decrement each. It is
 * the next one to find none left who looks at the clock, and then the chunk is settled: whenever it was really used in between, no more permits
 * can be left than if all of it were used just now. Take a bucket of 1,000 that is full, and a chunk of 10 that is taken out of it and used
 * an hour later: it counts as if it were used then, so there are 990 left and not 1,000. A chunk may lie about as long as it likes,
 * and no timer has to end it.
 *
 * <p>The price is that up to a chunk may be refused which the algorithm alone would admit, where a chunk was begun, then nobody came for long,
 * and then all the capacity is asked for at once. A chunk is at most {@link #SHARE a 64th} of the capacity, at most {@link #MOST}, and there is none
 * below {@link #LEAST}, nor where calls are not in quick succession: there each call looks at the clock, and nothing is refused.
 *
 * <p>Thread-safe. All but the chunk is guarded by this, held for a few assignments and around nothing that blocks.
 */
final class LocalMeter implements Meter {

    /** A chunk is that part of the capacity, at most. */
    static final int SHARE = 64;

    /** Permits in one chunk: with so many, looking at the clock costs next to nothing for each. */
    static final int MOST = 1024;

    /** Smaller chunks are not worth it. */
    static final int LEAST = 4;

    /** Who comes back to the tally so soon is in quick succession; the milliseconds of a window are coarser than that. */
    private static final long SOON_NANOS = 100_000;

    /** Who finds none left leaves a number below 0, which counts as 0. */
    private static final VarHandle CHUNK;

    static {
        try {
            CHUNK = MethodHandles.lookup().findVarHandle(LocalMeter.class, "chunk", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private volatile long chunk;

    private final LocalMeters owner;
    private final String key;
    private Rules rules;
    private Tally tally;

    /** The size of the last chunk, until it is settled. */
    private long granted;

    /** The size of the next one, if it comes soon. */
    private long next;

    private long lookedAt;
    private boolean retired;

    /** Of which nothing was taken. */
    LocalMeter(LocalMeters owner, String key, Rules rules, Tally tally, long now) {
        this.owner = owner;
        this.key = key;
        this.rules = rules;
        this.tally = tally;
        this.lookedAt = now;
    }

    @Override
    public long take(long cost) {
        return takeOfChunk(cost) ? 0 : takeOfTally(cost);
    }

    private boolean takeOfChunk(long cost) {
        if (cost == 1) {
            return (long) CHUNK.getAndAdd(this, -1L) > 0;
        }
        long left = chunk;
        while (left >= cost) {
            if (CHUNK.compareAndSet(this, left, left - cost)) {
                return true;
            }
            left = chunk;
        }
        return false;
    }

    private long takeOfTally(long cost) {
        StackReserve.requireLittle();
        long wait = takeOwn(cost);
        return wait == RETIRED ? owner.meter(key).take(cost) : wait;
    }

    private static final long RETIRED = -1;

    private synchronized long takeOwn(long cost) {
        if (retired) {
            return RETIRED;
        }
        if (chunk > 0 && takeOfChunk(cost)) {
            return 0; // somebody else was here
        }
        long now = owner.now(rules);
        settle(now);
        long wait = tally.take(cost, now);
        if (wait == 0) {
            begin(now);
        } else {
            next = 0;
        }
        return wait;
    }

    private void settle(long now) {
        if (granted > 0) {
            long unused = Math.max(0, (long) CHUNK.getAndSet(this, 0L));
            tally.settle(unused, granted - unused, now);
            granted = 0;
        }
    }

    /** Begins a chunk if it is going to be used soon. */
    private void begin(long now) {
        boolean soon = now - lookedAt <= (rules.byCalendar() ? 0 : SOON_NANOS);
        lookedAt = now;
        next = soon ? Math.min(Math.max(1, 2 * next), rules.mostInChunk) : 0;
        if (next > 0 && tally.take(next, now) == 0) {
            granted = next;
            chunk = next;
        }
    }

    @Override
    public synchronized void giveBack(long cost) {
        // What an evicted one is given back is lost: its successor knows it as taken.
        tally.giveBack(cost, owner.now(rules));
    }

    @Override
    public synchronized long waitFor(long ahead, long cost) {
        long now = owner.now(rules);
        settle(now);
        return tally.waitFor(ahead, cost, now);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    /** Goes by other rules; as much counts as taken as does now. */
    synchronized void rules(Rules changed) {
        long before = owner.now(rules);
        settle(before);
        long now = owner.now(changed);
        Tally other = Tally.begin(changed, now);
        other.atLeast(tally.counted(before), now);
        rules = changed;
        tally = other;
        next = 0;
        lookedAt = now;
    }

    /**
     * Ends it: who has it still in hand asks for another one.
     *
     * @return how many permits still count as taken
     */
    synchronized double retire(long now) {
        settle(now);
        retired = true;
        return tally.counted(now);
    }
}
