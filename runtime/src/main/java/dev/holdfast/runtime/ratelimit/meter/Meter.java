package dev.holdfast.runtime.ratelimit.meter;

import org.jspecify.annotations.Nullable;

/**
 * The permits of one limit for one value of its key. It knows no queue: whoever stands in one asks when it is his turn.
 *
 * <p>A cost is 1 or more, and at most the capacity of the limit. Thread-safe.
 */
public interface Meter {

    /**
     * Takes all of them or none, without waiting for permits. One that is shared by a cluster may do one bounded round trip on this thread.
     *
     * @return 0 if they are taken, else in how many nanoseconds another try may succeed: just before it fails, and then it succeeds if nobody
     *     else has come
     */
    long take(long cost);

    /**
     * The same for the first in a line: for those behind it may get permits ready that come later, so that not each of them has to ask.
     *
     * @param behind what those are going to take, 0 or more
     * @param patienceNanos for how long it can wait: what would come later is left to others
     */
    default long take(long cost, long behind, long patienceNanos) {
        return take(cost);
    }

    /**
     * In how many nanoseconds {@link #take} of so many may succeed, where that is known without asking anybody; 0 where it is not, or it may succeed now. With several
     * limits nothing has to be taken of one for a moment then, only to be given back.
     */
    default long refuses(long cost) {
        return 0;
    }

    /** The last one has left the line, with his permits or without. */
    default void nobodyWaits() {}

    /**
     * Gives back at once what was taken and is not going to be used, as another limit of the same method said no. A meter that cannot tell whether
     * that is safe keeps it.
     *
     * @param sinceNanos a moment before it was taken, of the monotonic clock: permits of a cluster are good for some time only. One that counts in
     *     this JVM does not look at it
     */
    void giveBack(long cost, long sinceNanos);

    /**
     * In how many nanoseconds so many permits can be had once those who stand before have had theirs, as far as is known: it asks nobody and
     * takes nothing. By that it is decided whether a wait is worth to begin.
     *
     * @param ahead what those who stand before are going to take, 0 or more
     * @return 0 or more
     */
    long waitFor(long ahead, long cost);

    /** Whether {@link #take} of so many would ask over the network now, so that a worker should do it where no thread may block. */
    boolean mayBlock(long cost);

    /**
     * Finds out what {@link #waitFor} goes by for so many, where nothing is known of it. One that is shared by a cluster may do one bounded round trip
     * on this thread.
     */
    default void know(long cost) {}

    /**
     * Why nobody is to wait for permits: they are denied for another reason than that they are taken. To be asked after a {@link #take} that
     * failed.
     *
     * @return null if waiting makes sense; else what is wrong, to follow a colon, as in {@code Redis cannot be reached}
     */
    default @Nullable String denies() {
        return null;
    }
}
