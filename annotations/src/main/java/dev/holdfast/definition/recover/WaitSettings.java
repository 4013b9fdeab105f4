package dev.holdfast.definition.recover;

import dev.holdfast.Backoff;

/**
 * How long to wait between two attempts, checked before.
 *
 * @param multiplier of {@link Backoff#EXPONENTIAL} alone, 1 or more
 * @param delayNanos 0 or more
 * @param maxDelayNanos 0 or more; {@link Long#MAX_VALUE} for no cap
 * @param jitter 0 to 1
 */
public record WaitSettings(Backoff backoff, double multiplier, long delayNanos, long maxDelayNanos, double jitter) {}
