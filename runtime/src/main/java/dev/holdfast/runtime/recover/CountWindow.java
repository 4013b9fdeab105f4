package dev.holdfast.runtime.recover;

/**
 * The last so many calls, exactly: a ring of two bits a call, failed and slow, and the sums of what is in it. A new call takes
 * the place of the oldest.
 *
 * <p>A window of 4 after the calls ok, failed, ok, ok, failed: the first ok has made way for the last, so 4 calls, 2 failures.
 *
 * <p>While it is full of calls that neither failed nor were slow it is <em>settled</em>: another such call would push out its like.
 * That is the life of a healthy method, so it is what can be seen without a lock.
 *
 * <p>Writes and sums are guarded by the breaker's lock; {@link #settled} is lock-free.
 */
final class CountWindow implements Window {

    private final int size;
    private final long[] failed;
    private final long[] slow;

    private int next;
    private int calls;
    private int failures;
    private int slowCalls;

    /** Written only where it changes: a store each time would be felt by all who read it. */
    private volatile boolean settled;

    /** For so many calls, 1 or more. */
    CountWindow(int size) {
        this.size = size;
        this.failed = new long[(size + 63) >>> 6];
        this.slow = new long[(size + 63) >>> 6];
    }

    @Override
    public void record(boolean failed, boolean slow, long nowNanos) {
        failures += replace(this.failed, next, failed);
        slowCalls += replace(this.slow, next, slow);
        calls = Math.min(calls + 1, size);
        next = next + 1 == size ? 0 : next + 1;
        boolean nowSettled = calls == size && failures == 0 && slowCalls == 0;
        if (nowSettled != settled) {
            settled = nowSettled;
        }
    }

    /** Sets a bit of the ring and gives by how much the sum of its bits changed. */
    private static int replace(long[] bits, int at, boolean value) {
        long bit = 1L << at;
        boolean old = (bits[at >>> 6] & bit) != 0;
        if (old == value) {
            return 0;
        }
        bits[at >>> 6] ^= bit;
        return value ? 1 : -1;
    }

    @Override
    public long calls() {
        return calls;
    }

    @Override
    public long failures() {
        return failures;
    }

    @Override
    public long slowCalls() {
        return slowCalls;
    }

    @Override
    public boolean settled() {
        return settled;
    }
}
