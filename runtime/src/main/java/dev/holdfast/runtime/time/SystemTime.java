package dev.holdfast.runtime.time;

import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

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
    public void prepare() {
        // Its thread is started by the first task still.
        Objects.requireNonNull(Timer.EXECUTOR);
    }

    @Override
    public boolean await(Semaphore signal, long nanos) throws InterruptedException {
        return signal.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public long epochMillis() {
        return WallClock.millis();
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
        Future<?> future = Timer.EXECUTOR.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Scheduled scheduleWork(long delayNanos, Runnable task) {
        // By way of the timer also where there is no delay: a worker inherits the inheritable thread-locals of the
        // thread by which it comes to be started, and those of the application are none of its business.
        return schedule(delayNanos, () -> Work.WORKERS.execute(task));
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

    /** Loaded by the first work. */
    private static final class Work {

        static final Workers WORKERS =
                new Workers(Math.max(2, Runtime.getRuntime().availableProcessors()), Time.SYSTEM);
    }
}
