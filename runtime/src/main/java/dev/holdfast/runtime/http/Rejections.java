package dev.holdfast.runtime.http;

import dev.holdfast.runtime.log.Pace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the log is told of calls that were turned away, which in an outage is each of them: the first of a kind whole, and of those that follow one
 * line a second at most, with their number. A kind of which none came for a minute begins anew.
 *
 * <p>Thread-safe, without locks but those of the map, which are held while a kind is first seen. Threads that come at once with the first of a kind may
 * tell it twice.
 */
final class Rejections {

    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** There are four of ours; more than so many are taken for one. */
    private static final int MOST_KINDS = 32;

    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    /**
     * What is to be told.
     *
     * @param whole with its stack trace
     * @param leftOut how many of its kind were not told since the last that was
     */
    record Telling(boolean whole, long leftOut) {}

    private static final class Kind {

        private final Pace pace;
        private volatile long lastNanos;

        Kind(long nowNanos) {
            this.pace = new Pace(LINE_NANOS, nowNanos);
            this.lastNanos = nowNanos - QUIET_NANOS;
        }
    }

    /** Null for nothing. */
    @Nullable
    Telling tell(Throwable rejection, long nowNanos) {
        String name = kinds.size() < MOST_KINDS ? rejection.getClass().getName() : "";
        Kind kind = kinds.computeIfAbsent(name, first -> new Kind(nowNanos));
        boolean quiet = nowNanos - kind.lastNanos >= QUIET_NANOS;
        kind.lastNanos = nowNanos;
        long leftOut = kind.pace.admit(nowNanos);
        return leftOut == Pace.LEFT_OUT ? null : new Telling(quiet, leftOut);
    }
}
