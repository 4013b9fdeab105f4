package dev.holdfast.definition;

import java.util.Map;

/**
 * Durations as users type them: a whole number and one of the units {@code ns us ms s m h d}, several joined for mixed ones, as in
 * {@code 1m30s}. Nothing else: no spaces, signs, fractions or ISO forms.
 */
public final class DurationText {

    private static final Map<String, Long> NANOS_PER_UNIT = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);

    /** What a duration looks like, for the messages of whoever asks for one. */
    public static final String FORM = "a whole number and a unit (ns, us, ms, s, m, h or d), as in 100ms or 1m30s";

    private DurationText() {}

    /**
     * Reads one.
     *
     * @return nanoseconds, 0 or more
     * @throws IllegalArgumentException if it does not have the {@link #FORM} (the empty text has not), or is longer than 292 years
     */
    public static long nanos(String text) {
        long total = 0;
        int at = 0;
        do {
            int digits = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            int unit = at;
            while (at < text.length() && !isDigit(text.charAt(at))) {
                at++;
            }
            Long scale = NANOS_PER_UNIT.get(text.substring(unit, at));
            if (digits == unit || scale == null) {
                throw new IllegalArgumentException("must be " + FORM + ", was \"" + text + "\"");
            }
            try {
                long count = Long.parseLong(text, digits, unit, 10);
                total = Math.addExact(total, Math.multiplyExact(count, scale));
            } catch (NumberFormatException | ArithmeticException tooLong) {
                throw new IllegalArgumentException("must be at most 292 years, was \"" + text + "\"", tooLong);
            }
        } while (at < text.length());
        return total;
    }

    /** Writes one in the form that {@link #nanos} reads, largest units first; {@code 0s} for none. */
    public static String text(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long rest = nanos;
        for (String unit : new String[] {"d", "h", "m", "s", "ms", "us", "ns"}) {
            long scale = NANOS_PER_UNIT.getOrDefault(unit, 1L);
            if (rest >= scale) {
                text.append(rest / scale).append(unit);
                rest %= scale;
            }
        }
        return text.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
