package dev.holdfast.runtime.redis;

import dev.holdfast.runtime.time.Time;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Sends scripts to Redis by a client of Jedis'. Of those that are under way at a time the first few have a connection each, out of the client's pool, which is
 * the shortest way. What comes beyond shares a {@link Line}: there is much to do then, and what goes together is less to do. In a cluster each has its own.
 *
 * <p>Thread-safe. Nobody waits for a line that another connects; he has a connection of his own then.
 */
final class JedisSender implements AutoCloseable {

    /** Where fewer are under way, they are too few on a line to be worth its detours. */
    static final int ALONE = 8;

    /** In bytes of arguments. What is larger goes alone, and holds nobody up. */
    static final int LARGE = 16_384;

    private final UnifiedJedis client;
    private final RedisAddress address;
    private final long timeoutNanos;
    private final int alone;
    private final Time time;

    private final AtomicInteger underWay = new AtomicInteger();

    /** By one thread at a time, which alone writes the line then. */
    private final AtomicBoolean connecting = new AtomicBoolean();

    private volatile @Nullable Line line;

    private volatile boolean closed;

    /** @param alone how many have a connection of their own */
    JedisSender(UnifiedJedis client, RedisAddress address, long timeoutNanos, int alone, Time time) {
        this.client = client;
        this.address = address;
        this.timeoutNanos = timeoutNanos;
        this.alone = alone;
        this.time = time;
    }

    /**
     * Runs a script. It may run more than once, where a connection breaks before it has answered.
     *
     * @throws JedisException if there is no answer, or it is an error; see {@link #isInterrupt}
     */
    @Nullable
    Object send(Script script, List<byte[]> keys, List<byte[]> arguments) {
        try {
            boolean many = underWay.incrementAndGet() > alone;
            Line shared = many && !isLarge(arguments) ? line() : null;
            if (shared != null) {
                try {
                    return sendOnce(shared, script, keys, arguments);
                } catch (JedisConnectionException broken) {
                    throwUnlessBroken(broken);
                }
            }
            return sendAlone(script, keys, arguments);
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Each of the connections in the pool finds out by itself that Redis was restarted, and none of that is the caller's business. */
    private @Nullable Object sendAlone(Script script, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return sendOnce(null, script, keys, arguments);
        } catch (JedisConnectionException broken) {
            throwUnlessBroken(broken);
            JedisClients.dropIdle(client);
            return sendOnce(null, script, keys, arguments);
        }
    }

    private static void throwUnlessBroken(JedisConnectionException failed) {
        if (isTimeout(failed) || hasCause(failed, ConnectException.class) || isInterrupt(failed)) {
            throw failed;
        }
    }

    private @Nullable Object sendOnce(@Nullable Line shared, Script script, List<byte[]> keys, List<byte[]> arguments) {
        try {
            if (shared != null) {
                return shared.ask(script, keys, arguments);
            }
            return script == Script.FIELD
                    ? client.hget(keys.get(0), arguments.get(0))
                    : client.evalsha(script.sha1(), keys, arguments);
        } catch (JedisNoScriptException unknown) {
            return client.eval(script.text(), keys, arguments);
        } catch (JedisDataException refused) {
            if (script == Script.FIELD && code(refused).equals("WRONGTYPE")) {
                return null;
            }
            throw refused;
        }
    }

    private static boolean isLarge(List<byte[]> arguments) {
        int bytes = 0;
        for (byte[] argument : arguments) {
            bytes += argument.length;
        }
        return bytes > LARGE;
    }

    /** Null where each has to go alone. */
    private @Nullable Line line() {
        HostAndPort server = JedisClients.server(client, address);
        Line made = line;
        if (server == null || (made != null && !made.isDown() && made.leadsTo(server))) {
            return server == null ? null : made;
        }
        if (closed || !connecting.compareAndSet(false, true)) {
            return null;
        }
        try {
            if (made != null) {
                made.hangUp(); // another server has taken over
            }
            Line fresh = JedisClients.line(server, address, timeoutNanos, time);
            line = fresh;
            if (closed) { // while it was made
                fresh.hangUp();
            }
            return fresh;
        } finally {
            connecting.set(false);
        }
    }

    /** Asks a cluster who has its slots now. */
    void refresh() {
        JedisClients.refresh(client);
    }

    /** Lets go of all connections. */
    @Override
    public void close() {
        closed = true;
        Line made = line;
        if (made != null) {
            made.hangUp();
        }
        client.close();
    }

    /** Whether it was an interrupt of this thread, which breaks a wait for a connection, and on virtual threads the connection too: that says nothing of Redis. */
    static boolean isInterrupt(JedisException failed) {
        return !isTimeout(failed)
                && (Thread.currentThread().isInterrupted() || hasCause(failed, InterruptedException.class));
    }

    /** Whether no answer came in time. */
    static boolean isTimeout(@Nullable Throwable failure) {
        return hasCause(failure, SocketTimeoutException.class);
    }

    private static boolean hasCause(@Nullable Throwable failure, Class<? extends Throwable> type) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (type.isInstance(one)) {
                return true;
            }
        }
        return false;
    }

    /** The word that Redis begins its errors with. */
    static String code(JedisException failure) {
        String message = String.valueOf(failure.getMessage());
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }
}
