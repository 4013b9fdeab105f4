package dev.holdfast.runtime.ratelimit.local;

import java.util.concurrent.TimeUnit;

/**
 * A window that moves along, counted in two that stand still: what was taken in this one, and of what was taken in the one before that
 * part which the last {@code per} still covers, as if it had come evenly.
 *
 * <pre>
 *   per 1 s, 8 taken in the second before, 3 in this one, of which 250 ms are over:
 *   counted = 8 · (1 − 0.25) + 3 = 9
 * </pre>
 *
 * <p>What comes in bursts may be up to twice as much within one {@code per}, in the worst case: {@code permits} at the very end of one window, and
 * nearly as many at the very end of the next one. Two numbers for each key are the reason.
 *
 * <p>When the clock jumps: as {@link FixedWindow}.
 */
final class SlidingWindow extends Tally {

    /** So many windows are looked ahead exactly, and beyond that as if each gave all that it may. */
    private static final int FORESEEN = 64;

    private final Rules rules;
    private long window;
    private long latest;
    private long before;
    private long taken;

    SlidingWindow(Rules rules, long now) {
        this.rules = rules;
        this.latest = now;
        this.window = Math.floorDiv(now, rules.perMillis);
    }

    /** @return the time that counts */
    private long moveTo(long now) {
        long back = latest - now;
        if (back > 0 && back <= rules.perMillis) {
            return latest;
        }
        latest = now;
        long next = Math.floorDiv(now, rules.perMillis);
        if (next > window) {
            before = next == window + 1 ? taken : 0;
            taken = 0;
        }
        window = next;
        return now;
    }

    @Override
    long take(long cost, long now) {
        long at = moveTo(now);
        if (weight(at) <= (rules.capacity - cost) * rules.perMillis) {
            taken += cost;
            return 0;
        }
        return until(cost, now);
    }

    /** What is counted, times the length of a window. */
    private long weight(long at) {
        return before * (rules.perMillis - at + window * rules.perMillis) + taken * rules.perMillis;
    }

    private long until(long cost, long now) {
        long begin = window * rules.perMillis;
        long room = rules.capacity - cost - taken;
        long at = room >= 0 && before > 0
                ? begin + part(before, room)
                : begin + rules.perMillis + part(taken, rules.capacity - cost);
        return untilMillis(at, now);
    }

    /** How far into a window that much of the one before has to be over, so that only so much of it is left to count; in milliseconds. */
    private long part(long ofBefore, long left) {
        return ofBefore <= left ? 0 : Times.ratio((ofBefore - left) * rules.perMillis, ofBefore);
    }

    @Override
    void giveBack(long cost, long now) {
        long same = window;
        moveTo(now);
        if (window == same) {
            taken = Math.max(0, taken - cost);
        } else if (window == same + 1) {
            before = Math.max(0, before - cost);
        }
    }

    @Override
    long waitFor(long ahead, long cost, long now) {
        long at = moveTo(now);
        long all = Times.sum(ahead, cost);
        if (all <= rules.capacity && weight(at) <= (rules.capacity - all) * rules.perMillis) {
            return 0;
        }
        if (ahead == 0) {
            return until(cost, now);
        }
        // Window by window, each giving what it has until its last millisecond.
        long begin = window * rules.perMillis;
        long waning = before;
        long gone = taken;
        long left = all;
        for (int i = 0; i < FORESEEN; i++) {
            long gives = Math.max(0, rules.capacity - Times.ratio(waning, rules.perMillis) - gone);
            if (left <= gives) {
                return untilMillis(Math.max(at, begin + part(waning, rules.capacity - gone - left)), now);
            }
            left -= gives;
            waning = gone + gives;
            gone = 0;
            begin += rules.perMillis;
        }
        return Times.sum(
                untilMillis(begin, now),
                Times.product(Times.ratio(left, rules.capacity), rules.rate().perNanos()));
    }

    private static long untilMillis(long at, long now) {
        return TimeUnit.MILLISECONDS.toNanos(Math.max(1, at - now));
    }

    @Override
    void settle(long unused, long used, long now) {
        long same = window;
        moveTo(now);
        if (window == same) {
            taken = Math.max(0, taken - unused);
            return;
        }
        if (window == same + 1) {
            before = Math.max(0, before - unused);
        } else if (window > same) {
            before = used; // perhaps just before this window began
        }
        taken = Math.max(taken, used);
    }

    @Override
    double counted(long now) {
        return (double) weight(moveTo(now)) / rules.perMillis;
    }

    @Override
    void atLeast(double permits, long now) {
        double counted = counted(now);
        if (counted < permits) {
            taken = (long) Math.min((double) rules.capacity, taken + Math.ceil(permits - counted));
        }
    }
}
