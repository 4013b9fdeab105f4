package dev.holdfast.runtime.session.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a session lives.
 *
 * @param idleMillis without use, at least
 * @param maxAgeMillis since it was created, whatever the use
 * @param among what others give it; null for the same
 */
public record Lifetime(
        long idleMillis, long maxAgeMillis, @Nullable Lives among) {

    /** Of a session to which nobody gives another one. */
    public Lifetime(long idleMillis, long maxAgeMillis) {
        this(idleMillis, maxAgeMillis, null);
    }

    /** Of all whose use of it counts. */
    public Span span() {
        return among == null ? Span.of(this) : among.span(this);
    }

    /** What {@link Snapshot#IDLE} says; the scripts know that form, too. */
    private static final Pattern MILLIS = Pattern.compile("\\d{1,12}");

    private static final long MOST_IDLE_MILLIS = 999_999_999_999L;

    private static final long MOST_SLACK_MILLIS = 60_000;
    private static final int SLACK_PART = 10;

    /** As long as either. */
    public Lifetime or(Lifetime other) {
        return idleMillis >= other.idleMillis && maxAgeMillis >= other.maxAgeMillis
                ? this
                : new Lifetime(
                        Math.max(idleMillis, other.idleMillis),
                        Math.max(maxAgeMillis, other.maxAgeMillis),
                        other.among);
    }

    /** The same but for the time without use, which {@link Snapshot#IDLE} says. */
    Lifetime withIdle(byte[] said) {
        Long idle = idleMillis(said);
        return idle == null ? this : new Lifetime(idle == 0 ? maxAgeMillis : idle, maxAgeMillis, among);
    }

    /** What {@link Snapshot#IDLE} says; 0 for never, null if nothing that makes sense. */
    public static @Nullable Long idleMillis(byte[] said) {
        String text = new String(said, ISO_8859_1);
        return MILLIS.matcher(text).matches() ? Long.parseLong(text) : null;
    }

    /** What {@link Snapshot#IDLE} is to say. */
    public static byte[] idle(long millis) {
        return Long.toString(Math.min(MOST_IDLE_MILLIS, millis)).getBytes(ISO_8859_1);
    }

    /**
     * A use is written down only if the last one that was lies this far back: a tenth of the idle time, a minute at most. So a session lives up to that
     * much longer than its idle time, and never shorter.
     */
    public long slackMillis() {
        return Math.min(idleMillis / SLACK_PART, MOST_SLACK_MILLIS);
    }

    /** For how long a session lives at most since a use was noted. */
    public long lifeMillis() {
        return idleMillis + slackMillis();
    }
}
