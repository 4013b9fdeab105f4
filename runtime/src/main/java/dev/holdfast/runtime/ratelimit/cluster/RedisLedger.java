package dev.holdfast.runtime.ratelimit.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.Algorithm;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.redis.Script;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * In Redis: one value of text, and a script for each kind of limit. The scripts say what the text looks like. Thread-safe.
 *
 * <p>A script may run twice, if its answer is lost on the way. Then permits are gone that nobody has: there are fewer for a while, and never more.
 */
final class RedisLedger implements Ledger {

    static final Script BUCKET = Script.load(RedisLedger.class, "bucket.lua");
    static final Script WINDOW = Script.load(RedisLedger.class, "window.lua");

    /** A bucket that is full, or a window that is over, is kept for so much longer, for what it knows of who has taken how much. */
    private static final byte[] KEPT_MILLIS = text(10_000);

    /** Clocks that are set right go back a little; then time stands still until it is where it was. */
    static final long BEHIND_MILLIS = 1000;

    /** What is out is counted in so many parts of the time that it may be out, and so stays out for longer by one at most. */
    private static final int GRAINS = 5;

    private static final long NANOS_OF_A_MICRO = 1000;

    private final Redis redis;
    private final byte[] key;

    /** Under that key, which has a hash tag of its own. */
    RedisLedger(Redis redis, byte[] key) {
        this.redis = redis;
        this.key = key;
    }

    @Override
    public Grant ask(Terms terms, Ask ask) throws RedisUnavailableException {
        Object result = terms.isWindow()
                ? redis.eval(WINDOW, List.of(key), window(terms, ask))
                : redis.eval(BUCKET, List.of(key), bucket(terms, ask));
        if (!(result instanceof List<?> numbers)) {
            throw new IllegalStateException("a limit gave no result");
        }
        return new Grant(
                number(numbers.get(0)),
                TimeUnit.MICROSECONDS.toNanos(number(numbers.get(1))),
                TimeUnit.MICROSECONDS.toNanos(number(numbers.get(5))),
                number(numbers.get(2)),
                number(numbers.get(3)),
                number(numbers.get(4)));
    }

    static List<byte[]> bucket(Terms terms, Ask ask) {
        long tickNanos = terms.tickMicros() * NANOS_OF_A_MICRO;
        long hold = (ask.holdNanos() + tickNanos - 1) / tickNanos;
        Ask.Ahead ahead = ask.ahead();
        long later = ahead.moveNanos() > 0 ? tickNanos - 1 : 0;
        return List.of(
                text(terms.drain()),
                text(terms.unit()),
                text(ask.capacity()),
                text(terms.tickMicros()),
                text(ask.least()),
                text(ask.most()),
                text(hold),
                text(Math.max(1, hold / GRAINS)),
                text(ask.back()),
                text(ask.backStamp()),
                text(ask.debt()),
                KEPT_MILLIS,
                text(Math.max(1, TimeUnit.MILLISECONDS.toMicros(BEHIND_MILLIS) / terms.tickMicros())),
                text((ahead.nanos() + tickNanos - 1) / tickNanos),
                text(ahead.withinNanos() / tickNanos),
                text(ahead.stamp()),
                text((ahead.moveNanos() + later) / tickNanos));
    }

    static List<byte[]> window(Terms terms, Ask ask) {
        return List.of(
                text(terms.permits()),
                text(TimeUnit.NANOSECONDS.toMillis(terms.perNanos())),
                text(terms.algorithm() == Algorithm.SLIDING_WINDOW ? 1 : 0),
                text(terms.tickMicros()),
                text(ask.least()),
                text(ask.most()),
                text(ask.back()),
                text(ask.backStamp()),
                text(ask.debt()),
                KEPT_MILLIS,
                text(BEHIND_MILLIS));
    }

    @Override
    public boolean isAvailable() {
        return redis.isAvailable(key);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(ISO_8859_1);
    }

    private static long number(Object text) {
        return Long.parseLong(new String((byte[]) text, ISO_8859_1));
    }
}
