package dev.holdfast.runtime.ratelimit.local;

import dev.holdfast.runtime.StackReserve;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A {@link Tally} that several threads may ask.
 *
 * <p><b>How is it fast, and why is it right all the same?</b> What costs most is to look at the clock, and after that that two processors write
 * to one place. So who finds that permits are asked for in quick succession takes some of them out of the tally at once, a chunk, and they
 * are handed out by one atomic decrement each; there are several places for chunks, and a thread has one of them. It is the next
 * one to find none left there who looks at the clock, and then that chunk is settled: whenever it was really used in between, and those of the other
 * places are going to be, no more permits can be left than if all of them were used just now. Take a bucket of 1,000 that is full, and
 * a chunk of 10 that is taken out of it and used an hour later: it counts as if it were used then, so there are 990 left and
 * not 1,000. A chunk may lie about as long as it likes, and no timer has to end it.
 *
 * <p>As a proof for the bucket of B permits, r a second: let L be what is left in the tally by its own account, and T what would be left in a bucket from
 * which each permit was taken when it was used. It holds throughout that T is at least L and all that lies unused in chunks. It does when a
 * chunk is begun. When one of which u are used and k are not is settled, a time t after the last look, while chunks of g permits lie in other
 * places, L becomes min(B − u − g, L + k + r·t). And T is the least if all that was used was used just now, n permits, for then the time before has
 * filled nothing that was full: T ≥ min(B, L + all chunks + r·t) − n, where n is at most u and what is gone of g.
 *
 * <p>The price is that up to the size of the chunks may be refused which the algorithm alone would admit, where a chunk was begun, then nobody
 * came for long, and then all the capacity is asked for at once. All chunks together are at most {@link #SHARE a 64th} of the capacity, and at
 * most {@link #MOST} each; there are none smaller than {@link #LEAST}, nor where calls are not in quick succession: there each call
 * looks at the clock, and nothing is refused. Before anybody is refused, all chunks are taken back.
 *
 * <p>Thread-safe. All but what is left of chunks is guarded by this, held for a few assignments and around nothing that blocks.
 */
final class LocalMeter implements Meter {

    /** All chunks together are that part of the capacity, at most. */
    static final int SHARE = 64;

    /** Permits in one chunk: with so many, looking at the clock costs next to nothing for each. */
    static final int MOST = 1024;

    /** Smaller chunks are not worth it. */
    static final int LEAST = 4;

    /** Who comes back to the tally so soon is in quick succession; the milliseconds of a window are coarser than that. */
    private static final long SOON_NANOS = 100_000;

    // Of a place the first number is what is left of its chunk; who finds none left leaves a number below 0, which
    // counts as 0. The
    // others follow, and where there are several places, as many more as keep each on a cache line of its own; the
    // first of them lies
    // away from the length of the array, which everybody reads.

    /** The size of the chunk, until it is settled; 0 for none. */
    private static final int GRANTED = 1;

    /** The size of the last one, if calls are in quick succession. */
    private static final int SIZE = 2;

    /** When somebody looked at the clock last. */
    private static final int LOOKED_AT = 3;

    private static final int LENGTH = 4;
    private static final int SHIFT = 4;

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private static final long RETIRED = -1;

    /** So often its use is told to the cache: for its choice of whom to keep that is often enough. */
    private static final int SEEN_EVERY = 32;

    private final LocalMeters owner;
    private final String key;
    private final long[] places;

    /** How many places there are, a power of 2, less 1. */
    private final int mask;

    /** Where the first one begins. */
    private final int first;

    /** How often it was taken without a look into the cache, more or less: threads may count for each other. */
    private int unseen;

    private Rules rules;
    private Tally tally;

    /** Written under the lock. */
    private volatile boolean retired;

    /**
     * With a tally that nobody else asks.
     *
     * @param places for chunks, a power of 2
     */
    LocalMeter(LocalMeters owner, String key, Rules rules, Tally tally, long now, int places) {
        this.owner = owner;
        this.key = key;
        this.rules = rules;
        this.tally = tally;
        this.mask = places - 1;
        this.first = mask == 0 ? 0 : 1 << SHIFT;
        this.places = new long[mask == 0 ? LENGTH : first + (places << SHIFT)];
        lookedAt(now);
    }

    private void lookedAt(long now) {
        for (int at = first; at < places.length; at += 1 << SHIFT) {
            places[at + LOOKED_AT] = now;
            places[at + SIZE] = 0;
        }
    }

    /**
     * Whether it is the one of that key, and may be taken without a look into the cache; every once in a while not, as the cache must know that the
     * key is in use.
     */
    boolean isNear(String asked) {
        return asked.equals(key) && !retired && ++unseen % SEEN_EVERY != 0;
    }

    @Override
    public long take(long cost) {
        int at = mask == 0 ? 0 : first + (((int) Thread.currentThread().getId() & mask) << SHIFT);
        return takeOfChunk(at, cost) ? 0 : takeOfTally(at, cost);
    }

    private boolean takeOfChunk(int at, long cost) {
        if (cost == 1) {
            return (long) ELEMENT.getAndAdd(places, at, -1L) > 0;
        }
        long left = (long) ELEMENT.getVolatile(places, at);
        while (left >= cost) {
            if (ELEMENT.compareAndSet(places, at, left, left - cost)) {
                return true;
            }
            left = (long) ELEMENT.getVolatile(places, at);
        }
        return false;
    }

    private long takeOfTally(int at, long cost) {
        StackReserve.requireLittle();
        long wait = takeOwn(at, cost);
        return wait == RETIRED ? owner.meter(key).take(cost) : wait;
    }

    private synchronized long takeOwn(int at, long cost) {
        if (retired) {
            return RETIRED;
        }
        if ((long) ELEMENT.getVolatile(places, at) > 0 && takeOfChunk(at, cost)) {
            return 0; // somebody else was here
        }
        rules(owner.rules()); // it may have begun while they changed
        long now = owner.now(rules);
        settle(at, now);
        if (tally.take(cost, now) == 0) {
            begin(at, now);
            return 0;
        }
        settleAll(now);
        places[at + SIZE] = 0;
        return tally.take(cost, now);
    }

    /** Nobody is to be told of what is left before this was called. */
    private void settle(int at, long now) {
        long others = 0;
        for (int other = first; other < places.length; other += 1 << SHIFT) {
            others += places[other + GRANTED];
        }
        if (others > 0) {
            long granted = places[at + GRANTED];
            long unused = granted == 0 ? 0 : Math.max(0, (long) ELEMENT.getAndSet(places, at, 0L));
            tally.settle(unused, others - unused, now);
            places[at + GRANTED] = 0;
        }
    }

    private void settleAll(long now) {
        for (int at = first; at < places.length; at += 1 << SHIFT) {
            settle(at, now);
        }
    }

    /** Begins a chunk if it is going to be used soon. */
    private void begin(int at, long now) {
        boolean soon = now - places[at + LOOKED_AT] <= (rules.byCalendar() ? 0 : SOON_NANOS);
        long most = Math.min(MOST, rules.mostInChunks / (mask + 1));
        long size = soon ? Math.min(Math.max(1, 2 * places[at + SIZE]), most) : 0;
        places[at + LOOKED_AT] = now;
        places[at + SIZE] = size;
        if (size >= LEAST && tally.take(size, now) == 0) {
            places[at + GRANTED] = size;
            ELEMENT.setVolatile(places, at, size);
        }
    }

    @Override
    public synchronized void giveBack(long cost, long sinceNanos) {
        // What an evicted one is given back is lost: its successor knows it as taken.
        long now = owner.now(rules);
        settleAll(now);
        tally.giveBack(cost, now);
    }

    @Override
    public synchronized long waitFor(long ahead, long cost) {
        long now = owner.now(rules);
        settleAll(now);
        return tally.waitFor(ahead, cost, now);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    /** Goes by other rules; as much counts as taken as does now. */
    synchronized void rules(Rules changed) {
        if (changed == rules) {
            return;
        }
        long before = owner.now(rules);
        settleAll(before);
        long now = owner.now(changed);
        Tally other = Tally.begin(changed, now);
        other.atLeast(tally.counted(before), now);
        rules = changed;
        tally = other;
        lookedAt(now);
    }

    /**
     * Ends it: who has it still in hand asks for another one.
     *
     * @return how many permits still count as taken under these rules
     */
    synchronized double retire(Rules present, long now) {
        rules(present);
        settleAll(now);
        retired = true;
        return tally.counted(now);
    }
}
