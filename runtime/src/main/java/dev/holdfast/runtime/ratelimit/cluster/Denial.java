package dev.holdfast.runtime.ratelimit.cluster;

/**
 * What the ledger has said no to, and until when that holds: permits come at a rate that nobody can hasten, so until then nobody needs to ask.
 * Immutable.
 *
 * @param terms by which it said so; by others it might say yes
 * @param cost what was too much
 * @param untilNanos when so many can be had
 * @param nanosOfOneMore how much later one more can be had; 0 if that cannot be told
 */
record Denial(Terms terms, long cost, long untilNanos, double nanosOfOneMore) {

    /** Whether that is too much still. */
    @SuppressWarnings("ReferenceEquality") // others that are equal only cost a question
    boolean denies(Terms terms, long cost, long nowNanos) {
        return cost >= this.cost && nowNanos - untilNanos < 0 && terms == this.terms;
    }

    /** In how many nanoseconds so many can be had. */
    long waitNanos(long cost, long nowNanos) {
        return untilNanos - nowNanos + (long) Math.ceil((cost - this.cost) * nanosOfOneMore);
    }
}
