package dev.holdfast.runtime.ratelimit.cluster;

/**
 * What a node wants of a {@link Ledger}, in one round trip.
 *
 * @param least the least permits that are of use, 1 or more; what is granted is none, or so many
 * @param most the most that it takes, {@code least} or more; 0 if it takes none, and asks only when there are {@code least}
 * @param capacity the most that the bucket may hold for this question; of no meaning for windows
 * @param holdNanos how long after the grant a permit may still be used, for which the ledger holds room; 0 to be used at once
 * @param back permits that it brings back unused
 * @param backStamp of the grant that these are from
 * @param debt permits that it has used while Redis was away
 */
record Ask(long least, long most, long capacity, long holdNanos, long back, long backStamp, long debt) {

    /** Once more: for those of a grant that came too late others, with more time to use them in. */
    Ask exchanging(Grant late, long holdNanos) {
        return new Ask(least, most, capacity, holdNanos, late.permits(), late.stamp(), 0);
    }
}
