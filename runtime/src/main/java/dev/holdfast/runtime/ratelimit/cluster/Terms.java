package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.Algorithm;
import dev.holdfast.definition.ratelimit.RateSettings;
import java.math.BigInteger;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a limit in the numbers that its {@link Ledger} counts in. Scripts count in floating point, which is exact for integers up to
 * 2^53; so time goes by ticks as fine as that allows, and a permit is as many units as make the rate a whole number of units per tick. Where no
 * tick makes that exact, which takes numbers beyond any use, the rate is rounded down.
 *
 * <p>Example: 100 permits in a minute are 1 permit in 600,000 µs. A tick is 1 µs, in which 1 unit drains, and a permit is 600,000 units.
 *
 * @param permits in that time
 * @param perNanos the time
 * @param capacity the most that one call can ever take
 * @param tickMicros of a tick
 * @param drain units that drain in a tick; 0 for windows
 * @param unit units of a permit; 0 for windows
 */
record Terms(Algorithm algorithm, long permits, long perNanos, long capacity, long tickMicros, long drain, long unit) {

    /** Half of what would still be exact, so that sums are. */
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(52);

    private static final long MOST_TICK_MICROS = TimeUnit.SECONDS.toMicros(1000);

    /** Fewer units per tick than that are not rounded any more. */
    private static final BigInteger LEAST_ROUNDED = BigInteger.valueOf(1_000_000);

    /** Of those settings. */
    static Terms of(RateSettings settings) {
        return isWindow(settings.algorithm()) ? window(settings) : bucket(settings);
    }

    private static Terms window(RateSettings settings) {
        long micros = TimeUnit.NANOSECONDS.toMicros(settings.perNanos());
        long tick = 1;
        while (tick < 1000 && !fits(settings.capacity(), micros / tick)) {
            tick *= 10;
        }
        if (!fits(settings.capacity(), micros / tick)) {
            long ticks = Math.max(1, MOST.longValue() / settings.capacity());
            tick = (micros + ticks - 1)
                    / ticks; // the last one may be shorter; if it is the only one, the window before counts whole
        }
        long most = Math.min(settings.capacity(), MOST.longValue() / ((micros + tick - 1) / tick));
        return new Terms(
                settings.algorithm(), Math.min(settings.permits(), most), settings.perNanos(), most, tick, 0, 0);
    }

    private static boolean fits(long permits, long ticks) {
        return BigInteger.valueOf(permits).multiply(BigInteger.valueOf(ticks)).compareTo(MOST) <= 0;
    }

    private static Terms bucket(RateSettings settings) {
        for (long tick = 1; tick <= MOST_TICK_MICROS; tick *= 10) {
            Terms exact = bucket(settings, tick, BigInteger.ONE);
            if (exact != null) {
                return exact;
            }
        }
        for (BigInteger rounding = BigInteger.TWO; ; rounding = rounding.shiftLeft(1)) {
            for (long tick = 1; tick <= MOST_TICK_MICROS; tick *= 10) {
                Terms rounded = bucket(settings, tick, rounding);
                if (rounded != null) {
                    return rounded;
                }
            }
        }
    }

    private static @Nullable Terms bucket(RateSettings settings, long tick, BigInteger rounding) {
        BigInteger drain = BigInteger.valueOf(settings.permits()).multiply(BigInteger.valueOf(tick * 1000));
        BigInteger unit = BigInteger.valueOf(settings.perNanos());
        BigInteger common = drain.gcd(unit);
        drain = drain.divide(common);
        unit = unit.divide(common);
        long capacity = settings.capacity();
        if (rounding.compareTo(BigInteger.ONE) > 0) {
            if (drain.divide(rounding).compareTo(LEAST_ROUNDED) < 0 && tick < MOST_TICK_MICROS) {
                return null;
            }
            drain = drain.divide(rounding).max(BigInteger.ONE);
            unit = unit.add(rounding).divide(rounding);
            capacity = Math.min(capacity, MOST.longValue() / 2);
        }
        return BigInteger.valueOf(capacity).multiply(unit).compareTo(MOST) > 0 || drain.compareTo(MOST) > 0
                ? null
                : new Terms(
                        settings.algorithm(),
                        settings.permits(),
                        settings.perNanos(),
                        capacity,
                        tick,
                        drain.longValueExact(),
                        unit.longValueExact());
    }

    private static boolean isWindow(Algorithm algorithm) {
        return algorithm == Algorithm.FIXED_WINDOW || algorithm == Algorithm.SLIDING_WINDOW;
    }

    /** Whether permits are good until a window ends, rather than for some time from when they were granted. */
    boolean isWindow() {
        return isWindow(algorithm);
    }

    /** Permits in a nanosecond. */
    double rate() {
        return (double) permits / perNanos;
    }

    /** The time in which so many permits come. */
    long nanosOf(double permits) {
        return (long) Math.ceil(Math.min(Long.MAX_VALUE / 4.0, Math.max(0, permits) / rate()));
    }
}
