package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.Algorithm;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The pace of a bucket, this node's alone for some time to come, for those who stand in line there: they need no round trip each. Whoever goes by it keeps to the pace
 * from when the one before really went, so one who comes late makes all others late, and never two too close.
 *
 * <pre>
 *   a permit each 10 ms, five reserved:   begins                                  ends
 *                                           │ go        go         go        go  go  │
 *   ────────────────────────────────────────┴─┴─────────┴──────────┴─────────┴───┴───┴──►
 *                                                      late ─ ─ ─ ─►         (the fifth just so)
 * </pre>
 *
 * <p>The ledger has set aside what is needed for the first, and all that comes until the end. By this node's clock it begins where it has certainly begun by the ledger's, and ends before it may
 * have ended there.
 *
 * <p>Thread-safe, without locks. Who leads a round prolongs it.
 */
final class Reservation {

    /** {@link #take}: it is not to be had of this one. */
    static final long NOT_HERE = -1;

    private final Terms terms;
    private final long most;
    private final long beginsNanos;
    private final AtomicReference<Pace> pace;
    private final AtomicBoolean isRestTaken = new AtomicBoolean();

    private volatile End end;

    /** Whether nobody else has got what comes after, as far as is known. */
    private volatile boolean isLast = true;

    /** When it ends by this node's clock, and the name of that for the ledger. */
    private record End(long nanos, long stamp) {}

    /**
     * Who has gone, up to now.
     *
     * @param nextNanos when all that was taken has drained
     * @param before the same without the last one
     * @param isUsed whether there was one, here or in what was reserved before
     * @param lastNanos when that was
     * @param thread of that one; {@link #NOBODY} if he has given it back
     */
    private record Pace(long nextNanos, long before, boolean isUsed, long lastNanos, long thread, boolean isOver) {

        static final long NOBODY = -1;

        Pace over() {
            return new Pace(nextNanos, before, isUsed, lastNanos, thread, true);
        }

        Pace undone() {
            return new Pace(before, before, true, lastNanos, NOBODY, isOver);
        }
    }

    /**
     * Begins.
     *
     * @param most what a call may take that goes by it
     * @param stamp by which the ledger knows its end
     * @param before the one that it takes the place of, which is over; null if there was none
     */
    Reservation(Terms terms, long most, long beginsNanos, long endsNanos, long stamp, @Nullable Reservation before) {
        this.terms = terms;
        this.most = most;
        this.beginsNanos = beginsNanos;
        Pace last = before == null ? null : before.pace();
        this.pace = new AtomicReference<>(new Pace(
                beginsNanos,
                beginsNanos,
                last != null && last.isUsed,
                last == null ? 0 : last.lastNanos,
                Pace.NOBODY,
                false));
        this.end = new End(endsNanos, stamp);
    }

    /**
     * Takes all of them or none.
     *
     * @return 0 if they are taken, else in how many nanoseconds they can be; {@link #NOT_HERE} if that is never
     */
    long take(Terms now, long cost, long nowNanos) {
        while (true) {
            Pace before = pace();
            long wait = wait(before, now, cost, nowNanos);
            if (wait != 0) {
                return wait;
            }
            long from = before.nextNanos - nowNanos > 0 ? before.nextNanos : nowNanos;
            Pace after = new Pace(
                    from + terms.nanosOf((double) cost),
                    before.nextNanos,
                    true,
                    nowNanos,
                    Thread.currentThread().getId(),
                    false);
            if (pace.compareAndSet(before, after)) {
                return 0;
            }
        }
    }

    private Pace pace() {
        return Objects.requireNonNull(pace.get());
    }

    /** What {@link #take} would say. */
    long wait(Terms now, long cost, long nowNanos) {
        return wait(pace(), now, cost, nowNanos);
    }

    @SuppressWarnings("ReferenceEquality") // others that are equal only cost a question
    private long wait(Pace pace, Terms now, long cost, long nowNanos) {
        if (pace.isOver || now != terms || cost > most) {
            return NOT_HERE;
        }
        long due = due(pace, cost);
        if (due - nowNanos < 0) {
            due = nowNanos;
        }
        return due - end.nanos >= 0 ? NOT_HERE : due - nowNanos;
    }

    private long due(Pace pace, long cost) {
        if (terms.algorithm() == Algorithm.LEAKY_BUCKET || cost == most) {
            return pace.nextNanos; // which is when it begins where there was nobody
        }
        long due = pace.nextNanos - terms.nanosOf((double) (most - cost)) + 1;
        return due - beginsNanos < 0 ? beginsNanos : due;
    }

    /**
     * By how many nanoseconds it should be longer for so many permits; 0 if there is no need, or no use.
     *
     * @param cost of the next one
     * @param wanted the next one's among them
     */
    long lacks(long cost, long wanted, long slackNanos, long nowNanos) {
        if (!isLast) {
            return 0;
        }
        long needed = terms.nanosOf((double) (wanted - cost));
        long rest = rest(pace(), nowNanos);
        return needed > rest ? needed + slackNanos - rest : 0;
    }

    /** From the next one, or from now, until its end. */
    long rest(long nowNanos) {
        return rest(pace(), nowNanos);
    }

    private long rest(Pace pace, long nowNanos) {
        long next = pace.nextNanos - nowNanos > 0 ? pace.nextNanos : nowNanos;
        return end.nanos - next;
    }

    /** The name of its end. */
    long stamp() {
        return end.stamp;
    }

    /** It ends later. */
    void endsAt(long nanos, long stamp) {
        long before = end.nanos;
        end = new End(nanos - before > 0 ? nanos : before, stamp);
    }

    /** Somebody else has reserved what comes after. */
    void isNotLast() {
        isLast = false;
    }

    /** Nobody goes by it from now on. */
    void end() {
        Pace now = pace();
        while (!pace.compareAndSet(now, now.over())) {
            now = pace();
        }
    }

    /**
     * What is left of it once it has ended, from when the last one has gone: by so many nanoseconds it may end earlier. For the first who asks, as only one can tell the ledger.
     */
    long takeRest() {
        Pace last = pace();
        if (!last.isOver || !isRestTaken.compareAndSet(false, true)) {
            return 0;
        }
        long from = last.isUsed && last.lastNanos - beginsNanos > 0 ? last.lastNanos : beginsNanos;
        return Math.max(0, end.nanos - from);
    }

    /** Whether somebody has gone by it since that moment. */
    boolean isUsedSince(long nanos) {
        Pace now = pace();
        return now.isUsed && now.lastNanos - nanos >= 0;
    }

    /**
     * Puts back what this thread has taken after that moment.
     *
     * @return false if somebody else has gone since: the distance counts from him
     */
    boolean giveBack(long takenAfterNanos) {
        Pace now = pace();
        return !now.isOver
                && isUsedSince(takenAfterNanos)
                && now.thread == Thread.currentThread().getId()
                && pace.compareAndSet(now, now.undone());
    }
}
