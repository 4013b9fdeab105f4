package dev.holdfast.runtime.time;

import java.util.concurrent.LinkedBlockingQueue;
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
    private final AtomicInteger number = new AtomicInteger();
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
        this.least = least;
        this.time = time;
        this.pool = new ThreadPoolExecutor(
                least,
                MOST_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> DaemonThreads.unstarted("holdfast-worker-" + number.incrementAndGet(), task));
        pool.allowCoreThreadTimeOut(true);
    }

    void execute(Runnable task) {
        pool.execute(new Work(task, time.nanoTime()));
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
        boolean adds = (stuck || late) && threads < MOST_THREADS;
        if (adds) {
            pool.setCorePoolSize(threads + 1);
        }
        lookLater(adds ? 1 : 0);
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
