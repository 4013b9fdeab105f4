package dev.holdfast.runtime.ratelimit.local;

import java.util.concurrent.TimeUnit;

/**
 * So many in each window; windows are aligned to the epoch, so one of an hour begins with the hour (UTC). Two windows beside each other
 * may give twice as much within a short time around their border; that is what makes it simple.
 *
 * <p><b>When the clock jumps.</b> Forward: another window begins, as the calendar says. Back by up to one window: time stands still until it has
 * caught up. Back by more: it goes by the new time at once, and what was taken in the window before counts in this one as well, lest a clock that
 * is set back gives it all again.
 */
final class FixedWindow extends Tally {

    private final Rules rules;
    private long window;
    private long latest;
    private long taken;

    FixedWindow(Rules rules, long now) {
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
            taken = 0;
        }
        window = next;
        return now;
    }

    @Override
    long take(long cost, long now) {
        moveTo(now);
        if (taken <= rules.capacity - cost) {
            taken += cost;
            return 0;
        }
        return untilNext(now);
    }

    private long untilNext(long now) {
        return TimeUnit.MILLISECONDS.toNanos((window + 1) * rules.perMillis - now);
    }

    @Override
    void giveBack(long cost, long now) {
        long before = window;
        moveTo(now);
        if (window == before) {
            taken = Math.max(0, taken - cost);
        }
    }

    @Override
    long waitFor(long ahead, long cost, long now) {
        moveTo(now);
        long all = Times.sum(ahead, cost);
        long left = Math.max(0, rules.capacity - taken);
        if (all <= left) {
            return 0;
        }
        long fullWindows = (all - left - 1) / rules.capacity;
        return Times.sum(untilNext(now), Times.product(fullWindows, rules.rate().perNanos()));
    }

    @Override
    void settle(long unused, long used, long now) {
        long before = window;
        moveTo(now);
        if (window == before) {
            taken = Math.max(0, taken - unused);
        } else {
            taken = Math.max(taken, used); // nobody knows in which of the two
        }
    }

    @Override
    double counted(long now) {
        moveTo(now);
        return taken;
    }

    @Override
    void atLeast(double permits, long now) {
        moveTo(now);
        taken = Math.max(taken, (long) Math.ceil(Math.min(permits, (double) rules.capacity)));
    }
}
