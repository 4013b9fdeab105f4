/**
 * Ways out: where events are handed over, each a small class behind {@link dev.holdfast.runtime.notify.channel.Channel}, found by the
 * scheme of its address. A channel does one attempt and says how it ended; when to try again, what is dead, and in which order,
 * is not its business.
 *
 * <p>Each channel is used by one thread of its own. What it needs (a connection, a client) it opens at the first use and again after a
 * failure.
 */
@NullMarked
package dev.holdfast.runtime.notify.channel;

import org.jspecify.annotations.NullMarked;
