package dev.holdfast.runtime.settings;

import java.util.ArrayList;
import java.util.List;

/** Small things about texts, written out because the start of a JVM is no place for regular expressions. */
final class Shown {

    /** Longer values are cut in messages. */
    private static final int LONGEST = 200;

    private Shown() {}

    /** A value as messages show it: in quotes, on one line, of bounded length. */
    static String quoted(String value) {
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < value.length() && i < LONGEST; i++) {
            char c = value.charAt(i);
            if (c == '\n') {
                shown.append("\\n");
            } else if (c == '\r') {
                shown.append("\\r");
            } else if (c == '\t') {
                shown.append("\\t");
            } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                shown.append('?');
            } else {
                shown.append(c);
            }
        }
        return shown.append(value.length() > LONGEST ? "…\"" : "\"").toString();
    }

    /** Lower case for names of constants, the same in every country. */
    static String lowerCase(String name) {
        char[] letters = name.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= 'A' && letters[i] <= 'Z') {
                letters[i] = (char) (letters[i] + ('a' - 'A'));
            }
        }
        return new String(letters);
    }

    /** A key as the name of an environment variable: upper case, every character but letters and digits a {@code _}. */
    static String environmentForm(String key) {
        char[] letters = key.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            char c = letters[i];
            if (c >= 'a' && c <= 'z') {
                letters[i] = (char) (c - ('a' - 'A'));
            } else if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
                letters[i] = '_';
            }
        }
        return new String(letters);
    }

    /** The parts between the separators, without the spaces around them; as many as there are separators, and one. */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int to;
        while ((to = text.indexOf(separator, from)) >= 0) {
            parts.add(text.substring(from, to).strip());
            from = to + 1;
        }
        parts.add(text.substring(from).strip());
        return parts;
    }

    /**
     * Which of the names was meant, by the fewest letters to insert, drop, replace or swap with the next.
     *
     * @param names at least one
     */
    static String nearest(String typed, Iterable<String> names) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String name : names) {
            int distance = distance(typed, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    /** The number of single-letter edits between the two, a swap of neighbours counted as one; case does not count. */
    static int distance(String one, String other) {
        if (Math.abs(one.length() - other.length()) > LONGEST) {
            // No typing error. Saves the time and the memory that a huge name would cost.
            return LONGEST;
        }
        int[] before = new int[other.length() + 1];
        int[] last = new int[other.length() + 1];
        int[] now = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = last[j - 1] + (same(one, i, other, j) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(last[j], now[j - 1]) + 1);
                if (i > 1 && j > 1 && same(one, i, other, j - 1) && same(one, i - 1, other, j)) {
                    now[j] = Math.min(now[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = last;
            last = now;
            now = free;
        }
        return last[other.length()];
    }

    private static boolean same(String one, int i, String other, int j) {
        return Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
    }
}
