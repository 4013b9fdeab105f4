package dev.holdfast.runtime.ratelimit.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets those who come while a round trip is under way share the next one. One of them leads: he asks for all, and when he is back, the first of those
 * who have come in the meantime leads.
 *
 * <p>Thread-safe. The lock is held for a few statements; who waits is parked without it.
 */
final class Rounds {

    /** Outcomes of 0 and more are whatever the leader says. */
    private static final long UNSETTLED = -1;

    private static final long LEADS = -2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Turn> waiting = new ArrayDeque<>(2);
    private boolean led;

    /** Somebody who waits for his permits. */
    static final class Turn {

        final long cost;

        /** What those take who stand in line behind it. */
        final long behind;

        /** For how long it can wait. */
        final long patienceNanos;

        /** When it came. */
        final long sinceNanos;

        private final Thread thread = Thread.currentThread();
        private volatile long state = UNSETTLED;

        Turn(long cost, long behind, long patienceNanos, long sinceNanos) {
            this.cost = cost;
            this.behind = behind;
            this.patienceNanos = patienceNanos;
            this.sinceNanos = sinceNanos;
        }

        /** What the leader has said. */
        long outcome() {
            return state;
        }

        private long await() {
            boolean interrupted = false;
            long now = state;
            while (now == UNSETTLED) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted(); // the wait is bounded, and ends the same way for all
                now = state;
            }
            if (interrupted) {
                thread.interrupt();
            }
            return now;
        }

        private void become(long state) {
            this.state = state;
            LockSupport.unpark(thread);
        }
    }

    /**
     * Waits until somebody has asked for that one too.
     *
     * @return true if that is to be the caller, who calls {@link #pass} after; false if the turn has its outcome
     */
    boolean leads(Turn turn) {
        lock.lock();
        try {
            waiting.add(turn);
            if (!led) {
                led = true;
                return true;
            }
        } finally {
            lock.unlock();
        }
        return turn.await() == LEADS;
    }

    /** Those who are waiting now, the leader first. */
    List<Turn> waiting() {
        lock.lock();
        try {
            return new ArrayList<>(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** Lets one go, with an outcome of 0 or more, or one that leader and caller agree on, below -2. */
    void settle(Turn turn, long outcome) {
        lock.lock();
        try {
            waiting.remove(turn);
        } finally {
            lock.unlock();
        }
        turn.become(outcome);
    }

    /** Lets the next one lead. */
    void pass() {
        Turn next;
        lock.lock();
        try {
            next = waiting.peek();
            led = next != null;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.become(LEADS);
        }
    }
}
