package dev.holdfast.runtime.recover;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * At most so many attempts of one method under way at once.
 *
 * <p>A thread that is in already passes and takes no second permit: else a recursive method would reject itself halfway down, or
 * two threads halfway down would reject each other. How deep each thread is in is kept in a thread-local, of one int that is
 * allocated at the thread's first call and reused. The thread-local refers to nothing of the application, so a thread
 * that outlives the application does not keep it. Virtual threads bear one each for as long as they live.
 *
 * <p>An asynchronous attempt may end on any thread, so it takes a permit that belongs to none: {@link #tryAcquireDetached}. It
 * counts even where the thread is in already.
 *
 * <p>Limit of 1: a thread enters (1 of 1), enters again (passes), another thread is rejected, the first exits twice, and only then is
 * the permit free.
 *
 * <p>Thread-safe and lock-free.
 */
final class ConcurrencyLimit {

    private volatile int limit;
    private final AtomicInteger taken = new AtomicInteger();
    private final ThreadLocal<Depth> depth = ThreadLocal.withInitial(Depth::new);

    /** For so many permits, 1 or more. */
    ConcurrencyLimit(int limit) {
        this.limit = limit;
    }

    /** Sets another number of permits, 1 or more. What is taken stays taken, though it be more than that. */
    void limit(int limit) {
        this.limit = limit;
    }

    /**
     * Enters on this thread, to be left on this thread by {@link #exit}.
     *
     * @return how deep the thread is in now, 1 or more; or 0 if it is rejected, and nothing was taken
     */
    int enter() {
        Depth own = depth.get();
        return own.calls > 0 || tryAcquireDetached() ? ++own.calls : 0;
    }

    /**
     * Leaves what {@link #enter} entered, and whatever inside of that was not left: at the end of the stack there may be no room for an
     * exit, but there is for the one further out.
     *
     * @param entered what enter gave
     * @throws IllegalStateException if this thread is not in so deep
     */
    void exit(int entered) {
        Depth own = depth.get();
        if (own.calls < entered) {
            throw new IllegalStateException("exit without enter on this thread");
        }
        own.calls = entered - 1;
        if (entered == 1) {
            releaseDetached();
        }
    }

    /**
     * Leaves what {@link #enter} entered as {@link #exit} does, but keeps the permit where one was taken, which is to say where {@code entered} is 1: from
     * here on it belongs to no thread, and is given back by {@link #releaseDetached}.
     */
    void detach(int entered) {
        Depth own = depth.get();
        own.calls = Math.min(own.calls, entered - 1);
    }

    /** Takes a permit that any thread may give back, once, by {@link #releaseDetached}; or gives false, and nothing was taken. */
    boolean tryAcquireDetached() {
        // Not an increment that is taken back when it was too much: for that moment it would reject somebody who has a
        // right to enter.
        int now = taken.get();
        while (now < limit) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    /**
     * Gives back what {@link #tryAcquireDetached} took.
     *
     * @throws IllegalStateException if no permit is taken
     */
    void releaseDetached() {
        int now = taken.get();
        while (now > 0) {
            if (taken.compareAndSet(now, now - 1)) {
                return;
            }
            now = taken.get();
        }
        throw new IllegalStateException("release without acquire");
    }

    /** Permits taken at the moment, 0 to the limit, or more after the limit was lowered. */
    int taken() {
        return taken.get();
    }

    /** How many calls of one thread are in; touched by that thread alone. */
    private static final class Depth {
        int calls;
    }
}
