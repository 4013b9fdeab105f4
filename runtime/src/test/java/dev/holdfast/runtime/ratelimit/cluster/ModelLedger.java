package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.Algorithm;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * What the scripts say, in Java, by a clock in microseconds that a test turns. It keeps the same numbers in a way of its own: whatever is out, by
 * its stamp, and the windows, by their index.
 */
final class ModelLedger implements Ledger {

    private final LongSupplier clockMicros;

    // Of a bucket; ticks and units.
    private final TreeMap<Long, Long> out = new TreeMap<>();
    private long unit;
    private long ticks;
    private long backlog;
    private long at = Long.MIN_VALUE;
    private long ahead;

    // Of windows.
    private final TreeMap<Long, Long> windows = new TreeMap<>();

    private long ever;
    private long asked;
    private boolean changed;
    private boolean isAvailable = true;

    ModelLedger(LongSupplier clockMicros) {
        this.clockMicros = clockMicros;
    }

    /** The last one to which a bucket has permits out. */
    long stamp() {
        return out.lastKey();
    }

    /** How often it was asked. */
    long asked() {
        return asked;
    }

    void isAvailable(boolean isAvailable) {
        this.isAvailable = isAvailable;
    }

    @Override
    public boolean isAvailable() {
        return isAvailable;
    }

    @Override
    public Grant ask(Terms terms, Ask ask) throws RedisUnavailableException {
        asked++;
        TreeMap<Long, Long> outBefore = new TreeMap<>(out);
        TreeMap<Long, Long> windowsBefore = new TreeMap<>(windows);
        long unitBefore = unit;
        long ticksBefore = ticks;
        long backlogBefore = backlog;
        long atBefore = at;
        long aheadBefore = ahead;
        changed = false;
        Grant grant = terms.isWindow() ? window(terms, ask) : bucket(terms, ask);
        if (!changed) { // then nothing is written
            out.clear();
            out.putAll(outBefore);
            windows.clear();
            windows.putAll(windowsBefore);
            unit = unitBefore;
            ticks = ticksBefore;
            backlog = backlogBefore;
            at = atBefore;
            ahead = aheadBefore;
        }
        return grant;
    }

    private Grant bucket(Terms terms, Ask ask) {
        long tick = terms.tickMicros();
        long micros = clockMicros.getAsLong();
        long clock = Math.floorDiv(micros, tick);
        if (unit != terms.unit()) {
            backlog = unit == 0 ? 0 : (long) Math.ceil((double) backlog * terms.unit() / unit);
            unit = terms.unit();
        }
        if (at == Long.MIN_VALUE) {
            at = clock;
        } else if (ticks != tick) {
            at = (at * ticks + tick - 1) / tick;
            ahead = (ahead * ticks + tick - 1) / tick;
            shiftOut(stamp -> (stamp * ticks + tick - 1) / tick);
        }
        ticks = tick;
        if (clock < at - ahead - RedisLedger.BEHIND_MILLIS * 1000 / tick) {
            long shift = clock - (at - ahead);
            shiftOut(stamp -> stamp + shift);
            at += shift;
        }
        long elapsed = Math.max(clock, at - ahead);
        long move = ask.ahead().moveNanos() / (tick * 1000)
                + (ask.ahead().moveNanos() > 0 && ask.ahead().moveNanos() % (tick * 1000) != 0 ? 1 : 0);
        boolean moved = move != 0 && ask.ahead().stamp() == at && at > elapsed;
        if (moved) {
            at = Math.max(elapsed, at + move);
            changed = true;
        }
        while (!out.isEmpty() && out.firstKey() <= elapsed) {
            long stamp = out.firstKey();
            drain(terms, stamp);
            backlog += out.pollFirstEntry().getValue() * unit;
        }
        drain(terms, elapsed);
        long now = at;
        if (ask.back() > 0) {
            Long still = out.get(ask.backStamp());
            if (still != null) {
                out.put(ask.backStamp(), Math.max(0, still - ask.back()));
                changed = true;
            } else if (ask.backStamp() <= now) {
                long credit = ask.back() * unit - terms.drain() * (now - ask.backStamp());
                changed |= credit > 0 && backlog > 0;
                backlog = Math.max(0, backlog - Math.max(0, credit));
            }
        }
        if (ask.debt() > 0) {
            changed = true;
            backlog = Math.max(backlog, Math.min((ask.capacity() - held()) * unit, backlog + ask.debt() * unit));
        }
        long free = (ask.capacity() - held()) * unit - backlog;
        Grant grant = move > 0
                ? longer(ask, moved, micros)
                : ask.ahead().nanos() > 0
                        ? ahead(terms, ask, clock, micros, free)
                        : now(terms, ask, clock, micros, free);
        ahead = at - elapsed;
        return grant;
    }

