package dev.holdfast.runtime.ratelimit.local;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What keys had taken whose meters had to go, in 20 bytes each: a hash of the key, how many permits counted as taken, and when. There are sets of
 * {@link #WAYS} of them; the hash says which set. Where a set is full it becomes twice as many sets, up to {@link #MOST}; from then on of a set
 * the one goes that counts least. So what may be forgotten, after a million others, is somebody who has hardly taken anything.
 *
 * <p>The hash has 64 bits and is another one in each JVM: nobody can choose keys that share one.
 *
 * <p>Thread-safe, guarded by this. It calls nothing that blocks.
 */
final class Remembered {

    static final int WAYS = 8;

    /** In all, at 20 bytes each; a sixth of the heap where that is small. */
    static final int MOST = most(Runtime.getRuntime().maxMemory());

    private static final int FIRST_SETS = 64;
    private static final long SEED = ThreadLocalRandom.current().nextLong() | 1;

    private long[] hashes = new long[0];
    private float[] counts = new float[0];
    private long[] times = new long[0];

    /** A power of 2. */
    private static int most(long heap) {
        long entries = Math.min(1 << 20, Math.max(1 << 16, heap / 120));
        return (int) Long.highestOneBit(entries);
    }

    /** Remembers that so many permits counted as taken at that time. */
    synchronized void put(String key, double counted, long now, Rules rules) {
        if (hashes.length == 0) {
            size(FIRST_SETS * WAYS);
        }
        long hash = hash(key);
        while (!put(hash, counted, now, rules, now)) {
            if (hashes.length >= MOST) {
                replace(hash, counted, now, rules);
                return;
            }
            grow(rules, now);
        }
    }

    private boolean put(long hash, double counted, long at, Rules rules, long now) {
        int first = firstOf(hash);
        for (int i = first; i < first + WAYS; i++) {
            if (counts[i] == 0 || hashes[i] == hash || countedNow(i, rules, now) == 0) {
                set(i, hash, counted, at);
                return true;
            }
        }
        return false;
    }

    private void set(int i, long hash, double counted, long at) {
        hashes[i] = hash;
        counts[i] = atLeast(counted);
        times[i] = at;
    }

    private static float atLeast(double counted) {
        float near = (float) counted;
        return near < counted ? Math.nextUp(near) : near;
    }

    private int firstOf(long hash) {
        return (int) (hash >>> 32) & (hashes.length - 1) & -WAYS;
    }

    private double countedNow(int i, Rules rules, long now) {
        return tally(i, rules).counted(now);
    }

    private Tally tally(int i, Rules rules) {
        Tally tally = Tally.begin(rules, times[i]);
        tally.atLeast(counts[i], times[i]);
        return tally;
    }

    private void grow(Rules rules, long now) {
        long[] oldHashes = hashes;
        float[] oldCounts = counts;
        long[] oldTimes = times;
        size(2 * oldHashes.length);
        for (int i = 0; i < oldHashes.length; i++) {
            // A set becomes two, so there is always room.
            if (oldCounts[i] != 0 && !put(oldHashes[i], oldCounts[i], oldTimes[i], rules, now)) {
                throw new IllegalStateException("a set of more than " + WAYS);
            }
        }
    }

    private void size(int entries) {
        hashes = new long[entries];
        counts = new float[entries];
        times = new long[entries];
    }

    private void replace(long hash, double counted, long now, Rules rules) {
        int first = firstOf(hash);
        int least = first;
        double leastCount = Double.MAX_VALUE;
        for (int i = first; i < first + WAYS; i++) {
            double count = countedNow(i, rules, now);
            if (count < leastCount) {
                leastCount = count;
                least = i;
            }
        }
        if (counted >= leastCount) {
            set(least, hash, counted, now);
        }
    }

    /** Gives what is remembered of a key, and forgets it; null if that is nothing. */
    synchronized @Nullable Tally take(String key, Rules rules, long now) {
        if (hashes.length == 0) {
            return null;
        }
        long hash = hash(key);
        int first = firstOf(hash);
        for (int i = first; i < first + WAYS; i++) {
            if (counts[i] != 0 && hashes[i] == hash) {
                Tally tally = tally(i, rules);
                counts[i] = 0;
                return tally;
            }
        }
        return null;
    }

    /** Goes by other rules; as much counts as taken as does now. */
    synchronized void rules(Rules before, long nowBefore, Rules changed, long now) {
        for (int i = 0; i < hashes.length; i++) {
            if (counts[i] != 0) {
                counts[i] = atLeast(Math.min(countedNow(i, before, nowBefore), (double) changed.capacity));
                times[i] = now;
            }
        }
    }

    /** How many keys it knows something of. */
    synchronized int size() {
        int size = 0;
        for (float count : counts) {
            size += count == 0 ? 0 : 1;
        }
        return size;
    }

    private static long hash(String key) {
        long hash = SEED;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 32)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 29)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 32);
    }
}
