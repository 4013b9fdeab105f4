/**
 * Permits counted in this JVM. Four algorithms, each a pure {@link dev.holdfast.runtime.ratelimit.local.Tally} that is given the time, and
 * around them what makes them fast and their memory bounded.
 *
 * <p>Sources: the generic cell rate algorithm, ITU-T I.371, for both buckets; the sliding window counter as Cloudflare described it in 2017.
 */
@NullMarked
package dev.holdfast.runtime.ratelimit.local;

import org.jspecify.annotations.NullMarked;
