package dev.holdfast.runtime.ratelimit.local;

/** Lengths of time that may be longer than a number is. */
final class Times {

    private Times() {}

    /** Of two that are 0 or more; at most {@link Long#MAX_VALUE}. */
    static long sum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Of two that are 0 or more; at most {@link Long#MAX_VALUE}. */
    static long product(long a, long b) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
    }

    /** Rounded up; both above 0, or the first one 0. */
    static long ratio(long a, long b) {
        return a == 0 ? 0 : (a - 1) / b + 1;
    }
}
