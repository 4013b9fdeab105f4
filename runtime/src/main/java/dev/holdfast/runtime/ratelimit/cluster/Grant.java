package dev.holdfast.runtime.ratelimit.cluster;

/**
 * What a {@link Ledger} says. All times are from the moment at which it decided.
 *
 * @param permits how many there are for the node, 0 for none
 * @param waitNanos when there are as many as it wanted at least; of a meaning only if it got fewer than it would have taken, or asked for nothing
 * else; 0 in that case if there are so many now. Of what it has reserved, when that begins; and where that is too far ahead, when it may ask again
 * @param lifeNanos how long they are good; 0 if that was not asked for
 * @param stamp by which they can be brought back
 * @param ever how many were granted to all nodes since the ledger began
 * @param free how many are left
 */
record Grant(long permits, long waitNanos, long lifeNanos, long stamp, long ever, long free) {}