    private Grant longer(Ask ask, boolean moved, long micros) {
        long granted = moved ? ask.most() : 0;
        ever += granted;
        long free = (ask.capacity() - held()) * unit - backlog;
        return new Grant(
                granted, 0, moved ? (at * ticks - micros) * 1000 : 0, at, ever, Math.max(0, Math.floorDiv(free, unit)));
    }

    /** Goes on to the time at which there is room, as it will be if nobody comes, and stays at the end of what is reserved. */
    private Grant ahead(Terms terms, Ask ask, long clock, long micros, long free) {
        long tickNanos = ticks * 1000;
        long begins = whenFree(terms, ask.least() * unit - free);
        long early = begins - clock - ask.ahead().withinNanos() / tickNanos;
        if (early > 0) {
            return new Grant(0, early * tickNanos, 0, at, ever, Math.max(0, Math.floorDiv(free, unit)));
        }
        long missing = ask.least() * unit - free;
        while (missing > 0 && missing > Math.min(backlog, terms.drain() * Math.max(0, begins - at))) {
            long stamp = out.firstKey();
            long before = backlog;
            drain(terms, stamp);
            missing -= before - backlog;
            backlog += out.pollFirstEntry().getValue() * unit;
        }
        drain(terms, begins);
        backlog += ask.least() * unit;
        at = begins + (ask.ahead().nanos() + tickNanos - 1) / tickNanos;
        ever += ask.most();
        changed = true;
        long left = (ask.capacity() - held()) * unit - backlog;
        return new Grant(
                ask.most(),
                (begins - clock) * tickNanos,
                (at * ticks - micros) * 1000,
                at,
                ever,
                Math.max(0, Math.floorDiv(left, unit)));
    }

    private Grant now(Terms terms, Ask ask, long clock, long micros, long free) {
        long tick = ticks;
        long now = at;
        long left = free;
        long granted = Math.min(ask.most(), Math.floorDiv(free, unit));
        if (granted < ask.least()) {
            granted = 0;
        }
        long stamp = now;
        long hold = (ask.holdNanos() + tick * 1000 - 1) / (tick * 1000);
        if (granted > 0) {
            changed = true;
            left -= granted * unit;
            ever += granted;
            stamp = micros > clock * tick ? now + 1 : now;
            if (hold > 0) {
                long grain = Math.max(1, hold / 5);
                stamp = (stamp + hold + grain - 1) / grain * grain;
                out.merge(stamp, granted, Long::sum);
            } else {
                if (backlog == 0) {
                    at = stamp;
                }
                backlog += granted * unit;
            }
        }
        long wait = granted < ask.most() || (ask.most() == 0 && left < ask.least() * unit)
                ? (whenFree(terms, ask.least() * unit - left) - clock) * tick
                : 0;
        return new Grant(
                granted,
                wait * 1000,
                hold > 0 ? Math.max(0, stamp * tick - micros) * 1000 : 0,
                stamp,
                ever,
                Math.max(0, Math.floorDiv(left, unit)));
    }

