package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.time.Time;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The limit of one attempt that runs on its caller's own thread: when the time is up the thread is interrupted, and the attempt has timed
 * out however it ends. Code that ignores interrupts runs on to its end; nothing can stop it.
 *
 * <p>The timer and the end of the body race for one atomic state, so the end knows whether it was interrupted, waits until
 * that interrupt has happened, and never leaves it to hit the caller later. The clock has the last word: an attempt that ended too late
 * has timed out though the timer was later still.
 *
 * <p>A thread has a single interrupt flag, and somebody else may interrupt too. What is known of the flag at the end, when our
 * interrupt has happened:
 *
 * <table>
 *   <caption>What becomes of the flag</caption>
 *   <tr><th>the body threw InterruptedException</th><th>flag set before ours</th><th>then</th></tr>
 *   <tr><td>no</td><td>no</td><td>ours is there still, or was swallowed: cleared</td></tr>
 *   <tr><td>no</td><td>yes</td><td>theirs and ours are one: left as the body left it</td></tr>
 *   <tr><td>yes</td><td>no</td><td>ours went with the exception; if the flag is set, it is by somebody since: left</td></tr>
 *   <tr><td>yes</td><td>yes</td><td>theirs went with the exception, which the caller does not get to see: set again</td></tr>
 * </table>
 *
 * <p>What cannot be known: an interrupt by somebody else that comes after ours is lost with it if the body ends otherwise than by
 * InterruptedException; and a body that sets the flag again <em>and</em> throws InterruptedException passes for one that was
 * interrupted twice, so that the flag stays. Limits around each other are told apart: where the inner clears the flag, an outer
 * one that is up too sets it again.
 *
 * <p>Example, limit 100 ms, body reads from a queue: at 100 ms the timer interrupts, {@code take()} throws InterruptedException, the flag
 * is clear, {@link Watch#finish} gives true, the caller throws CallTimeoutException. A body that computes for 150 ms and returns: the
 * flag is set, {@code finish} clears it and gives true.
 */
final class TimeLimit {

    /** The watches that are running on this thread, linked from the innermost outwards. */
    private static final ThreadLocal<@Nullable Watch> INNERMOST = new ThreadLocal<>();

    private TimeLimit() {}

    /**
     * Starts to watch an attempt on this thread.
     *
     * @param timeoutNanos above 0
     * @return to be finished by this thread, inner ones first
     */
    static Watch start(long timeoutNanos, Time time) {
        Watch watch = new Watch(Thread.currentThread(), INNERMOST.get(), time, timeoutNanos);
        // In this order: once the timer is set, nothing may keep the watch from being finished.
        INNERMOST.set(watch);
        try {
            watch.setTimer();
        } catch (Throwable noTimer) {
            watch.unlink();
            throw noTimer;
        }
        return watch;
    }

    /** One attempt under way. Made and finished by its thread; the timer shares the state alone. */
    static final class Watch {

        private static final int RUNNING = 0;
        private static final int FINISHED = 1;
        private static final int INTERRUPTING = 2;
        private static final int INTERRUPTED = 3;

        private final Thread thread;
        private final @Nullable Watch outer;
        private final Time time;
        private final long begunNanos;
        private final long timeoutNanos;
        private final AtomicInteger state = new AtomicInteger(RUNNING);
        private Time.@Nullable Scheduled timer;

        /** Whether somebody else had set the flag; by the timer before {@link #INTERRUPTED}, by the thread after. */
        private boolean setBefore;

        private Watch(Thread thread, @Nullable Watch outer, Time time, long timeoutNanos) {
            this.thread = thread;
            this.outer = outer;
            this.time = time;
            this.begunNanos = time.nanoTime();
            this.timeoutNanos = timeoutNanos;
        }

        private void setTimer() {
            timer = time.schedule(timeoutNanos, this::interrupt);
        }

        /** By the timer. */
        private void interrupt() {
            if (state.compareAndSet(RUNNING, INTERRUPTING)) {
                try {
                    setBefore = thread.isInterrupted();
                    // Also where the flag is set: the body may be just about to swallow that one.
                    thread.interrupt();
                } finally {
                    // Whatever a thread of the application's own class does there: its end waits for this.
                    state.set(INTERRUPTED);
                }
            }
        }

        /**
         * Ends the watch, by the thread that began it, and leaves no interrupt of its own behind.
         *
         * @param bodyFailure what the body threw; null if it returned
         * @return whether the time was up
         */
        boolean finish(@Nullable Throwable bodyFailure) {
            unlink();
            boolean thrown = bodyFailure instanceof InterruptedException;
            if (state.compareAndSet(RUNNING, FINISHED)) {
                if (timer != null) {
                    timer.cancel();
                }
                boolean late = time.nanoTime() - begunNanos >= timeoutNanos;
                if (late && thrown) {
                    // Not ours, and its exception will not reach the caller.
                    thread.interrupt();
                }
                return late;
            }
            awaitInterrupt();
            settleFlag(thrown);
            return true;
        }

        private void unlink() {
            if (outer == null) {
                INNERMOST.remove();
            } else {
                INNERMOST.set(outer);
            }
        }

        /** The timer is between two of its statements, so this is short. */
        private void awaitInterrupt() {
            while (state.get() != INTERRUPTED) {
                Thread.onSpinWait();
            }
        }

        /** The table above, row by row. */
        private void settleFlag(boolean thrown) {
            if (!thrown && !setBefore) {
                clearFlag();
            } else if (thrown && setBefore) {
                thread.interrupt();
            }
        }

        /** Clears first and looks after the limits around this one then: one that comes up in between sets the flag anew itself. */
        private void clearFlag() {
            boolean wasSet = Thread.interrupted();
            for (Watch around = outer; around != null; around = around.outer) {
                if (around.state.get() != RUNNING) {
                    around.awaitInterrupt();
                    // The flag was clear when ours came: what this one found set was ours.
                    around.setBefore = false;
                    if (wasSet) {
                        thread.interrupt();
                    }
                }
            }
        }
    }
}
