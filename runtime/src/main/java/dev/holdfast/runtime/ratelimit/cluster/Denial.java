package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.Algorithm;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger has said no to, and until when that holds as far as it could know: nobody can hasten the rate at which permits come. But they may
 * be given back on another node, or the ledger be emptied; so it is asked again before long. Immutable.
 *
 * @param terms by which it said so; by others it might say yes
 * @param cost what was too much
 * @param saidNanos when it said so
 * @param untilNanos when so many can be had
 * @param nanosOfOneMore how much later one more can be had; 0 if that cannot be told
 */
record Denial(Terms terms, long cost, long saidNanos, long untilNanos, double nanosOfOneMore) {

    /** After that the ledger is asked again. */
    static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where something was given back, it is asked again after that: a node that is refused asks no more often. */
    private static final long UNDONE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Whether that is too much still, and so sure that nobody has to be asked. */
    boolean denies(Terms terms, long cost, long nowNanos) {
        return cost >= this.cost && nowNanos - saidNanos < KEPT_NANOS && holds(terms, nowNanos);
    }

    /** Whether it is the best that is known. */
    @SuppressWarnings("ReferenceEquality") // others that are equal only cost a question
    boolean holds(Terms terms, long nowNanos) {
        return nowNanos - untilNanos < 0 && terms == this.terms;
    }

    /** Whether it says for so many as well when they can be had. In a sliding window that depends on all that was used before. */
    boolean tells(long cost) {
        return cost == this.cost || terms.algorithm() != Algorithm.SLIDING_WINDOW;
    }

    /** In how many nanoseconds so many can be had. */
    long waitNanos(long cost, long nowNanos) {
        return untilNanos - nowNanos + (long) Math.ceil((cost - this.cost) * nanosOfOneMore);
    }

    /** What is left of it once permits were given back. */
    @Nullable
    Denial undone(long nowNanos) {
        long until = saidNanos + UNDONE_NANOS;
        if (nowNanos - until >= 0) {
            return null;
        }
        return until - untilNanos >= 0 ? this : new Denial(terms, cost, saidNanos, until, nanosOfOneMore);
    }
}
