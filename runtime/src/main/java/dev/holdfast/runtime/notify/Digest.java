package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.notify.channel.Letter;
import dev.holdfast.runtime.notify.event.Event;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people are told, and when: the first failure of a kind at once, what follows in one digest for each interval. Of new kinds no more than
 * some are told at once in an interval, so that a bad day is a digest too and not a flood. A kind that has not been seen for an hour
 * is new again.
 *
 * <p>Pure: it is given events and the time of day, and gives letters. Not thread-safe.
 */
final class Digest {

    static final int MOST_AT_ONCE = 10;
    static final int MOST_KINDS = 1_000;
    static final int MOST_GROUPS = 100;
    static final long FORGET_MILLIS = 3_600_000;

    /** When each kind was last seen, the least recently seen first. */
    private final LinkedHashMap<String, Long> kinds = new LinkedHashMap<>();

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long others;

    /** When the oldest of what is in the groups was put in. */
    private long sinceMillis;

    private long atOnceSinceMillis;
    private int atOnce;
    private @Nullable String firstId;

    /** What there was of one kind since the last digest. */
    private static final class Group {
        final Map<String, String> last;
        long count;

        Group(Map<String, String> last) {
            this.last = last;
        }
    }

    /**
     * Takes an event.
     *
     * @param values of the event
     * @return a letter to be sent at once; null if it waits for the digest
     */
    @Nullable
    Letter take(Map<String, String> values, String id, long nowMillis, long intervalMillis) {
        String kind = kind(values);
        Long seen = kinds.remove(kind);
        remember(kind, nowMillis);
        if (nowMillis - atOnceSinceMillis >= intervalMillis || nowMillis < atOnceSinceMillis) {
            atOnceSinceMillis = nowMillis;
            atOnce = 0;
        }
        boolean isNew = seen == null || nowMillis - seen >= FORGET_MILLIS;
        if (isNew && atOnce < MOST_AT_ONCE) {
            atOnce++;
            return new Letter(id, title(values), text(values));
        }
        add(kind, values, id, nowMillis);
        return null;
    }

    /** What makes events of one kind. */
    static String kind(Map<String, String> values) {
        return values.getOrDefault("fingerprint", values.getOrDefault("type", ""));
    }

    private void remember(String kind, long nowMillis) {
        kinds.put(kind, nowMillis);
        if (kinds.size() > MOST_KINDS) {
            kinds.remove(kinds.keySet().iterator().next());
        }
    }

    private void add(String kind, Map<String, String> values, String id, long nowMillis) {
        if (groups.isEmpty() && others == 0) {
            sinceMillis = nowMillis;
            firstId = id;
        }
        Group group = groups.get(kind);
        if (group == null) {
            if (groups.size() >= MOST_GROUPS) {
                others += count(values);
                return;
            }
            group = new Group(values);
            groups.put(kind, group);
        }
        group.count += count(values);
    }

    private static long count(Map<String, String> values) {
        String count = values.getOrDefault("count", values.getOrDefault("dropped", "1"));
        try {
            return Long.parseLong(count);
        } catch (NumberFormatException fromElsewhere) {
            return 1;
        }
    }

    /** How long until there is a digest to be sent, 0 if it is now; -1 if nothing waits for one. */
    long waitMillis(long nowMillis, long intervalMillis) {
        if (!waits()) {
            return -1;
        }
        // A clock that was put back must not hold it up.
        return Math.max(0, Math.min(intervalMillis, sinceMillis + intervalMillis - nowMillis));
    }

    /** Whether anything waits for a digest. */
    boolean waits() {
        return !groups.isEmpty() || others > 0;
    }

    /** The digest of what waits, which goes on waiting until it is {@link #sent()}. */
    Letter letter() {
        long all = others;
        StringJoiner lines = new StringJoiner("\n");
        for (Group group : groups.values()) {
            all += group.count;
            lines.add(group.count + " x " + title(group.last));
            String message = group.last.get("message");
            if (message != null) {
                lines.add("    " + message);
            }
        }
        if (others > 0) {
            lines.add(others + " x others");
        }
        lines.add("since " + Instant.ofEpochMilli(sinceMillis));
        return new Letter("digest-" + firstId, all + " more failures", lines.toString());
    }

    /** The digest was taken. */
    void sent() {
        groups.clear();
        others = 0;
        firstId = null;
    }

    /** One line for an event. */
    static String title(Map<String, String> values) {
        if (Event.DROPPED.equals(values.get("type"))) {
            return values.getOrDefault("dropped", "some")
                    + " events were lost, there were too many or no room for them";
        }
        return values.getOrDefault("severity", "ERROR") + " " + values.getOrDefault("subject", "?") + ": "
                + values.getOrDefault("failure", "failed")
                + (values.containsKey("recoveredBy") ? " (recovered: " + values.get("recoveredBy") + ")" : "");
    }

    private static String text(Map<String, String> values) {
        StringJoiner lines = new StringJoiner("\n");
        for (String name : List.of(
                "message",
                "rootCause",
                "subject",
                "attempts",
                "durationMillis",
                "thread",
                "host",
                "source",
                "time",
                "id")) {
            String value = values.get(name);
            if (value != null) {
                lines.add(name + ": " + value);
            }
        }
        return lines.toString();
    }

    /**
     * What outlives a restart.
     *
     * @param kinds that are known, and when each was last seen
     * @param atOnce how many were told at once since then
     */
    record Known(Map<String, Long> kinds, int atOnce, long atOnceSinceMillis) {

        /** Nothing is known. */
        static final Known NOTHING = new Known(Map.of(), 0, 0);
    }

    Known known() {
        return new Known(new TreeMap<>(kinds), atOnce, atOnceSinceMillis);
    }

    /** Goes on where another process has ended. */
    void know(Known known) {
        known.kinds().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(kind -> remember(kind.getKey(), kind.getValue()));
        atOnce = known.atOnce();
        atOnceSinceMillis = known.atOnceSinceMillis();
    }
}
