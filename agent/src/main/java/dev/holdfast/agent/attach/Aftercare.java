package dev.holdfast.agent.attach;

import dev.holdfast.agent.weave.Weaving.Woven;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do for a woven class on a thread other than the one that loads it: telling messages, because the application's
 * logging may need the very class that is being loaded, and checking definitions once the class is there.
 *
 * <p>The thread is started when there is something to do and ends when all is done. What is pending when the JVM ends is done then,
 * for {@value #EXIT_MILLIS} ms at most. Thread-safe: {@link #running} and {@link #exitHooked} are guarded by this, the awaited
 * classes belong to the thread.
 */
final class Aftercare {

    /** How long the end of the JVM may be held up. */
    static final long EXIT_MILLIS = 2_000;

    /** Long enough for a class to be defined after it was woven, so that mostly the first look finds it. */
    private static final long SHORTEST_MILLIS = 10;

    private static final long LONGEST_MILLIS = 1_000;

    private final AwaitedClasses awaited;
    private final RuntimeEntry runtime;
    private final ThreadFactory threads;
    private final BlockingQueue<Runnable> arrivals = new LinkedBlockingQueue<>();

    private boolean running;
    private boolean exitHooked;

    /** Starts no thread yet. */
    Aftercare(AwaitedClasses awaited, RuntimeEntry runtime) {
        this(awaited, runtime, new Threads());
    }

    Aftercare(AwaitedClasses awaited, RuntimeEntry runtime, ThreadFactory threads) {
        this.awaited = awaited;
        this.runtime = runtime;
        this.threads = threads;
    }

    /** Has these definitions checked as soon as the class is loaded. */
    void check(ClassLoader loader, String className, List<Woven> methods) {
        offer(new Check(new WeakReference<>(loader), className, methods));
    }

    /** Has this message told, by the loader's logging if it has one. */
    void log(String level, ClassLoader loader, String message, @Nullable Throwable cause) {
        offer(new Message(level, new WeakReference<>(loader), message, cause));
    }

    /** Does what is pending, and waits for that no longer than so. */
    void finish(long millis) {
        CountDownLatch done = new CountDownLatch(1);
        synchronized (this) {
            if (!running && !arrivals.isEmpty()) {
                running = starts();
            }
            if (!running) {
                return;
            }
            arrivals.add(new Finish(done));
        }
        try {
            if (!done.await(millis, TimeUnit.MILLISECONDS)) {
                runtime.log("warn", null, "the JVM ends before all definitions could be checked", null);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void offer(Runnable work) {
        arrivals.add(work);
        if (!running) {
            running = starts();
        }
        if (!exitHooked) {
            exitHooked = true;
            try {
                Runtime.getRuntime().addShutdownHook(DaemonThreads.unstarted("holdfast-exit", new Exit()));
            } catch (IllegalStateException jvmIsEnding) {
                // The thread is on its way, and either makes it or not.
            }
        }
    }

    /**
     * Whether the thread is started; its first step towards an end waits for the lock. If the system has none to give just now, the next arrival
     * tries again: whoever loads a class must not hear of it.
     */
    private boolean starts() {
        try {
            threads.newThread(new Worker()).start();
            return true;
        } catch (OutOfMemoryError noThread) {
            return false;
        }
    }

    /** Gives the thread's end away if nothing has arrived meanwhile. */
    private synchronized boolean ended() {
        running = !arrivals.isEmpty();
        return !running;
    }

    private void work() throws InterruptedException {
        long waitMillis = SHORTEST_MILLIS;
        int left;
        do {
            if (takeArrivals(waitMillis)) {
                waitMillis = SHORTEST_MILLIS;
            }
            left = awaited.settle(System.nanoTime());
            waitMillis = Math.min(2 * waitMillis, LONGEST_MILLIS);
        } while (left > 0 || !ended());
    }

    /** Takes what has arrived. Classes come in bursts: waits for the end of one, unless it goes on and on. */
    private boolean takeArrivals(long waitMillis) throws InterruptedException {
        Runnable work = arrivals.poll(waitMillis, TimeUnit.MILLISECONDS);
        boolean any = work != null;
        long enough = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
        while (work != null) {
            work.run();
            work = System.nanoTime() - enough > 0
                    ? arrivals.poll()
                    : arrivals.poll(SHORTEST_MILLIS, TimeUnit.MILLISECONDS);
        }
        return any;
    }

    // Classes, where lambdas would do: the first lambda of a program costs it milliseconds, and this is its start.

    private static final class Threads implements ThreadFactory {

        @Override
        public Thread newThread(Runnable task) {
            return DaemonThreads.unstarted("holdfast-check", task);
        }
    }

    private final class Worker implements Runnable {

        @Override
        public void run() {
            boolean orderly = false;
            try {
                work();
                orderly = true;
            } catch (InterruptedException notOurs) {
                // Nobody has a reason to interrupt this thread. If somebody does it ends, and the next arrival starts
                // another.
                Thread.currentThread().interrupt();
            } finally {
                if (!orderly) {
                    synchronized (Aftercare.this) {
                        running = false;
                    }
                }
            }
        }
    }

    private final class Exit implements Runnable {

        @Override
        public void run() {
            finish(EXIT_MILLIS);
        }
    }

    private final class Check implements Runnable {

        private final WeakReference<ClassLoader> loader;
        private final String className;
        private final List<Woven> methods;

        Check(WeakReference<ClassLoader> loader, String className, List<Woven> methods) {
            this.loader = loader;
            this.className = className;
            this.methods = methods;
        }

        @Override
        public void run() {
            awaited.add(loader, className, methods, System.nanoTime());
        }
    }

    private final class Message implements Runnable {

        private final String level;
        private final WeakReference<ClassLoader> loader;
        private final String message;
        private final @Nullable Throwable cause;

        Message(String level, WeakReference<ClassLoader> loader, String message, @Nullable Throwable cause) {
            this.level = level;
            this.loader = loader;
            this.message = message;
            this.cause = cause;
        }

        @Override
        public void run() {
            runtime.log(level, loader.get(), message, cause);
        }
    }

    private final class Finish implements Runnable {

        private final CountDownLatch done;

        Finish(CountDownLatch done) {
            this.done = done;
        }

        @Override
        public void run() {
            awaited.settle(System.nanoTime());
            done.countDown();
        }
    }
}
