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
 * @param ahead what it reserves of the time to come; of no meaning for windows
 */
record Ask(long least, long most, long capacity, long holdNanos, long back, long backStamp, long debt, Ahead ahead) {

    /**
     * The time to come, as a node wants it: all that drains in it is to be used by that node alone, which keeps to the pace of the limit by itself.
     *
     * @param nanos for so long, from when there are permits enough for the first call; 0 if it reserves nothing
     * @param withinNanos if that begins in so long at most
     * @param stamp of what it has reserved already; 0 for nothing
     * @param moveNanos by how much that is to end later, and nothing else is asked then; below 0 by how much earlier
     */
    record Ahead(long nanos, long withinNanos, long stamp, long moveNanos) {

        static final Ahead NOTHING = new Ahead(0, 0, 0, 0);
    }

    /** Reserves nothing. */
    Ask(long least, long most, long capacity, long holdNanos, long back, long backStamp, long debt) {
        this(least, most, capacity, holdNanos, back, backStamp, debt, Ahead.NOTHING);
    }

    /** Whether it takes permits of the time to come. */
    boolean reserves() {
        return ahead.nanos() > 0 || ahead.moveNanos() > 0;
    }

    /** Once more: for those of a grant that came too late others, with more time to use them in. */
    Ask exchanging(Grant late, long holdNanos) {
        return new Ask(least, most, capacity, holdNanos, late.permits(), late.stamp(), 0);
    }
}
