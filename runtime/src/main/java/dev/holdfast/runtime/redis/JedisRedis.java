package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.definition.DurationText;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.log.Pace;
import dev.holdfast.runtime.time.Time;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Redis by Jedis, with short timeouts, and a circuit breaker for the times when it is away: after {@value #FAILURES_IN_ROW} failures in a row it
 * is not asked any more, except by a probe every {@value #PROBE_MILLIS} ms. Each server of a cluster has such a breaker of its own, as it may be away
 * alone.
 *
 * <p>Connections are made when they are needed, by whoever needs them. What else Jedis does by itself it does on threads that are started by ours.
 *
 * <p>Thread-safe.
 */
public final class JedisRedis implements Redis, AutoCloseable {

    static final int FAILURES_IN_ROW = 3;
    static final int PROBE_MILLIS = 250;

    /** Of a call that is interrupted each time, the last one where that cannot be. */
    private static final int ATTEMPTS = 3;

    private static final long FIRST_CONNECT_MILLIS = 1000;
    private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOG_FAULTS_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String PROBE_LIFE_MILLIS = "1000";

    /** That Redis does no work for us now, however well it is connected. */
    private static final Set<String> AWAY = Set.of(
            "LOADING",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "READONLY",
            "MISCONF",
            "OOM",
            "NOREPLICAS",
            "TRYAGAIN",
            "NOAUTH",
            "WRONGPASS");

    private static final Script PROBE = Script.of("return redis.call('SET', KEYS[1], '', 'PX', ARGV[1])");

    private final RedisAddress address;
    private final long timeoutNanos;
    private final String prefix;
    private final int alone;
    private final Time time;
    private final PerServer<Outage> outages = new PerServer<>(() -> new Outage(FAILURES_IN_ROW));
    private final PerServer<Semaphore> connections = new PerServer<>(JedisSender::connections);
    private final Pace faults;
    private final CountDownLatch firstAttempt = new CountDownLatch(1);

    private volatile @Nullable JedisSender sender;

    private volatile boolean closed;

    private JedisRedis(RedisAddress address, long timeoutNanos, String prefix, int alone, Time time) {
        this.address = address;
        this.timeoutNanos = timeoutNanos;
        this.prefix = prefix;
        this.alone = alone;
        this.time = time;
        this.faults = new Pace(LOG_FAULTS_EVERY_NANOS, time.nanoTime());
    }

    /**
     * Begins to connect, and returns. Of a cluster, or behind sentinels, it takes another thread to find out who the servers are; who asks in the
     * meantime waits for that, for a second at most. To one server each connection is made by who needs it, and nobody waits for another.
     *
     * @param timeoutNanos of one command
     * @param prefix of every key
     */
    public static JedisRedis connect(RedisAddress address, long timeoutNanos, String prefix, Time time) {
        return connect(address, timeoutNanos, prefix, JedisSender.ALONE, time);
    }

    /** @param alone how many commands that are under way have a connection each */
    static JedisRedis connect(RedisAddress address, long timeoutNanos, String prefix, int alone, Time time) {
        JedisRedis redis = new JedisRedis(address, timeoutNanos, prefix, alone, time);
        if (address.kind() == RedisAddress.Kind.STANDALONE) {
            redis.connect(); // asks nobody
        } else {
            time.scheduleWork(0, redis::connect);
        }
        return redis;
    }

    private void connect() {
        if (closed) {
            firstAttempt.countDown();
            return;
        }
        try {
            UnifiedJedis client = JedisClients.make(address, timeoutNanos, this::servers);
            sender = new JedisSender(client, connections, address, timeoutNanos, alone, time);
            if (closed) { // while it was made
                letGo();
            }
            if (firstAttempt.getCount() == 0) {
                Log.info(loader(), "Redis at " + address + " is there", null);
            }
        } catch (JedisException away) { // of a cluster or of sentinels, which are asked first of all
            if (firstAttempt.getCount() > 0) {
                Log.warn(loader(), "Redis at " + address + " is away: " + reason(away), null);
            }
            time.scheduleWork(RECONNECT_NANOS, this::connect);
        } finally {
            firstAttempt.countDown();
        }
    }

    private void servers(IntFunction<@Nullable Object> servers) {
        outages.servers(servers);
        connections.servers(servers);
    }

    @Override
    public boolean isAvailable(byte[] key) {
        return (sender != null || firstAttempt.getCount() > 0)
                && !outages.of(key).isUnderWay();
    }

    @Override
    public @Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again)
            throws RedisUnavailableException {
        byte[] key = keys.get(0);
        Outage outage = outages.of(key);
        if (outage.isUnderWay()) {
            throw new RedisUnavailableException("Redis at " + address + " is away", null);
        }
        JedisSender sender = sender();
        boolean aside = JedisSender.mayStall(arguments);
        boolean interrupted = false;
        long since = time.nanoTime();
        try {
            for (int attempt = 1; true; attempt++) {
                interrupted |= Thread.interrupted();
                if (attempt > 1) {
                    again.run();
                }
                try {
                    Object result = attempt < ATTEMPTS && !aside
                            ? sender.send(script, keys, arguments, again)
                            : sendElsewhere(sender, script, keys, arguments, again);
                    outage.answered();
                    return result;
                } catch (JedisException failed) {
                    boolean own = attempt < ATTEMPTS && JedisSender.isInterrupt(failed);
                    interrupted |= own; // also where who threw has taken the flag
                    boolean byInterrupt = own || JedisSender.isInterruptOfAnother(failed);
                    if (byInterrupt && attempt < ATTEMPTS) {
                        continue;
                    }
                    if (!byInterrupt) {
                        failed(failed, key, outage, since);
                    }
                    throw new RedisUnavailableException("Redis at " + address + ": " + reason(failed), failed);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * On a thread that nobody interrupts: what is interrupted again and again is answered, too. And nobody waits for that one for longer than a command may take: what Redis does not read
     * is written without end, as Java knows no timeout for that.
     */
    private @Nullable Object sendElsewhere(
            JedisSender sender, Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again) {
        Semaphore done = new Semaphore(0);
        AtomicBoolean taken = new AtomicBoolean(); // by who sends it, or by who waits no more
        AtomicReference<@Nullable Object> result = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        time.scheduleWork(0, () -> {
            try {
                if (taken.compareAndSet(false, true)) {
                    result.set(sender.send(script, keys, arguments, again));
                }
            } catch (RuntimeException | Error failed) {
                failure.set(failed);
            } finally {
                done.release();
            }
        });
        long nanos = JedisClients.CONNECT_NANOS + 2 * timeoutNanos;
        if (!Unmoved.await(time, nanos, left -> time.await(done, left))) {
            if (taken.compareAndSet(false, true)) {
                throw new JedisSender.NoneFreeException("no thread was free in time");
            }
            throw new JedisConnectionException(new SocketTimeoutException("not taken, or not answered, in time"));
        }
        Throwable failed = failure.get();
        if (failed instanceof Error error) {
            throw error;
        }
        if (failed instanceof RuntimeException one) {
            throw one;
        }
        return result.get();
    }

    private void failed(JedisException failed, byte[] key, Outage outage, long since) {
        if (failed instanceof JedisDataException && !AWAY.contains(JedisSender.code(failed))) {
            long leftOut = faults.admit(time.nanoTime());
            if (leftOut != Pace.LEFT_OUT) {
                Log.error(loader(), "Redis at " + address + " refuses a command: " + reason(failed), failed);
            }
        } else if (!isTellingNothing(failed) && outage.failed(since, time.nanoTime())) {
            Log.warn(loader(), "Redis at " + address + " is away: " + reason(failed), null);
            probeLater(key, outage, time.nanoTime());
        }
    }

    /** Of Redis: others are told what there is to tell. */
    private static boolean isTellingNothing(JedisException failed) {
        return failed instanceof Line.OthersTellException || failed instanceof JedisSender.NoneFreeException;
    }

    /** Lets go of its connections. Who asks it for something afterwards is told that it is away. */
    @Override
    public void close() {
        closed = true;
        letGo();
    }

    private void letGo() {
        JedisSender made = sender;
        sender = null;
        if (made != null) {
            made.close();
        }
    }

    private void probeLater(byte[] key, Outage outage, long sinceNanos) {
        time.scheduleWork(TimeUnit.MILLISECONDS.toNanos(PROBE_MILLIS), () -> probe(key, outage, sinceNanos));
    }

    /** It writes: a server that cannot is of no use. */
    private void probe(byte[] key, Outage outage, long sinceNanos) {
        if (closed) {
            return;
        }
        try {
            JedisSender asked = sender();
            asked.refresh(); // another server may have its slots by now
            asked.send(PROBE, List.of(probeKey(key)), List.of(PROBE_LIFE_MILLIS.getBytes(UTF_8)), () -> {});
        } catch (JedisException | RedisUnavailableException away) {
            probeLater(key, outage, sinceNanos);
            return;
        }
        outage.end();
        long millis = TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - sinceNanos);
        Log.info(
                loader(),
                "Redis at " + address + " is back after " + DurationText.text(TimeUnit.MILLISECONDS.toNanos(millis)),
                null);
    }

    /** In the slot of a key that could not be reached. */
    private byte[] probeKey(byte[] key) {
        String text = new String(key, ISO_8859_1);
        int open = text.indexOf('{');
        int close = open < 0 ? -1 : text.indexOf('}', open + 1);
        String tag = close > open + 1 ? text.substring(open + 1, close) : text;
        return (new String(prefix.getBytes(UTF_8), ISO_8859_1) + "probe:{" + tag + "}").getBytes(ISO_8859_1);
    }

    private JedisSender sender() throws RedisUnavailableException {
        JedisSender made = sender;
        if (made == null) {
            awaitFirstAttempt();
            made = sender;
        }
        if (made == null) {
            throw new RedisUnavailableException("Redis at " + address + " is away", null);
        }
        return made;
    }

    /** Also where the thread is interrupted meanwhile, as that wait is bounded. */
    private void awaitFirstAttempt() {
        boolean unused = Unmoved.await(
                time,
                TimeUnit.MILLISECONDS.toNanos(FIRST_CONNECT_MILLIS),
                nanos -> firstAttempt.await(nanos, TimeUnit.NANOSECONDS));
    }

    /** The innermost cause says what happened. */
    private static String reason(Throwable failure) {
        Throwable one = failure;
        while (one.getCause() != null) {
            one = one.getCause();
        }
        String message = one.getMessage();
        return message == null ? one.getClass().getSimpleName() : message;
    }

    private static @Nullable ClassLoader loader() {
        return ClassLoader.getSystemClassLoader();
    }
}
