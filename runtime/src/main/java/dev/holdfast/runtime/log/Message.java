package dev.holdfast.runtime.log;

import dev.holdfast.runtime.time.WallClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell.
 *
 * @param millis when it happened, milliseconds since the epoch
 */
record Message(Level level, String text, @Nullable Throwable cause, long millis) {

    private static final long MILLIS_PER_DAY = 86_400_000;

    static Message now(Level level, String text, @Nullable Throwable cause) {
        return new Message(level, text, cause, WallClock.millis());
    }

    /**
     * For stderr, as in {@code 17:04:05.678Z WARN holdfast: message}, the stack trace below, with a line break at the end. The time
     * is UTC: to ask for the zone here would settle it for the whole JVM, before the application's main can.
     */
    String lines() {
        StringBuilder lines = new StringBuilder(text.length() + 40);
        long ofDay = Math.floorMod(millis, MILLIS_PER_DAY);
        number(lines, ofDay / 3_600_000, 2).append(':');
        number(lines, ofDay / 60_000 % 60, 2).append(':');
        number(lines, ofDay / 1_000 % 60, 2).append('.');
        number(lines, ofDay % 1_000, 3).append("Z ");
        lines.append(level.name()).append(" holdfast: ").append(text).append(System.lineSeparator());
        if (cause != null) {
            lines.append(trace(cause));
        }
        return lines.toString();
    }

    private static StringBuilder number(StringBuilder to, long number, int digits) {
        String text = Long.toString(number);
        for (int i = text.length(); i < digits; i++) {
            to.append('0');
        }
        return to.append(text);
    }

    private static String trace(Throwable cause) {
        StringWriter trace = new StringWriter();
        try (PrintWriter to = new PrintWriter(trace)) {
            cause.printStackTrace(to);
        } catch (RuntimeException | LinkageError itsOwnFault) {
            // An application's throwable can do anything in its toString.
            trace.write(cause.getClass().getName());
            trace.write(System.lineSeparator());
        }
        return trace.toString();
    }
}
