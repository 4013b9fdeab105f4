package dev.holdfast.it.programs.session;

import dev.holdfast.Conflict;
import dev.holdfast.Session;
import dev.holdfast.SessionConflictException;
import dev.holdfast.SessionUnavailableException;
import dev.holdfast.SharedSession;
import dev.holdfast.Unavailable;
import dev.holdfast.it.programs.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that change one session while Redis comes and goes, each a value of its own, and count in another session all together. What they were told is there then, and nobody
 * sees less than he was told before.
 */
public final class OnAndOff {

    private static final int THREADS = 6;

    private OnAndOff() {}

    @SharedSession(id = "own", whenUnavailable = Unavailable.LOCAL_SHARE)
    static long own(String name, long value) {
        Session session = Session.current();
        Long before = session.get(name, Long.class);
        session.set(name, value);
        return before == null ? 0 : before;
    }

    @SharedSession(id = "all", whenUnavailable = Unavailable.LOCAL_SHARE, conflict = Conflict.FAIL)
    static void count() {
        Session session = Session.current();
        Long before = session.get("n", Long.class);
        session.set("n", before == null ? 1 : before + 1);
    }

    @SharedSession(id = "{id}")
    static long stored(String id, String name) {
        Long value = Session.current().get(name, Long.class);
        return value == null ? 0 : value;
    }

    public static void main(String[] arguments) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[0]));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong counted = new AtomicLong();
        long[] told = new long[THREADS];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int own = i;
            Thread thread = new Thread(() -> {
                try {
                    for (long value = 1; System.nanoTime() - end < 0; value++) {
                        Expect.equal(value - 1, own("n" + own, value));
                        told[own] = value;
                        if (value % 4 == 0) {
                            Expect.equal(value, storedNow("n" + own, value));
                        }
                        if (isCounted()) {
                            counted.incrementAndGet();
                        }
                    }
                } catch (Throwable failed) {
                    failure.compareAndSet(null, failed);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        for (int i = 0; i < THREADS; i++) {
            Expect.equal(told[i], awaited("own", "n" + i, told[i]));
        }
        long all = awaited("all", "n", counted.get());
        Expect.that(all >= counted.get(), all + " are counted of " + counted);
        System.out.println("seen");
    }

    private static boolean isCounted() {
        try {
            count();
            return true;
        } catch (SessionConflictException other) {
            return false;
        }
    }

    /** @param least if Redis is away */
    private static long storedNow(String name, long least) {
        try {
            return stored("own", name);
        } catch (SessionUnavailableException away) {
            return least;
        }
    }

    /** What is stored, once Redis is there and has what it is owed. */
    private static long awaited(String id, String name, long least) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        long last = 0;
        while (System.nanoTime() - end < 0) {
            try {
                last = stored(id, name);
                if (last >= least) {
                    return last;
                }
            } catch (SessionUnavailableException away) {
                last = -1;
            }
            Thread.sleep(20);
        }
        return last;
    }
}
