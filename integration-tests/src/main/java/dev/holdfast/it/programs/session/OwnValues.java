package dev.holdfast.it.programs.session;

import dev.holdfast.Consistency;
import dev.holdfast.Session;
import dev.holdfast.SharedSession;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that change one session, each a value of its own, and look for what they have set. Virtual ones where there are some: to interrupt one breaks its
 * connection while Redis does what was asked on it.
 */
public final class OwnValues {

    private static final int THREADS = 4;

    private OwnValues() {}

    @SharedSession(id = "{id}")
    static long strict(String id, String name, long value) {
        return changed(name, value);
    }

    @SharedSession(id = "{id}", consistency = Consistency.NEAR)
    static long near(String id, String name, long value) {
        return changed(name, value);
    }

    private static long changed(String name, long value) {
        Session session = Session.current();
        Long before = session.get(name, Long.class);
        session.set(name, value);
        return before == null ? 0 : before;
    }

    /** Sets a value, and gives the one before. */
    private interface Change {
        long to(String name, long value);
    }

    public static void main(String[] arguments) throws Exception {
        long changes = run(1_500, true, (name, value) -> strict("strict", name, value))
                + run(700, false, (name, value) -> near("near", name, value));
        Expect.that(changes > 100, "there were more changes than " + changes);
        System.out.println("seen");
    }

    private static long run(int millis, boolean interrupts, Change change) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong changes = new AtomicLong();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String name = "n" + i;
            threads.add(Threads.start(() -> {
                try {
                    for (long value = 1; System.nanoTime() - end < 0; value++) {
                        Expect.equal(value - 1, change.to(name, value));
                        changes.incrementAndGet();
                    }
                } catch (Throwable failed) {
                    failure.compareAndSet(null, failed);
                }
            }));
        }
        Random random = new Random(7);
        while (interrupts && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
            threads.get(random.nextInt(THREADS)).interrupt();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        return changes.get();
    }
}
