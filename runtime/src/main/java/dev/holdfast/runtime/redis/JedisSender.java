package dev.holdfast.runtime.redis;

import dev.holdfast.runtime.time.Time;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
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

    /** In bytes of arguments. What is larger may not fit into what the two systems take before Redis reads it. */
    private static final int STALLING = 32_768;

    /** For a connection, in parts of what a command may take: of the 50 ms that are the default it is 20 ms, and never less. */
    private static final int WAIT_FIFTHS = 2;

    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What a script is told that has named one of its keys alone. */
    private static final String NOT_HERE = "non local key";

    private static final long TRY_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Where Redis was restarted, the line is broken, and then a connection of the pool. */
    private static final int ATTEMPTS = 3;

    private final UnifiedJedis client;

    /** A permit for each that may have a connection of its own. */
    private final PerServer<Semaphore> connections;

    private final RedisAddress address;
    private final long timeoutNanos;
    private final long waitNanos;
    private final int alone;
    private final Time time;

    private final AtomicInteger underWay = new AtomicInteger();

    /** Its permit is taken while the line is connected, by whoever does. */
    private final Semaphore connecting = new Semaphore(1);

    /** Written with that permit. */
    private volatile @Nullable Line line;

    private volatile boolean closed;

    /**
     * Sends by that client.
     *
     * @param connections of each server what {@link #connections()} makes
     * @param alone how many have a connection of their own
     */
    JedisSender(
            UnifiedJedis client,
            PerServer<Semaphore> connections,
            RedisAddress address,
            long timeoutNanos,
            int alone,
            Time time) {
        this.client = client;
        this.connections = connections;
        this.address = address;
        this.timeoutNanos = timeoutNanos;
        this.waitNanos = Math.max(LEAST_WAIT_NANOS, timeoutNanos / 5 * WAIT_FIFTHS);
        this.alone = alone;
        this.time = time;
    }

    /** As many as a server is asked by at a time. */
    static Semaphore connections() {
        return new Semaphore(JedisClients.CONNECTIONS, true);
    }

    /**
     * Runs a script. It may run more than once, where a connection breaks before it has answered.
     *
     * @param again called before it is sent again, or where it may be
     * @throws JedisException if there is no answer, or it is an error; see {@link #isInterrupt}
     */
    @Nullable
    Object send(Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again) {
        boolean many = underWay.incrementAndGet() > alone;
        if (client instanceof RedisClusterClient) {
            again.run(); // which Jedis may do by itself
        }
        try {
            boolean goesAlone = !many || isLarge(arguments);
            Semaphore free = connections.of(keys.get(0));
            for (int attempt = 1; true; attempt++) {
                Line shared = null;
                boolean owns = false; // and gives it back in this frame: a stack may end further down
                try {
                    shared = goesAlone || attempt > 1 ? null : line(false);
                    owns = shared == null && !free.hasQueuedThreads() && free.tryAcquire();
                    if (shared == null && !owns) {
                        shared = awaited(free);
                        owns = shared == null;
                    }
                    return shared == null
                            ? sendAlone(script, keys, arguments)
                            : sendOn(shared, script, keys, arguments);
                } catch (JedisException failed) {
                    throwUnlessBroken(failed, attempt);
                    again.run();
                    if (shared == null) {
                        JedisClients.dropIdle(client);
                    }
                } finally {
                    if (owns) {
                        free.release();
                    }
                }
            }
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Each connection finds out by itself that Redis was restarted, and none of that is the caller's business. */
    private static void throwUnlessBroken(JedisException failed, int attempt) {
        if (attempt == ATTEMPTS
                || !hasCause(failed, JedisConnectionException.class)
                || isTimeout(failed)
                || hasCause(failed, ConnectException.class)
                || isInterrupt(failed)) {
            throw failed;
        }
    }

    private @Nullable Object sendAlone(Script script, List<byte[]> keys, List<byte[]> arguments) {
        long since = time.nanoTime();
        while (true) {
            try {
                return script == Script.FIELDS
                        ? client.hmget(keys.get(0), arguments.toArray(new byte[0][]))
                        : client.evalsha(script.sha1(), keys, arguments);
            } catch (JedisNoScriptException unknown) {
                return client.eval(script.text(), keys, arguments);
            } catch (JedisDataException refused) {
                if (!isOnItsWay(refused) || time.nanoTime() - since > timeoutNanos) {
                    return nothingOrThrow(script, refused);
                }
                pause();
            }
        }
    }

    /** From one server of a cluster to another, with its slot: for a moment some of the keys are here and some there, and nothing was done. */
    private static boolean isOnItsWay(JedisDataException refused) {
        return code(refused).equals("TRYAGAIN")
                || String.valueOf(refused.getMessage()).contains(NOT_HERE);
    }

    private void pause() {
        boolean unused = Unmoved.await(time, TRY_AGAIN_NANOS, nanos -> {
            time.sleep(Math.max(0, nanos));
            return true;
        });
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
        return bytes(arguments) > LARGE;
    }

    /** Whether to send so much may take as long as Redis hangs. */
    static boolean mayStall(List<byte[]> arguments) {
        return bytes(arguments) > STALLING;
    }

    private static long bytes(List<byte[]> arguments) {
        long bytes = 0;
        for (byte[] argument : arguments) {
            bytes += argument.length;
        }
        return bytes;
    }

    /** Null for a connection of its own, with a permit of these. */
    private @Nullable Line awaited(Semaphore free) {
        long until = time.nanoTime() + waitNanos;
        Line shared = line(true);
        if (shared == null && !Unmoved.await(time, until - time.nanoTime(), nanos -> time.await(free, nanos))) {
            throw new NoneFreeException("no connection was free in time");
        }
        return shared;
    }

    /**
     * Null if another one connects it, or there can be none.
     *
     * @param waits for the other one, as long as it would take to connect
     */
    private @Nullable Line line(boolean waits) {
        HostAndPort server = JedisClients.server(client, address);
        if (server == null || leadsTo(server, line)) {
            return server == null ? null : line;
        }
        if (!closed && connecting.tryAcquire()) {
            try {
                return leadsTo(server, line) ? line : connect(server);
            } finally {
                connecting.release();
            }
        }
        if (waits && !closed) {
            awaitConnected();
        }
        return leadsTo(server, line) ? line : null;
    }

    /** Or not connected: who has waited for an attempt makes none himself. */
    private void awaitConnected() {
        long nanos = Math.max(waitNanos, JedisClients.CONNECT_NANOS);
        if (Unmoved.await(time, nanos, left -> time.await(connecting, left))) {
            connecting.release();
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

    /** Whether it was an interrupt of this thread, which breaks a pause of the client's, and the connection of a virtual thread: that says nothing of Redis. */
    static boolean isInterrupt(JedisException failed) {
        return !isTimeout(failed)
                && !(failed instanceof NoneFreeException)
                && (Thread.currentThread().isInterrupted() || hasCause(failed, InterruptedException.class));
    }

    /** Whether it was that of another one, who broke the connection that they share. */
    static boolean isInterruptOfAnother(JedisException failed) {
        return hasCause(failed, Line.CutOffException.class);
    }

    /** Whether no answer came in time. */
    static boolean isTimeout(@Nullable Throwable failure) {
        return hasCause(failure, SocketTimeoutException.class);
    }

    /** Or what came before it: Jedis asks a cluster more than once, and says of that only what it has given up with. */
    private static boolean hasCause(@Nullable Throwable failure, Class<? extends Throwable> type) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (type.isInstance(one)) {
                return true;
            }
            for (Throwable before : one.getSuppressed()) {
                if (hasCause(before, type)) {
                    return true;
                }
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

    /** That so many others ask Redis that there was no connection, or no thread, in time. What Redis does about that, they will hear. */
    static final class NoneFreeException extends JedisException {

        private static final long serialVersionUID = 1;

        NoneFreeException(String message) {
            super(message);
        }
    }
}
