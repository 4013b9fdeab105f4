package dev.holdfast.runtime.session.store;

/**
 * How long a session lives.
 *
 * @param idleMillis without use, at least
 * @param maxAgeMillis since it was created, whatever the use
 */
public record Lifetime(long idleMillis, long maxAgeMillis) {

    private static final long MOST_SLACK_MILLIS = 60_000;
    private static final int SLACK_PART = 10;

    /**
     * A use is written down only if the last one that was lies this far back: a tenth of the idle time, a minute at most. So a session lives up to that
     * much longer than its idle time, and never shorter.
     */
    public long slackMillis() {
        return Math.min(idleMillis / SLACK_PART, MOST_SLACK_MILLIS);
    }
}
