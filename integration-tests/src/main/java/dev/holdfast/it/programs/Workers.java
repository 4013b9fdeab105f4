package dev.holdfast.it.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Threads that start at the same moment; {@link #join} throws what the first of them threw. */
public final class Workers {

    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    /** Starts so many threads on the same action. */
    public static Workers start(int count, Action action) {
        Workers workers = new Workers();
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                    action.run();
                } catch (Throwable thrown) {
                    synchronized (workers.failures) {
                        workers.failures.add(thrown);
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
            workers.threads.add(thread);
        }
        go.countDown();
        return workers;
    }

    /** Interrupts them. */
    public void interrupt() {
        threads.forEach(Thread::interrupt);
    }

    /** Waits for their end. */
    public void join() throws Throwable {
        for (Thread thread : threads) {
            thread.join();
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw failures.get(0);
            }
        }
    }
}