    private void shiftOut(LongUnaryOperator shift) {
        TreeMap<Long, Long> shifted = new TreeMap<>();
        out.forEach((stamp, permits) -> shifted.merge(shift.applyAsLong(stamp), permits, Long::sum));
        out.clear();
        out.putAll(shifted);
    }

    private long held() {
        return out.values().stream().mapToLong(Long::longValue).sum();
    }

    private void drain(Terms terms, long until) {
        backlog = Math.max(0, backlog - terms.drain() * Math.max(0, until - at));
        at = Math.max(at, until);
    }

    /** At which tick so much more is free, found by letting a copy go on. */
    private long whenFree(Terms terms, long missing) {
        long from = at;
        long left = backlog;
        for (var entry : out.entrySet()) {
            long drained = Math.min(left, terms.drain() * Math.max(0, entry.getKey() - from));
            if (drained >= missing) {
                break;
            }
            missing -= drained;
            left += entry.getValue() * unit - drained;
            from = Math.max(from, entry.getKey());
        }
        return from + (Math.max(0, missing) + terms.drain() - 1) / terms.drain();
    }

    private Grant window(Terms terms, Ask ask) {
        long clock = clockMicros.getAsLong();
        long length = terms.perNanos() / 1000;
        long index = Math.floorDiv(clock, length);
        long micros = clock;
        if (!windows.isEmpty() && windows.lastKey() > index) {
            long last = windows.lastKey();
            if (last * length - clock <= RedisLedger.BEHIND_MILLIS * 1000) {
                index = last;
                micros = Math.max(micros, index * length);
            } else { // what counted goes on to count
                long count = windows.pollLastEntry().getValue();
                long before = windows.getOrDefault(last - 1, 0L);
                windows.clear();
                windows.put(index - 1, before);
                windows.put(index, count);
            }
        }
        windows.headMap(index - 1).clear();
        boolean sliding = terms.algorithm() == Algorithm.SLIDING_WINDOW;
        if (ask.back() > 0
                && (ask.backStamp() == index || (sliding && ask.backStamp() == index - 1))
                && windows.getOrDefault(ask.backStamp(), 0L) > 0) {
            windows.merge(ask.backStamp(), -ask.back(), (count, less) -> Math.max(0, count + less));
            windows.putIfAbsent(index, 0L); // that it has begun is known from then on
            changed = true;
        }
        long ticks = (length + terms.tickMicros() - 1) / terms.tickMicros();
        long into = (micros - index * length) / terms.tickMicros();
        long free = free(terms, sliding, index, into, ticks);
        long debt = Math.min(ask.debt(), Math.floorDiv(free, ticks));
        if (debt > 0) {
            windows.merge(index, debt, Long::sum);
            changed = true;
            free = free(terms, sliding, index, into, ticks);
        }
        long granted = Math.min(ask.most(), Math.floorDiv(free, ticks));
        if (granted < ask.least()) {
            granted = 0;
        }
        if (granted > 0) {
            windows.merge(index, granted, Long::sum);
            changed = true;
            ever += granted;
            free -= granted * ticks;
        }
        long wait = 0;
        if (granted < ask.most() || (ask.most() == 0 && free < ask.least() * ticks)) {
            // The first tick at which there is room, of this window or the next two.
            long low = into;
            long high = 3 * ticks;
            while (low < high) {
                long middle = (low + high) / 2;
                if (free(terms, sliding, index + middle / ticks, middle % ticks, ticks) >= ask.least() * ticks) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            wait = (index + low / ticks) * length + low % ticks * terms.tickMicros() - clock;
        }
        return new Grant(
                granted,
                wait * 1000,
                ((index + 1) * length - clock) * 1000,
                index,
                ever,
                Math.max(0, Math.floorDiv(free, ticks)));
    }

    private long free(Terms terms, boolean sliding, long index, long into, long ticks) {
        long before = sliding ? windows.getOrDefault(index - 1, 0L) : 0;
        return (terms.permits() - windows.getOrDefault(index, 0L)) * ticks - before * (ticks - into);
    }
}
