package dev.holdfast.runtime.session.store;

import java.util.concurrent.ThreadLocalRandom;

/**
 * What tells one state of a session from all others: the marks of the changes that have made it what it is, the last one first, {@value #KEPT} at most. One
 * would not do. A change that is sent again, as its answer was lost, may find that of somebody else upon its own; so the same mark could stand for two states.
 * And it is by those behind the first that it is known to have come before.
 *
 * <p>In digits, with spaces between; empty where nothing is known, or the session is not stored. The scripts know that form, too. Pure.
 */
public final class Marks {

    /** Where nothing is known. */
    public static final String NONE = "";

    private static final int KEPT = 3;

    /** Of as many digits each. */
    private static final long LEAST = 1_000_000_000_000_000_000L;

    /** Of those that are kept behind a new one. */
    private static final int MOST_BEFORE = (KEPT - 1) * 20 - 1;

    private static final int MOST = KEPT * 20 - 1;

    private Marks() {}

    /** One that no other change has. */
    static long fresh() {
        return ThreadLocalRandom.current().nextLong(LEAST, Long.MAX_VALUE);
    }

    /** With one more change. */
    static String with(long mark, String before) {
        return before.isEmpty()
                ? Long.toString(mark)
                : mark + " " + before.substring(0, Math.min(before.length(), MOST_BEFORE));
    }

    /** What is stored; none where that has not this form. */
    static String of(String stored) {
        boolean isGood = stored.length() <= MOST && !stored.startsWith("0") && !stored.startsWith(" ");
        for (int i = 0; i < stored.length() && isGood; i++) {
            isGood = stored.charAt(i) == ' ' || (stored.charAt(i) >= '0' && stored.charAt(i) <= '9');
        }
        return isGood ? stored : NONE;
    }
}
