package dev.holdfast.runtime.time;

/** The time of day, for what people read. Nothing but what goes by the calendar is decided by it: it may jump. */
public final class WallClock {

    private WallClock() {}

    /** Milliseconds since the epoch. */
    public static long millis() {
        return System.currentTimeMillis();
    }
}
