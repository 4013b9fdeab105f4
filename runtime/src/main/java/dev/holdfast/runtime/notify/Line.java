package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.notify.channel.Channel;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.channel.Letter;
import dev.holdfast.runtime.notify.channel.UndeliveredException;
import dev.holdfast.runtime.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The line to one channel: sends, and after a failure waits before it may be used again, longer each time, with full jitter, and for as long as
 * the receiver asks. After some failures in a row it counts as down: then one letter at a time tries whether it is up again, and the log
 * has been told once.
 *
 * <p>Used by the one thread of the channel, but for {@link #isDown}.
 */
final class Line {

    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int DOWN_AFTER = 3;

    /** Of a receiver that answers nothing for so long nothing is to be hoped at the end of the JVM. */
    private static final long HANGS_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    /** Beyond the channels' own limits: writing to a socket has none, and a receiver that does not read would hold its thread for ever. */
    private static final long LONGEST_SEND_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final String name;
    private final Time time;
    private final LongUnaryOperator random;

    private volatile @Nullable Channel channel;
    private volatile int failures;
    private volatile boolean waits;
    private volatile long sendingSince;
    private volatile boolean isSending;
    private long notBefore;
    private boolean told;

    /**
     * To a channel.
     *
     * @param random gives a number from 0 to below the given one
     */
    Line(String name, Time time, LongUnaryOperator random) {
        this.name = name;
        this.time = time;
        this.random = random;
    }

    /** Sends by another channel from now on; what was wrong with the last one is forgotten. */
    void use(Channel next) {
        Channel last = channel;
        if (last != null) {
            last.end();
        }
        channel = next;
        failures = 0;
        waits = false;
    }

    /** How many letters to send at once; 1 while nobody knows whether one gets through. */
    int most() {
        Channel open = channel;
        return open == null || failures > 0 ? 1 : Math.max(1, open.most());
    }

    /** How long to wait before the next {@link #send}; 0 if it may be now. */
    long waitNanos() {
        if (!waits) {
            return 0;
        }
        long left = notBefore - time.nanoTime();
        if (left <= 0) {
            waits = false;
            return 0;
        }
        return left;
    }

    /**
     * How a sending ended.
     *
     * @param delivered how many letters were taken, the first ones
     * @param refusal why the next one will never be taken; null if it may be later, or if all were taken
     */
    record Sent(int delivered, @Nullable String refusal) {}

    Sent send(List<Letter> letters) {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("no channel is in use");
        }
        sendingSince = time.nanoTime();
        isSending = true;
        Time.Scheduled watchdog = time.scheduleWork(LONGEST_SEND_NANOS, open::close);
        try {
            open.send(letters);
            up();
            return new Sent(letters.size(), null);
        } catch (UndeliveredException refused) {
            int delivered = Math.min(refused.delivered(), letters.size() - 1);
            if (refused.isForGood()) {
                up(); // it answers, if not as we like
                return new Sent(delivered, String.valueOf(refused.getMessage()));
            }
            failed(refused, refused.retryAfter());
            return new Sent(delivered, null);
        } catch (IOException | RuntimeException | Error broken) {
            failed(broken, null);
            return new Sent(0, null);
        } finally {
            isSending = false;
            watchdog.cancel();
        }
    }

    private void up() {
        if (told) {
            told = false;
            Log.info(loader(), "the channel " + name + " takes events again", null);
        }
        failures = 0;
    }

    private void failed(Throwable why, @Nullable Duration retryAfter) {
        int failed = failures + 1;
        failures = failed;
        long ceiling = failed > 30 ? LONGEST_NANOS : Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(failed - 1, 20));
        long wait = random.applyAsLong(ceiling) + 1;
        if (retryAfter != null) {
            wait = Math.max(wait, retryAfter.toNanos());
        }
        notBefore = time.nanoTime() + wait;
        waits = true;
        if (failed == DOWN_AFTER) {
            told = true;
            Log.warn(
                    loader(),
                    "the channel " + name + " takes no events, they wait on disk: " + reason(why),
                    Log.tells(Level.DEBUG) ? why : null);
        } else {
            Log.debug(loader(), "the channel " + name + " failed, number " + failed + " in a row", why);
        }
        if (failed == 1 || failed >= DOWN_AFTER) {
            Channel open = channel;
            if (open != null) {
                open.close(); // a fresh connection next time
            }
        }
    }

    private static String reason(Throwable why) {
        return why instanceof UndeliveredException ? String.valueOf(why.getMessage()) : why.toString();
    }

    /** Whether the last letter did not get through, or takes so long that it may hang. By any thread. */
    boolean isDown() {
        return failures > 0 || (isSending && time.nanoTime() - sendingSince > HANGS_NANOS);
    }

    private static ClassLoader loader() {
        return Home.loader();
    }
}
