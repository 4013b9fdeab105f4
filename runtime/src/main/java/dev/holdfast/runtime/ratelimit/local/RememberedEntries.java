package dev.holdfast.runtime.ratelimit.local;

import org.jspecify.annotations.Nullable;

/** Sets of {@link Remembered#WAYS} entries, as many sets as a power of 2, or none. Not thread-safe. */
final class RememberedEntries {

    private static final int WAYS = Remembered.WAYS;

    private final long[] hashes;
    private final float[] counts;
    private final long[] times;

    /** So many, none of them used. */
    RememberedEntries(int size) {
        this.hashes = new long[size];
        this.counts = new float[size];
        this.times = new long[size];
    }

    int size() {
        return hashes.length;
    }

    /** How many say something. */
    int used() {
        int used = 0;
        for (float count : counts) {
            used += count == 0 ? 0 : 1;
        }
        return used;
    }

    /** These, in twice as many sets. */
    RememberedEntries twice(Rules rules, long now) {
        RememberedEntries twice = new RememberedEntries(Math.max(WAYS, 2 * size()));
        for (int i = 0; i < size(); i++) {
            // A set becomes two, so there is always room.
            if (counts[i] != 0 && !twice.put(hashes[i], counts[i], times[i], rules, now)) {
                throw new IllegalStateException("a set of more than " + WAYS);
            }
        }
        return twice;
    }

    /** False if the set is full. */
    boolean put(long hash, double counted, long at, Rules rules, long now) {
        if (size() == 0) {
            return false;
        }
        int first = firstOf(hash);
        for (int i = first; i < first + WAYS; i++) {
            if (counts[i] == 0 || hashes[i] == hash || countedNow(i, rules, now) == 0) {
                set(i, hash, counted, at);
                return true;
            }
        }
        return false;
    }

    /** Instead of the one of the set that counts least, if that is not this one. */
    void replace(long hash, double counted, long now, Rules rules) {
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

    /** What is known of a hash, and then no more; null if that is nothing. */
    @Nullable
    Tally take(long hash, Rules rules) {
        if (size() == 0) {
            return null;
        }
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
    void rules(Rules before, long nowBefore, Rules changed, long now) {
        for (int i = 0; i < size(); i++) {
            if (counts[i] != 0) {
                counts[i] = atLeast(Math.min(countedNow(i, before, nowBefore), (double) changed.capacity));
                times[i] = now;
            }
        }
    }

    private int firstOf(long hash) {
        return (int) (hash >>> 40) & (size() - 1) & -WAYS;
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

    private double countedNow(int i, Rules rules, long now) {
        return tally(i, rules).counted(now);
    }

    private Tally tally(int i, Rules rules) {
        Tally tally = Tally.begin(rules, times[i]);
        tally.atLeast(counts[i], times[i]);
        return tally;
    }
}
