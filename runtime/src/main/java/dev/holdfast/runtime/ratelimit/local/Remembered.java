package dev.holdfast.runtime.ratelimit.local;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What keys had taken whose meters had to go, in 20 bytes each: a hash of the key, how many permits counted as taken, and when. A hash belongs to one
 * of {@link #PARTS} parts, and there to a set of {@link #WAYS} entries. Where a set is full its part gets twice as many sets, until all parts together
 * may have {@link #MOST} entries; from then on of a set the one goes that counts least. So what may be forgotten, after a million others, is somebody
 * who has hardly taken anything.
 *
 * <p>The parts are there for small heaps: none of their arrays is so large that a collector needs room for it all in one place, which a heap
 * that is full of small things has not.
 *
 * <p>The hash has 64 bits and is another one in each JVM: nobody can choose keys that share one.
 *
 * <p>Thread-safe, each part guarded by itself. It calls nothing that blocks.
 */
final class Remembered {

    static final int WAYS = 8;

    /** In all, at 20 bytes each; a sixth of the heap where that is small. */
    static final int MOST = most(Runtime.getRuntime().maxMemory());

    private static final int PARTS = 64;
    private static final long SEED = ThreadLocalRandom.current().nextLong() | 1;

    private final Part[] parts = new Part[PARTS];

    Remembered() {
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part();
        }
    }

    /** A power of 2. */
    private static int most(long heap) {
        long entries = Math.min(1 << 20, Math.max(1 << 16, heap / 120));
        return (int) Long.highestOneBit(entries);
    }

    /** Remembers that so many permits counted as taken at that time. */
    void put(String key, double counted, long now, Rules rules) {
        long hash = hash(key);
        partOf(hash).put(hash, counted, now, rules);
    }

    /** Gives what is remembered of a key, and forgets it; null if that is nothing. */
    @Nullable
    Tally take(String key, Rules rules) {
        long hash = hash(key);
        return partOf(hash).take(hash, rules);
    }

    /** Goes by other rules; as much counts as taken as does now. */
    void rules(Rules before, long nowBefore, Rules changed, long now) {
        for (Part part : parts) {
            part.rules(before, nowBefore, changed, now);
        }
    }

    /** How many keys it knows something of. */
    int size() {
        int size = 0;
        for (Part part : parts) {
            size += part.size();
        }
        return size;
    }

    /** By other bits than those that say which set of the part. */
    private Part partOf(long hash) {
        return parts[(int) (hash >>> 32) & (PARTS - 1)];
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

    /** The entries of some hashes. */
    private static final class Part {

        private static final int MOST_OF_PART = MOST / PARTS;

        private RememberedEntries entries = new RememberedEntries(0);

        synchronized void put(long hash, double counted, long now, Rules rules) {
            while (!entries.put(hash, counted, now, rules, now)) {
                if (entries.size() >= MOST_OF_PART) {
                    entries.replace(hash, counted, now, rules);
                    return;
                }
                // Whole before it is used: where there is no memory for it, the old ones stay.
                entries = entries.twice(rules, now);
            }
        }

        synchronized @Nullable Tally take(long hash, Rules rules) {
            return entries.take(hash, rules);
        }

        synchronized void rules(Rules before, long nowBefore, Rules changed, long now) {
            entries.rules(before, nowBefore, changed, now);
        }

        synchronized int size() {
            return entries.used();
        }
    }
}
