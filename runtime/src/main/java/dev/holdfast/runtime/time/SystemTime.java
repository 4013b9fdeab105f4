package dev.holdfast.runtime.time;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** {@link Time} by {@link System#nanoTime()} and one daemon thread that is started when the first task is scheduled. */
final class SystemTime implements Time {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
        Future<?> future = Timer.EXECUTOR.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Scheduled scheduleWork(long delayNanos, Runnable task) {
        // By way of the timer also where there is no delay: a worker inherits the inheritable thread-locals of the
        // thread by which it
        // comes to be started, and those of the application are none of its business.
        return schedule(delayNanos, () -> Workers.POOL.execute(task));
    }

    /** Loaded, and so started, by the first task. */
    private static final class Timer {

        static final ScheduledThreadPoolExecutor EXECUTOR = executor();

        private static ScheduledThreadPoolExecutor executor() {
            var executor = new ScheduledThreadPoolExecutor(1, task -> DaemonThreads.unstarted("holdfast-timer", task));
            // A timeout that was not needed must not hold its call until it would have been due.
            executor.setRemoveOnCancelPolicy(true);
            return executor;
        }
    }

    /**
     * Loaded by the first work. A fork-join pool, as it adds a thread where one blocks in {@link java.util.concurrent.CompletableFuture#join}: else
     * some calls that wait for each other's attempts could stand still together.
     */
    private static final class Workers {

        private static final long IDLE_SECONDS = 10;

        static final ForkJoinPool POOL = pool();

        private static ForkJoinPool pool() {
            int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
            return new ForkJoinPool(
                    threads,
                    Worker::new,
                    null,
                    true, // first come, first served
                    0,
                    MOST_THREADS,
                    1,
                    null,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS);
        }

        private static final int MOST_THREADS = 256;
    }

    private static final class Worker extends ForkJoinWorkerThread {

        private static final AtomicInteger NUMBER = new AtomicInteger();

        Worker(ForkJoinPool pool) {
            super(pool);
            setName("holdfast-worker-" + NUMBER.incrementAndGet());
            setContextClassLoader(SystemTime.class.getClassLoader());
        }
    }
}
