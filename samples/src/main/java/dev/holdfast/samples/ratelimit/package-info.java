/** Ways to use {@link dev.holdfast.RateLimited}; {@code docs/rate-limited.md} quotes them. */
package dev.holdfast.samples.ratelimit;
