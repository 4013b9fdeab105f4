package dev.holdfast.runtime.notify.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a text what should not travel: credentials in URLs, values that follow a telling name, bearer tokens, JSON web tokens, numbers
 * of payment cards, addresses of mail. What it does not know by its looks it cannot find; so a message is private all the same.
 *
 * <p>Pure. Each expression goes through a text once, without backtracking over more than a word.
 */
public final class Scrubber {

    /** What stands in place of what was taken out. */
    public static final String REDACTED = "***";

    /** Longer texts are cut. */
    public static final int MOST = 2_000;

    private static final String TELLING =
            "pass(?:word|wd|phrase)?|pwd|secret|token|cookies?|session(?:_?id)?|auth(?:orization)?|credentials?|card|cvv|cvc|pin|iban|api[_-]?key|[a-z]*key|ssn";

    private static final Pattern NAME =
            Pattern.compile("(?:^|[^a-z])(?:" + TELLING + ")(?:$|[^a-z])", Pattern.CASE_INSENSITIVE);

    private static final Pattern URL = Pattern.compile("(?<=://)[^\\s/@\"']{1,300}@");

    private static final Pattern SCHEME =
            Pattern.compile("\\b(bearer|basic|digest)\\s+[\\w.~+/=-]{6,}", Pattern.CASE_INSENSITIVE);

    private static final Pattern NAMED = Pattern.compile("((?<![\\w.-])([\\w.-]{1,60})[\"']?\\s{0,3}[=:]\\s{0,3})"
            + "(\"[^\"]{0,500}\"|'[^']{0,500}'|[^\\s,;&)\\]}\"']{1,500})");

    private static final Pattern JWT = Pattern.compile("\\beyJ[\\w-]{5,}\\.[\\w-]{2,}(?:\\.[\\w-]*)?");

    private static final Pattern CARD = Pattern.compile("(?<![\\d.-])\\d(?:[ -]?\\d){12,18}(?![\\d.-])");

    private static final Pattern MAIL = Pattern.compile("[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,5}");

    private Scrubber() {}

    /** A text without what should not travel, of bounded length; null for null. */
    public static @Nullable String scrub(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String scrubbed = text.length() > 2 * MOST ? text.substring(0, 2 * MOST) : text;
        scrubbed = URL.matcher(scrubbed).replaceAll(REDACTED + "@");
        scrubbed = SCHEME.matcher(scrubbed).replaceAll("$1 " + REDACTED);
        scrubbed = JWT.matcher(scrubbed).replaceAll(REDACTED);
        scrubbed = NAMED.matcher(scrubbed)
                .replaceAll(named -> Matcher.quoteReplacement(
                        isTelling(named.group(2)) ? named.group(1) + REDACTED : named.group()));
        scrubbed = CARD.matcher(scrubbed)
                .replaceAll(
                        number -> hasCheckDigit(number.group()) ? REDACTED : Matcher.quoteReplacement(number.group()));
        scrubbed = MAIL.matcher(scrubbed).replaceAll(REDACTED);
        return cut(scrubbed, MOST);
    }

    /** Whether the name of something says that its value should not travel. */
    public static boolean isTelling(String name) {
        // apiKey, userPassword: words that begin with a capital letter.
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (i > 0 && Character.isUpperCase(c) && !Character.isUpperCase(name.charAt(i - 1))) {
                words.append('_');
            }
            words.append(c);
        }
        return NAME.matcher(words).find();
    }

    /** A text of at most so many characters, with a mark where it was cut. */
    public static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }

    /** Whether the last digit is right by Luhn's sum, as that of a payment card is. */
    private static boolean hasCheckDigit(String number) {
        int sum = 0;
        boolean twice = false;
        for (int i = number.length() - 1; i >= 0; i--) {
            int digit = number.charAt(i) - '0';
            if (digit >= 0 && digit <= 9) {
                int value = twice ? digit * 2 : digit;
                sum += value > 9 ? value - 9 : value;
                twice = !twice;
            }
        }
        return sum % 10 == 0;
    }
}
