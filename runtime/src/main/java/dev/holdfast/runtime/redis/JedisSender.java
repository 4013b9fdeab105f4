package dev.holdfast.runtime.redis;

import dev.holdfast.runtime.time.Time;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Sends scripts to Redis by a client of Jedis'. Of those that are under way at a time the first few have a connection each, out of the client's pool, which is
 * the shortest way. What comes beyond shares a {@link Line}: there is much to do then, and what goes together is less to do. In a cluster each has its own.
 *
 * <p>Thread-safe. While one thread connects the line, the others have connections of their own, as long as there are any.
 */
final class JedisSender implements AutoCloseable {

    /** Where fewer are under way, they are too few on a line to be worth its detours. */
    static final int ALONE = 8;

    /** In bytes of arguments. What is larger goes alone, if it can, and holds nobody up. */
    static final int LARGE = 16_384;

    /** Where Redis was restarted, the line is broken, and then a connection of the pool. */
    private static final int ATTEMPTS = 3;

    private final UnifiedJedis client;
    private final RedisAddress address;
    private final long timeoutNanos;
    private final int alone;
    private final Time time;

    private final AtomicInteger underWay = new AtomicInteger();

    /** Of these, how many have a connection of their own. */
    private final AtomicInteger owning = new AtomicInteger();

    /** Held while the line is connected, by whoever does. */
    private final ReentrantLock connecting = new ReentrantLock();

    /** Written under the lock. */
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
        boolean many = underWay.incrementAndGet() > alone;
        try {
            boolean goesAlone = !many || isLarge(arguments);
            for (int attempt = 1; true; attempt++) {
                Line shared = null;
                try {
                    shared = sharedBy(goesAlone || attempt > 1);
                    return shared == null
                            ? sendAlone(script, keys, arguments)
                            : sendOn(shared, script, keys, arguments);
                } catch (JedisConnectionException broken) {
                    throwUnlessBroken(broken, attempt);
                    if (shared == null) {
                        JedisClients.dropIdle(client);
                    }
                }
            }
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Each connection finds out by itself that Redis was restarted, and none of that is the caller's business. */
    private static void throwUnlessBroken(JedisConnectionException failed, int attempt) {
        if (attempt == ATTEMPTS
                || isTimeout(failed)
                || hasCause(failed, ConnectException.class)
                || isInterrupt(failed)) {
            throw failed;
        }
    }

    private @Nullable Object sendAlone(Script script, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return script == Script.FIELDS
                    ? client.hmget(keys.get(0), arguments.toArray(new byte[0][]))
                    : client.evalsha(script.sha1(), keys, arguments);
        } catch (JedisNoScriptException unknown) {
            return client.eval(script.text(), keys, arguments);
        } catch (JedisDataException refused) {
            return nothingOrThrow(script, refused);
        } finally {
            owning.decrementAndGet();
        }
    }

    private static @Nullable Object sendOn(Line line, Script script, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return script == Script.FIELDS
                    ? line.ask(Protocol.Command.HMGET, fields(keys.get(0), arguments))
                    : line.ask(Protocol.Command.EVALSHA, words(script.sha1(), keys, arguments));
        } catch (JedisNoScriptException unknown) {
            return line.ask(Protocol.Command.EVAL, words(script.text(), keys, arguments));
        } catch (JedisDataException refused) {
            return nothingOrThrow(script, refused);
        }
    }

    private static byte[][] fields(byte[] key, List<byte[]> names) {
        List<byte[]> words = new ArrayList<>(1 + names.size());
        words.add(key);
        words.addAll(names);
        return words.toArray(new byte[0][]);
    }

    private static byte[][] words(byte[] script, List<byte[]> keys, List<byte[]> arguments) {
        List<byte[]> words = new ArrayList<>(2 + keys.size() + arguments.size());
        words.add(script);
        words.add(Protocol.toByteArray(keys.size()));
        words.addAll(keys);
        words.addAll(arguments);
        return words.toArray(new byte[0][]);
    }

    /** What is no hash has no fields. */
    private static @Nullable Object nothingOrThrow(Script script, JedisDataException refused) {
        if (script == Script.FIELDS && code(refused).equals("WRONGTYPE")) {
            return null;
        }
        throw refused;
    }

    private static boolean isLarge(List<byte[]> arguments) {
        int bytes = 0;
        for (byte[] argument : arguments) {
            bytes += argument.length;
        }
        return bytes > LARGE;
    }

    /** Null for a connection of its own, which is counted then. */
    private @Nullable Line sharedBy(boolean goesAlone) {
        Line shared = goesAlone ? null : line(false);
        if (shared == null && owning.incrementAndGet() > JedisClients.CONNECTIONS) {
            owning.decrementAndGet(); // it would have to wait for one
            shared = line(true);
            if (shared == null) {
                owning.incrementAndGet();
            }
        }
        return shared;
    }

    /** Null if another one connects it, or there can be none. */
    private @Nullable Line line(boolean waits) {
        HostAndPort server = JedisClients.server(client, address);
        if (server == null || leadsTo(server, line)) {
            return server == null ? null : line;
        }
        if (closed || !tryLock(waits)) {
            return leadsTo(server, line) ? line : null;
        }
        try {
            return leadsTo(server, line) ? line : connect(server);
        } finally {
            connecting.unlock();
        }
    }

    private static boolean leadsTo(HostAndPort server, @Nullable Line made) {
        return made != null && !made.isDown() && made.leadsTo(server);
    }

    private Line connect(HostAndPort server) {
        Line made = line;
        if (made != null) {
            made.hangUp(); // another server has taken over
        }
        Line fresh = JedisClients.line(server, address, timeoutNanos, time);
        line = fresh;
        if (closed) { // while it was made
            fresh.hangUp();
        }
        return fresh;
    }

    private boolean tryLock(boolean waits) {
        try {
            return connecting.tryLock()
                    || (waits && connecting.tryLock(JedisClients.POOL_WAIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            throw new JedisException(interrupted);
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
