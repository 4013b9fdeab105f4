/**
 * {@code @RateLimited}: how often a method is called.
 *
 * <p>A method's annotations are {@link dev.holdfast.runtime.ratelimit.Claim}s on {@link dev.holdfast.runtime.ratelimit.Limit}s, its own or shared
 * by name. A limit has {@link dev.holdfast.runtime.ratelimit.meter.Meters}, which count, and
 * {@link dev.holdfast.runtime.ratelimit.Lines}, in which calls wait. A call that is not let through at once is an
 * {@link dev.holdfast.runtime.ratelimit.Admission}, which decides whether it waits, for what, and when it is refused; what differs between a
 * thread that waits and a stage that does is a few lines in {@link dev.holdfast.runtime.ratelimit.RateGate}.
 *
 * <p>A limit lives as long as a method that uses it. What it counts, and of how many keys, is the meters' business.
 */
@NullMarked
package dev.holdfast.runtime.ratelimit;

import org.jspecify.annotations.NullMarked;
