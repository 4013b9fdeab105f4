package dev.holdfast.runtime.log;

import dev.holdfast.runtime.time.DaemonThreads;
import dev.holdfast.runtime.time.Time;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings each message to where it goes, now or later.
 *
 * <p>Thread-safe. The queue and all that belongs to it is guarded by {@link #lock}, under which no code of the application's
 * runs. While a message is being told its thread is marked: what the application's logging causes to be logged then, be it woven
 * itself or failing, goes to stderr instead of round in circles.
 */
final class Outlet {

    /** That of this JVM. */
    static final Outlet HERE = new Outlet(Time.SYSTEM, Stderr.SYSTEM);

    /** How long a message waits for its moment: main has begun and a class is loaded long before. */
    private static final long LATER_NANOS = 100_000_000;

    /** Many more than a start gives rise to, and a few hundred kilobytes. */
    private static final int MOST_WAITING = 1_000;

    /** How long the end of the JVM waits for a message that is just being told. */
    private static final long LAST_WAIT_MILLIS = 200;

    /** Marks a thread that is telling something. */
    private static final ThreadLocal<Busy> BUSY = new ThreadLocal<>();

    private final Time time;
    private final Stderr stderr;
    private final Loaders loaders = new Loaders();

    private final Lock lock = new ReentrantLock();
    private final ArrayDeque<Late> waiting = new ArrayDeque<>();
    private int dropped;
    private @Nullable Thread thread;
    private @Nullable Late underway;
    private boolean hooked;
    private boolean ended;

    /** Read without the lock, to find nothing waiting at the price of nothing. */
    private volatile boolean anyWaiting;

    Outlet(Time time, Stderr stderr) {
        this.time = time;
        this.stderr = stderr;
    }

    /** Initialises what the first message needs. */
    static void prepare() {
        BUSY.set(Busy.LOGGING);
        BUSY.remove();
    }

    /** A message that waits. Its loader may go before it: then it is told on stderr. */
    private record Late(@Nullable WeakReference<ClassLoader> loader, Message message) {}

    /** Tells a message now, those that wait for the same loader before it. */
    void tell(@Nullable ClassLoader loader, Message message) {
        if (anyWaiting && loader != null && BUSY.get() == null) {
            Late late;
            while ((late = takeFor(loader)) != null) {
                deliver(loader, late.message);
            }
        }
        deliver(loader, message);
    }

    /** Tells a message later if its loader has an SLF4J, else now. */
    void tellLater(@Nullable ClassLoader loader, Message message) {
        if (loader == null || !carriesSlf4j(loader) || !queue(new Late(new WeakReference<>(loader), message))) {
            write(message);
        }
    }

    /** Tells on stderr what still waits: it is too late to wake anybody's logging, and what is awake may be gone. */
    void end() {
        Thread delivering;
        lock.lock();
        try {
            ended = true;
            delivering = underway == null ? null : thread;
        } finally {
            lock.unlock();
        }
        Late late;
        while ((late = take()) != null) {
            write(late.message);
        }
        if (delivering != null) {
            try {
                delivering.join(LAST_WAIT_MILLIS);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
            lock.lock();
            try {
                late = underway;
            } finally {
                lock.unlock();
            }
            if (late != null) {
                write(late.message);
            }
        }
    }

    private void deliver(@Nullable ClassLoader loader, Message message) {
        if (loader != null && BUSY.get() == null && tellSlf4j(loader, message)) {
            return;
        }
        write(message);
    }

    /** @return whether there was one that took it */
    private boolean tellSlf4j(ClassLoader loader, Message message) {
        BUSY.set(Busy.LOGGING);
        try {
            Thread thread = Thread.currentThread();
            ClassLoader context = thread.getContextClassLoader();
            // A thread of the agent's: logging that is set up on it would look for its configuration in the agent.
            boolean ours = context == null || context == Outlet.class.getClassLoader();
            if (ours) {
                thread.setContextClassLoader(loader);
            }
            try {
                Slf4j slf4j = loaders.slf4j(loader);
                if (slf4j != null) {
                    slf4j.log(message);
                }
                return slf4j != null;
            } finally {
                if (ours) {
                    thread.setContextClassLoader(context);
                }
            }
        } catch (Throwable failure) {
            // Whatever an application's logging does, it must not reach the call that had something to say.
            write(Message.now(Level.WARN, "the application's logging failed, so what follows is told here", failure));
            return false;
        } finally {
            BUSY.remove();
        }
    }

    private boolean carriesSlf4j(ClassLoader loader) {
        if (BUSY.get() != null) {
            return false;
        }
        BUSY.set(Busy.LOGGING);
        try {
            return loaders.carriesSlf4j(loader);
        } catch (Throwable failure) {
            // A loader that cannot be asked: stderr it is.
            return false;
        } finally {
            BUSY.remove();
        }
    }

    private void write(Message message) {
        Busy before = BUSY.get();
        if (before == Busy.WRITING) {
            return; // stderr itself has caused this, and would again
        }
        BUSY.set(Busy.WRITING);
        try {
            stderr.write(message.lines());
        } catch (Throwable failure) {
            // The last resort has failed, and there is nobody left to tell.
        } finally {
            if (before == null) {
                BUSY.remove();
            } else {
                BUSY.set(before);
            }
        }
    }

    /** @return false if it is too late for later */
    private boolean queue(Late late) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            if (waiting.size() == MOST_WAITING) {
                dropped++;
                return true;
            }
            if (thread == null) {
                thread = begin();
            }
            waiting.add(late);
            anyWaiting = true;
            return true;
        } catch (IllegalStateException | OutOfMemoryError ending) {
            return false; // the JVM is going down and takes no hook, or has no thread to spare
        } finally {
            lock.unlock();
        }
    }

    private Thread begin() {
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(DaemonThreads.unstarted("holdfast-log-end", new End()));
            hooked = true;
        }
        Thread started = DaemonThreads.unstarted("holdfast-log", new DeliverAll());
        started.start();
        return started;
    }

    /** The next one that waits; null if none does. */
    private @Nullable Late take() {
        lock.lock();
        try {
            Late late = waiting.poll();
            if (late == null && dropped > 0) {
                late = new Late(
                        null, Message.now(Level.WARN, dropped + " messages came too fast and were dropped", null));
                dropped = 0;
            }
            anyWaiting = !waiting.isEmpty();
            return late;
        } finally {
            lock.unlock();
        }
    }

    /** The next one that waits for a loader; null if none does. */
    private @Nullable Late takeFor(ClassLoader loader) {
        lock.lock();
        try {
            for (Iterator<Late> all = waiting.iterator(); all.hasNext(); ) {
                Late late = all.next();
                if (late.loader != null && late.loader.refersTo(loader)) {
                    all.remove();
                    anyWaiting = !waiting.isEmpty();
                    return late;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** What the thread is to tell next; null if it is to end, and then the next message starts another. */
    private @Nullable Late takeUnderway() {
        lock.lock();
        try {
            underway = take();
            if (underway == null) {
                thread = null;
            }
            return underway;
        } finally {
            lock.unlock();
        }
    }

    /** What a thread is doing here. */
    private enum Busy {
        LOGGING,
        WRITING
    }

    // Classes, for a lambda costs the start of a JVM more than all the rest of this.

    private final class DeliverAll implements Runnable {
        @Override
        public void run() {
            try {
                time.sleep(LATER_NANOS);
            } catch (InterruptedException hurry) {
                // Whoever interrupts a thread of ours can only want it to go on.
            }
            Late late;
            while ((late = takeUnderway()) != null) {
                deliver(late.loader == null ? null : late.loader.get(), late.message);
            }
        }
    }

    private final class End implements Runnable {
        @Override
        public void run() {
            end();
        }
    }
}
