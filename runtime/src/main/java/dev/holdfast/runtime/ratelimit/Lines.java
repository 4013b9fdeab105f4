package dev.holdfast.runtime.ratelimit;

import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for permits of one limit, a line for each value of its key in which somebody waits. Who has come first stands first, also
 * if he joins later, as he has stood in the line of another limit meanwhile.
 *
 * <p>Nobody holds permits while he stands in a line, and nobody stands in two lines. So nobody can wait for somebody who waits for him.
 *
 * <p>Thread-safe. Changes of one line are made within {@link ConcurrentHashMap#compute}, for a few steps each, and wake nobody in there.
 */
final class Lines {

    private static final AtomicLong ARRIVALS = new AtomicLong();

    /** The number of no call. */
    static final long NOBODY = 0;

    private final ConcurrentHashMap<String, Line> lines = new ConcurrentHashMap<>();

    /** How many wait, in all lines: so that who needs not wait need not look for a line. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Touched within {@code compute} alone. */
    private static final class Line {

        private final TreeMap<Long, Waiter> byArrival = new TreeMap<>();

        /** What all of them are going to take. */
        private long cost;

        void join(long arrival, Waiter waiter) {
            byArrival.put(arrival, waiter);
            cost = sum(cost, waiter.cost);
        }

        /** Gives who has become the first one by that; null if nobody has. */
        @Nullable
        Waiter leave(long arrival) {
            boolean wasFirst = byArrival.firstKey() == arrival;
            Waiter gone = byArrival.remove(arrival);
            cost = gone == null ? cost : cost - gone.cost;
            return wasFirst && !byArrival.isEmpty() ? byArrival.firstEntry().getValue() : null;
        }

        long ahead(long arrival) {
            if (byArrival.lastKey() < arrival) {
                return cost;
            }
            long ahead = 0;
            for (Waiter before : byArrival.headMap(arrival).values()) {
                ahead = sum(ahead, before.cost);
            }
            return ahead;
        }

        private static long sum(long a, long b) {
            long sum = a + b;
            return sum < 0 ? Long.MAX_VALUE : sum;
        }
    }

    /** Of one call. */
    static final class Waiter {

        final long cost;
        final Runnable wake;

        /**
         * Waits for so much.
         *
         * @param wake told when it has become the first one; does not block
         */
        Waiter(long cost, Runnable wake) {
            this.cost = cost;
            this.wake = wake;
        }
    }

    /** The number of a call that comes just now, later than any before. */
    static long arrival() {
        return ARRIVALS.incrementAndGet();
    }

    boolean isEmpty() {
        return waiting.get() == 0;
    }

    int waiting() {
        return waiting.get();
    }

    /** What those who wait and have come before are going to take; 0 for none. */
    long ahead(String key, long arrival) {
        if (isEmpty()) {
            return 0;
        }
        long[] ahead = {0};
        lines.computeIfPresent(key, (same, line) -> {
            ahead[0] = line.ahead(arrival);
            return line;
        });
        return ahead[0];
    }

    /** What those take who stand behind the first one, who is that call. */
    long behind(String key, long first) {
        long[] behind = {0};
        lines.computeIfPresent(key, (same, line) -> {
            Waiter own = line.byArrival.get(first);
            behind[0] = own == null ? 0 : line.cost - own.cost;
            return line;
        });
        return behind[0];
    }

    /** Joins a line; {@link #leave} must follow. */
    void join(String key, long arrival, Waiter waiter) {
        waiting.incrementAndGet();
        lines.compute(key, (same, present) -> {
            Line line = present == null ? new Line() : present;
            line.join(arrival, waiter);
            return line;
        });
    }

    /**
     * Leaves it, and wakes who has become the first one by that.
     *
     * @return whether nobody waits there any more
     */
    boolean leave(String key, long arrival) {
        Woken woken = new Woken();
        lines.computeIfPresent(key, (same, line) -> {
            woken.first = line.leave(arrival);
            woken.isLast = line.byArrival.isEmpty();
            return woken.isLast ? null : line;
        });
        waiting.decrementAndGet();
        if (woken.first != null) {
            woken.first.wake.run();
        }
        return woken.isLast;
    }

    /** Wakes who stands first, unless that is this one: there may be more permits than he was told. */
    void wakeFirst(String key, long except) {
        if (isEmpty()) {
            return;
        }
        Woken woken = new Woken();
        lines.computeIfPresent(key, (same, line) -> {
            woken.first = line.byArrival.firstKey() == except
                    ? null
                    : line.byArrival.firstEntry().getValue();
            return line;
        });
        if (woken.first != null) {
            woken.first.wake.run();
        }
    }

    /** Wakes all who wait, in the order in which they came: they go by something else now. */
    void wakeAll() {
        TreeMap<Long, Waiter> all = new TreeMap<>();
        for (String key : lines.keySet()) {
            lines.computeIfPresent(key, (same, line) -> {
                all.putAll(line.byArrival);
                return line;
            });
        }
        all.values().forEach(waiter -> waiter.wake.run());
    }

    private static final class Woken {
        @Nullable
        Waiter first;

        boolean isLast;
    }
}
