package dev.holdfast.runtime.redis;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.DaemonThreads;
import dev.holdfast.runtime.time.Time;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears what is told on a channel of Redis, over a connection and on a thread of its own, and connects again whenever that breaks. What is told
 * meanwhile is not heard: the listener is told of that.
 *
 * <p>Redis is pinged, as a connection that is dead shows that to none who only listens.
 */
public final class Subscription {

    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RedisAddress address;
    private final String channel;
    private final Listener listener;
    private final Time time;

    /** Who hears. Called by one thread; shall not block. */
    public interface Listener {

        /** From now on everything is heard. */
        void listening();

        /** From now on nothing is heard; it may have been so for some seconds. */
        void deaf();

        /** Something was told. */
        void heard(String message);
    }

    /** Whether it was told that this user may not listen. Of the one thread that listens. */
    private boolean told;

    private Subscription(RedisAddress address, String channel, Listener listener, Time time) {
        this.address = address;
        this.channel = channel;
        this.listener = listener;
        this.time = time;
    }

    /**
     * Begins to listen, for as long as the JVM lives.
     *
     * @param thread what the thread is called
     */
    public static void start(RedisAddress address, String channel, String thread, Listener listener, Time time) {
        Subscription subscription = new Subscription(address, channel, listener, time);
        // A thread inherits from the one that starts it, which is none of the application's then.
        time.schedule(0, () -> DaemonThreads.unstarted(thread, subscription::listenForEver)
                .start());
    }

    private void listenForEver() {
        long wait = LEAST_WAIT_NANOS;
        try {
            while (true) {
                Ears ears = new Ears();
                try (UnifiedJedis client = JedisClients.make(address, TIMEOUT_NANOS)) {
                    client.subscribe(ears, channel);
                } catch (JedisAccessControlException refused) {
                    tellOnce(refused);
                } catch (JedisException broken) {
                    Log.debug(null, "the connection on which " + channel + " is heard is broken: " + broken, broken);
                } catch (RuntimeException unexpected) {
                    Log.warn(
                            ClassLoader.getSystemClassLoader(),
                            "what is told on " + channel + " could not be heard: " + unexpected,
                            unexpected);
                }
                Time.Scheduled ping = ears.ping;
                if (ping != null) {
                    ping.cancel();
                    wait = LEAST_WAIT_NANOS;
                    listener.deaf();
                }
                time.sleep(wait);
                wait = Math.min(wait * 2, MOST_WAIT_NANOS);
            }
        } catch (InterruptedException | LinkageError unable) {
            Log.error(
                    ClassLoader.getSystemClassLoader(),
                    "nobody listens to " + channel + " of Redis at " + address + " any more: " + unable,
                    unable);
        }
    }

    private void tellOnce(JedisAccessControlException refused) {
        if (!told) {
            told = true;
            Log.warn(
                    ClassLoader.getSystemClassLoader(),
                    "what other nodes tell on " + channel + " is not heard, as Redis at " + address + " refuses that: "
                            + refused.getMessage() + "; expected: a user with a right to the channel, as by &"
                            + channel,
                    null);
        }
    }

    /** Of one connection. */
    private final class Ears extends JedisPubSub {

        /** Null until it listens. */
        volatile Time.@Nullable Scheduled ping;

        private final Doze doze = new Doze(time.nanoTime());

        @Override
        public void onSubscribe(String channel, int count) {
            pingLater();
            listener.listening();
        }

        private void pingLater() {
            ping = time.scheduleWork(PING_NANOS, this::pingNow);
        }

        private void pingNow() {
            try {
                ping();
                pingLater();
            } catch (JedisException broken) {
                Log.debug(null, "the connection on which " + channel + " is heard cannot be pinged: " + broken, broken);
            }
        }

        @Override
        public void onMessage(String channel, String message) {
            long now = time.nanoTime();
            listener.heard(message);
            if (doze.isDue(now)) {
                try {
                    time.sleep(Doze.NANOS);
                } catch (InterruptedException hurried) {
                    Thread.currentThread().interrupt();
                }
            }
            doze.done(time.nanoTime());
        }
    }
}
