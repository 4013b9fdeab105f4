package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.time.CoarseClock;
import dev.holdfast.runtime.time.Time;

/** When calls begin, as a number that can be a ticket: above 0, and of one sign. Stateless. */
final class Begun {

    /** The ticket of a call that is to go through all policies. */
    static final long LONG_WAY = -1;

    private Begun() {}

    /** Now, or some milliseconds ago. */
    static long enter(Time time) {
        return (CoarseClock.nanoTime(time) & Long.MAX_VALUE) | 1;
    }

    /** How long a call took whose first attempt the wrapper ran, from what was entered with; {@link Tellers#NOT_SEEN} if nobody looked. */
    static long durationNanos(long begun, long nowNanos) {
        return begun == 0 ? Tellers.NOT_SEEN : (nowNanos - begun) & Long.MAX_VALUE;
    }
}
