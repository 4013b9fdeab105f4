package dev.holdfast.runtime.recover;

/**
 * The calls of the last so much time, in 20 slices: each holds the sums of the calls that ended in its twentieth of the window,
 * and is emptied as a whole when the time comes round to it again. So a call counts for at least 95 % of the window's time and never longer than
 * the whole of it (plus 20 ns where the window does not divide by 20); sums over the slices are exact.
 *
 * <p>A window of 10 s has slices of 500 ms. A failure at 0.4 s is in the slice 0; at 9.9 s that slice is still in, at 10.0 s it is
 * emptied to become the slice of 10.0–10.5 s.
 *
 * <p>A jump of the clock by a window or more empties all of it. A time before the newest one is taken as the newest: threads
 * may read the clock in one order and arrive in the other.
 *
 * <p>Guarded by the breaker's lock. Never settled: each call counts anew for some time.
 */
final class TimeWindow implements Window {

    static final int SLICES = 20;

    private final long originNanos;
    private final long sliceNanos;
    private final long[] calls = new long[SLICES];
    private final long[] failures = new long[SLICES];
    private final long[] slowCalls = new long[SLICES];

    /** Number of the newest slice since the origin; it is found at this modulo {@link #SLICES}. */
    private long newest;

    private long allCalls;
    private long allFailures;
    private long allSlowCalls;

    /** For so much time, above 0, that begins now. */
    TimeWindow(long windowNanos, long nowNanos) {
        this.originNanos = nowNanos;
        this.sliceNanos = (windowNanos - 1) / SLICES + 1;
    }

    @Override
    public void record(boolean failed, boolean slow, long nowNanos) {
        moveTo((nowNanos - originNanos) / sliceNanos);
        int slice = (int) (newest % SLICES);
        calls[slice]++;
        allCalls++;
        if (failed) {
            failures[slice]++;
            allFailures++;
        }
        if (slow) {
            slowCalls[slice]++;
            allSlowCalls++;
        }
    }

    private void moveTo(long slice) {
        for (long emptied = Math.max(newest + 1, slice - SLICES + 1); emptied <= slice; emptied++) {
            empty((int) (emptied % SLICES));
        }
        newest = Math.max(newest, slice);
    }

    private void empty(int slice) {
        allCalls -= calls[slice];
        allFailures -= failures[slice];
        allSlowCalls -= slowCalls[slice];
        calls[slice] = 0;
        failures[slice] = 0;
        slowCalls[slice] = 0;
    }

    @Override
    public long calls() {
        return allCalls;
    }

    @Override
    public long failures() {
        return allFailures;
    }

    @Override
    public long slowCalls() {
        return allSlowCalls;
    }

    @Override
    public boolean settled() {
        return false;
    }
}
