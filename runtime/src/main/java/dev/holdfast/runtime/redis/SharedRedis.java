package dev.holdfast.runtime.redis;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one client that everything in a JVM goes by which keeps something in the Redis of its cluster: so there is one pool of connections, one opinion on
 * whether Redis is away, and one line in the log about that. It is opened when somebody first asks for it, which in many a program nobody does, and
 * closed once.
 *
 * <p>Thread-safe. The lock is held while the client is made, which connects to nobody.
 */
public final class SharedRedis implements Supplier<Redis>, AutoCloseable {

    private final Supplier<JedisRedis> opens;
    private final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock. */
    private volatile @Nullable JedisRedis open;

    /** Guarded by the lock. */
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param opens asked once
     */
    public SharedRedis(Supplier<JedisRedis> opens) {
        this.opens = opens;
    }

    /**
     * The same one each time.
     *
     * @throws IllegalStateException if it was closed before anybody asked for it
     */
    @Override
    public Redis get() {
        JedisRedis made = open;
        return made == null ? openOnce() : made;
    }

    private JedisRedis openOnce() {
        lock.lock();
        try {
            JedisRedis made = open;
            if (made == null) {
                if (closed) {
                    throw new IllegalStateException("what is kept in Redis is asked for, and its client is closed");
                }
                made = opens.get();
                open = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Closes it, if it is open; whoever has it is told that Redis is away. In a JVM that ends nobody needs to: its users may outlive any hook of ours. */
    @Override
    public void close() {
        lock.lock();
        try {
            JedisRedis made = open;
            if (!closed && made != null) {
                made.close();
            }
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
