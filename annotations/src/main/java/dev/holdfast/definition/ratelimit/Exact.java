package dev.holdfast.definition.ratelimit;

import dev.holdfast.Algorithm;

/** Which limits can be counted in whole numbers of 64 bits. */
final class Exact {

    static final long MILLI_NANOS = 1_000_000L;

    /** With room for one more permit, or window, on top. */
    private static final long MOST = Long.MAX_VALUE / 4;

    private Exact() {}

    static boolean counts(Algorithm algorithm, long permits, long perNanos, long capacity) {
        return switch (algorithm) {
            // The time for a permit is a number of nanoseconds and a fraction of one, in parts of the permits.
            case TOKEN_BUCKET, LEAKY_BUCKET -> {
                long parts = permits / greatestCommonDivisor(permits, perNanos);
                yield fits(capacity, parts) && fits(capacity, perNanos / permits + 1);
            }
            case SLIDING_WINDOW, FIXED_WINDOW -> fits(capacity, perNanos / MILLI_NANOS);
        };
    }

    private static boolean fits(long a, long b) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 && a * b <= MOST;
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
