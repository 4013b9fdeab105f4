package dev.holdfast.runtime.recover;

import dev.holdfast.Backoff;
import dev.holdfast.definition.recover.WaitSettings;

/**
 * How long to wait between two attempts.
 *
 * <p>The n-th wait grows from {@code delay}: the same each time, times {@code multiplier} each time, or along 1, 1, 2, 3, 5 … It
 * is cut off at {@code maxDelay}, spread evenly over [1 − jitter, 1 + jitter] times itself, and cut off again. It is cut off
 * before the spread as well because a wait that has grown far past the cap would else be the cap for every caller, and callers
 * who failed together would come back together: what jitter is there to prevent.
 *
 * <p>With delay 100 ms, exponential × 2, maxDelay 1 s and jitter 0.5, the waits are drawn from 50–150, 100–300, 200–600, 400–1000
 * and from then on 500–1000 ms (in the last two a draw above the cap is the cap: one in four, and every second one).
 *
 * <p>Reckoned in floating point: it saturates where integers overflow. Exact to the nanosecond up to 104 days.
 *
 * <p>Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @param multiplier of {@link Backoff#EXPONENTIAL} alone, 1 or more
 * @param delayNanos 0 or more
 * @param maxDelayNanos 0 or more
 * @param jitter 0 to 1
 */
record Waits(Backoff backoff, double multiplier, long delayNanos, long maxDelayNanos, double jitter) {

    Waits(WaitSettings settings) {
        this(
                settings.backoff(),
                settings.multiplier(),
                settings.delayNanos(),
                settings.maxDelayNanos(),
                settings.jitter());
    }

    /**
     * The wait after so many failed attempts.
     *
     * @param failedAttempts 1 or more
     * @param uniform a random draw from [0, 1)
     * @return 0 to {@link #maxDelayNanos}
     */
    long nanos(int failedAttempts, double uniform) {
        if (delayNanos == 0) {
            return 0;
        }
        double wait = Math.min(grown(failedAttempts), (double) maxDelayNanos);
        double spread = 1 + jitter * (2 * uniform - 1);
        return Math.max(0, Math.min((long) (wait * spread), maxDelayNanos));
    }

    private double grown(int failedAttempts) {
        // No switch: the compiler makes a class for it, to be initialised by whichever call comes first.
        if (backoff == Backoff.EXPONENTIAL) {
            return delayNanos * Math.pow(multiplier, failedAttempts - 1.0);
        }
        return backoff == Backoff.FIBONACCI ? fibonacci(failedAttempts) : delayNanos;
    }

    /** Ends at the cap: after 91 rounds at the latest, when it is beyond every long. */
    private double fibonacci(int failedAttempts) {
        double before = 0;
        double wait = delayNanos;
        for (int n = 1; n < failedAttempts && wait < maxDelayNanos; n++) {
            double next = before + wait;
            before = wait;
            wait = next;
        }
        return wait;
    }
}
