package dev.holdfast.runtime.time;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads for work that may take its time. Code of the application's runs here, and some of it blocks: one call's retry that waits for a
 * database must not hold up another call's timeout. So there are as many threads as processors, and one more each time that work has waited
 * while nothing else was taken up, or for long, up to {@link #MOST_THREADS}. Many short tasks do not get more threads; tasks that wait for each
 * other do.
 *
 * <p>Daemon threads that end when they have been idle for 10 s. None is started by the thread that submits work, lest it inherit
 * anything of the application: {@link #execute} is called by the timer's thread alone.
 */
final class Workers {

    /** Beyond, work waits for its turn. */
    static final int MOST_THREADS = 256;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int least;
    private final Time time;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ThreadPoolExecutor pool;

    /** How many had been taken at the last look; for the timer's thread. */
    private long takenBefore;

    /**
     * That many threads, if nothing blocks.
     *
     * @param time by which work is looked after
     */
    Workers(int least, Time time) {
        this(least, time, named());
    }

    Workers(int least, Time time, ThreadFactory threads) {
        this.least = least;
        this.time = time;
        this.pool =
                new ThreadPoolExecutor(least, MOST_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory named() {
        AtomicInteger number = new AtomicInteger();
        return task -> DaemonThreads.unstarted("holdfast-worker-" + number.incrementAndGet(), task);
    }

    /** Where the system gives no thread just now, it is done when there is one. */
    void execute(Runnable task) {
        Work work = new Work(task, time.nanoTime());
        try {
            pool.execute(work);
        } catch (OutOfMemoryError noThread) {
            if (!pool.getQueue().contains(work)) {
                pool.getQueue().add(work); // a call may be waiting for it, and nobody else would try again
            }
        }
        lookLater(0);
    }

    /** Unless it is going to look anyway; what is taken up by threads that were just added is no progress. */
    private void lookLater(int added) {
        if (!pool.getQueue().isEmpty() && looking.compareAndSet(false, true)) {
            takenBefore = taken.get() + added;
            time.schedule(LOOK_NANOS, this::look);
        }
    }

    /** Adds a thread where work waits for one that may never become free. */
    private void look() {
        looking.set(false);
        Runnable first = pool.getQueue().peek();
        if (first == null) {
            pool.setCorePoolSize(least); // those beyond end when they are idle
            return;
        }
        boolean stuck = taken.get() <= takenBefore;
        boolean late = first instanceof Work work && time.nanoTime() - work.sinceNanos > LONG_NANOS;
        int threads = Math.max(pool.getCorePoolSize(), pool.getPoolSize());
        boolean adds = (stuck || late) && threads < MOST_THREADS && addOne(threads);
        lookLater(adds ? 1 : 0);
    }

    /** Whether there is one more than so many; the system may have none to give just now. */
    private boolean addOne(int threads) {
        int before = pool.getCorePoolSize();
        try {
            pool.setCorePoolSize(threads + 1);
            return true;
        } catch (OutOfMemoryError noThread) {
            pool.setCorePoolSize(before); // else it would reach the most, and no look would add any more
            return false;
        }
    }

    private final class Work implements Runnable {

        private final Runnable task;
        private final long sinceNanos;

        Work(Runnable task, long sinceNanos) {
            this.task = task;
            this.sinceNanos = sinceNanos;
        }

        @Override
        public void run() {
            taken.incrementAndGet();
            task.run();
        }
    }
}
