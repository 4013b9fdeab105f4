package dev.holdfast.definition.ratelimit;

import dev.holdfast.Algorithm;

/** Which limits can be counted in whole numbers of 64 bits. */
final class Exact {

    static final long MILLI_NANOS = 1_000_000L;

    /** With room for as much on top. */
    private static final long MOST = Long.MAX_VALUE / 2;

    private Exact() {}

    static boolean counts(Algorithm algorithm, long permits, long perNanos, long capacity) {
        return switch (algorithm) {
            // The time for a permit is a number of nanoseconds and a fraction of one, in parts of the permits.
            case TOKEN_BUCKET, LEAKY_BUCKET -> {
                long parts = permits / greatestCommonDivisor(permits, perNanos);
                yield fits(capacity, parts, MOST) && fits(capacity, perNanos / permits + 1, MOST);
            }
            // Two windows are counted together.
            case SLIDING_WINDOW, FIXED_WINDOW -> fits(capacity, perNanos / MILLI_NANOS, MOST / 2);
        };
    }

    private static boolean fits(long a, long b, long most) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 && a * b <= most;
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
