package dev.holdfast.runtime.time;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test turns it. Tasks run on the thread that turns, outside of the lock, in the order of their
 * times and each at exactly its own; what they schedule takes its turn too.
 *
 * <ul>
 *   <li>{@link #turningItself()}: a sleep turns the time by its length and returns. For tests of one thread.
 *   <li>{@link #turnedByHand()}: a sleep parks its thread until another one turns the time far enough. For tests of several;
 *       {@link #awaitSleepers} tells when they have come to rest.
 * </ul>
 *
 * <p>{@link #nanoTime()} begins a second before {@link Long#MAX_VALUE}, so that whoever compares times otherwise than by
 * difference is found out. Thread-safe.
 */
public final class VirtualTime implements Time {

    private static final long ORIGIN = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    private final boolean turnsItself;

    private final AtomicLong jumpedMillis = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turned = lock.newCondition();
    private final Condition fallenAsleep = lock.newCondition();

    // All guarded by the lock.
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private final List<Long> sleeps = new ArrayList<>();
    private long elapsed;
    private long scheduled;
    private int sleepers;

    private VirtualTime(boolean turnsItself) {
        this.turnsItself = turnsItself;
    }

    public static VirtualTime turningItself() {
        return new VirtualTime(true);
    }

    public static VirtualTime turnedByHand() {
        return new VirtualTime(false);
    }

    @Override
    public void prepare() {}

    @Override
    public long nanoTime() {
        return ORIGIN + elapsed();
    }

    /** Nanoseconds since this time was made. */
    public long elapsed() {
        lock.lock();
        try {
            return elapsed;
        } finally {
            lock.unlock();
        }
    }

    /** Turns the time on and runs what comes due on the way. */
    public void advance(long nanos) {
        long end = later(nanos);
        for (Task task = nextUntil(end); task != null; task = nextUntil(end)) {
            task.what.run();
        }
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        noteSleep(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long end = later(nanos);
        if (turnsItself) {
            for (Task task = nextUntil(end); task != null; task = nextUntil(end)) {
                task.what.run();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } else {
            parkUntil(end);
        }
    }

    /** Where it is turned by hand, a release is noticed some milliseconds of real time later. */
    @Override
    public boolean await(Semaphore signal, long nanos) throws InterruptedException {
        noteSleep(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long end = later(nanos);
        if (!turnsItself) {
            return parkUntil(end, signal);
        }
        boolean released = signal.tryAcquire();
        for (Task task = released ? null : nextUntil(end); task != null; task = nextUntil(end)) {
            task.what.run();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (signal.tryAcquire()) {
                return true;
            }
        }
        return released || signal.tryAcquire();
    }

    /** It begins at the epoch; a jump moves it against {@link #nanoTime()}. */
    @Override
    public long epochMillis() {
        return Math.floorDiv(elapsed(), 1_000_000L) + jumpedMillis.get();
    }

    /** Sets the time of day on, or back, as an administrator does. */
    public void jump(long millis) {
        jumpedMillis.addAndGet(millis);
    }

    @Override
    public Scheduled scheduleWork(long delayNanos, Runnable task) {
        return schedule(delayNanos, task);
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable what) {
        long due = later(delayNanos);
        lock.lock();
        try {
            Task task = new Task(due, scheduled++, what);
            tasks.add(task);
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    /** The length of every sleep that was asked for, in order. */
    public List<Long> sleeps() {
        lock.lock();
        try {
            return List.copyOf(sleeps);
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks neither ran nor were cancelled. */
    public int scheduledTasks() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so many threads sleep; for time that is turned by hand. */
    public void awaitSleepers(int count) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(30);
            while (sleepers != count) {
                if (left <= 0) {
                    throw new AssertionError("expected " + count + " sleepers, were " + sleepers);
                }
                left = fallenAsleep.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void parkUntil(long end) throws InterruptedException {
        parkUntil(end, new Semaphore(0));
    }

    private boolean parkUntil(long end, Semaphore signal) throws InterruptedException {
        lock.lock();
        try {
            sleepers++;
            fallenAsleep.signalAll();
            try {
                while (elapsed < end) {
                    if (signal.tryAcquire()) {
                        return true;
                    }
                    boolean unused = turned.await(2, TimeUnit.MILLISECONDS);
                }
                return signal.tryAcquire();
            } finally {
                sleepers--;
                fallenAsleep.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void noteSleep(long nanos) {
        lock.lock();
        try {
            sleeps.add(nanos);
        } finally {
            lock.unlock();
        }
    }

    private long later(long nanos) {
        lock.lock();
        try {
            long end = elapsed + Math.max(0, nanos);
            return end < 0 ? Long.MAX_VALUE : end;
        } finally {
            lock.unlock();
        }
    }

    /** Turns to the next task that is due by then and takes it; null, and turned to the end, if there is none. */
    private @Nullable Task nextUntil(long end) {
        lock.lock();
        try {
            Task next = tasks.peek();
            if (next != null && next.due <= end) {
                tasks.remove();
                turnTo(next.due);
                return next;
            }
            turnTo(end);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Never backwards: two threads may be turning at once. */
    private void turnTo(long time) {
        elapsed = Math.max(elapsed, time);
        turned.signalAll();
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    private record Task(long due, long number, Runnable what) {}
}
