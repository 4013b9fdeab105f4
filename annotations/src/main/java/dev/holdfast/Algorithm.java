package dev.holdfast;

/** How a limit counts; see {@link RateLimited#algorithm}. */
public enum Algorithm {

    /**
     * A bucket of {@link RateLimited#burst} permits that fills up evenly. In any window of length W at most burst + permits · W / per calls
     * begin.
     */
    TOKEN_BUCKET,

    /**
     * Calls begin one after the other, never closer than per / permits; they queue for up to {@link RateLimited#maxWait}.
     */
    LEAKY_BUCKET,

    /**
     * At most {@link RateLimited#permits} by the weighted count of this window and the one before: that of the one before counts with the part of
     * it that the last {@link RateLimited#per} still covers.
     */
    SLIDING_WINDOW,

    /** At most {@link RateLimited#permits} in each window, which are aligned to the epoch: windows of an hour begin with the hour (UTC). */
    FIXED_WINDOW
}
