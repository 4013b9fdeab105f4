package dev.holdfast.runtime.notify.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a text what should not travel: credentials in URLs, values that follow a telling name, bearer tokens, JSON web tokens, keys that
 * say by their first letters whose they are, numbers of payment cards, addresses of mail. What it does not know by its looks it cannot find; so a
 * message is private all the same.
 *
 * <p>Pure. Each expression goes through a text once, without backtracking over more than a word.
 */
public final class Scrubber {

    /** What stands in place of what was taken out. */
    public static final String REDACTED = "***";

    /** Longer texts are cut. */
    public static final int MOST = 2_000;

    /** So long is a value at the most that has no end. */
    private static final int LONGEST_VALUE = 500;

    private static final String TELLING =
            "[a-z]*(?:key|password|passwd|secret|token)|pass(?:phrase)?|pwd|cookie|session(?:_?id)?"
                    + "|auth(?:orization)?|credential|card|cvv|cvc|pin|iban|api[_-]key|ssn";

    private static final Pattern NAME =
            Pattern.compile("(?:^|[^a-z])(?:" + TELLING + ")s?(?:$|[^a-z])", Pattern.CASE_INSENSITIVE);

    private static final Pattern URL = Pattern.compile("(?<=://)[^\\s/?#\"']{1,300}@");

    private static final Pattern SCHEME =
            Pattern.compile("\\b(bearer|basic|digest)\\s+[\\w.~+/=-]{6,}", Pattern.CASE_INSENSITIVE);

    /** A name that something is said of, also within quotes, and within text that stands in quotes itself. */
    private static final Pattern NAMED =
            Pattern.compile("(?<![\\w.-])([\\w.-]{1,100})\\\\{0,3}[\"']?\\s{0,3}[=:]>?\\s{0,3}");

    private static final Pattern VALUE = Pattern.compile(
            "(\\\\{1,3}[\"']).{0,500}?\\1" // in text that stands in quotes
                    + "|\"(?:[^\"\\\\]|\\\\.){0,500}+\"?|'(?:[^'\\\\]|\\\\.){0,500}+'?|[^\\s,;&)\\]}\"'<]{1,500}");

    /** A header of HTTP has its value up to the end of the line, with semicolons in it. */
    private static final Pattern HEADER =
            Pattern.compile("(?:set-)?cookies?|(?:proxy-)?authorization", Pattern.CASE_INSENSITIVE);

    private static final Pattern LINE = Pattern.compile("[^\\r\\n\"'\\]}]{1,500}");

    private static final Pattern ELEMENT =
            Pattern.compile("<([\\w:.-]{1,100})(?:\\s[^<>]{0,200})?>\\s{0,3}([^<]{1,500})(?=<)");

    private static final Pattern JWT = Pattern.compile("\\beyJ[\\w-]{5,}\\.[\\w-]{2,}(?:\\.[\\w-]*)?");

    /** Of AWS, GitHub, GitLab, Slack, Stripe, Google, npm; and what signs webhooks. */
    private static final Pattern ISSUED =
            Pattern.compile("\\b(?:A(?:KIA|SIA)[0-9A-Z]{16}|gh[pousr]_\\w{20,255}|github_pat_\\w{20,255}"
                    + "|glpat-[\\w-]{20,255}|xox[a-z]-[\\w-]{10,255}|[rs]k_(?:live|test)_\\w{10,255}|sk-[\\w-]{20,255}|AIza[\\w-]{35}"
                    + "|npm_\\w{36}|whsec_[\\w+/=]{10,255})");

    private static final String SLACK = "hooks.slack.com/services/";

    /** The address of a webhook of Slack, which is a secret whole. */
    private static final Pattern SLACK_HOOK = Pattern.compile("(?<=hooks\\.slack\\.com/services/)[\\w/-]{1,255}");

    private static final String PRIVATE = "PRIVATE KEY-----";

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("(?<=-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)[^-]{1,4000}");

    private static final Pattern CARD = Pattern.compile("(?<![\\d.-])\\d(?:[ -]?\\d){12,18}(?![\\d.-])");

    private static final Pattern MAIL = Pattern.compile("[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,5}");

    private Scrubber() {}

    /** A text without what should not travel, of bounded length; null for null. */
    public static @Nullable String scrub(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String scrubbed = text.length() > 2 * MOST ? text.substring(0, 2 * MOST) : text;
        scrubbed = replaced(scrubbed, "://", URL, REDACTED + "@");
        scrubbed = SCHEME.matcher(scrubbed).replaceAll("$1 " + REDACTED);
        scrubbed = replaced(scrubbed, "eyJ", JWT, REDACTED);
        scrubbed = ISSUED.matcher(scrubbed).replaceAll(REDACTED);
        scrubbed = replaced(scrubbed, SLACK, SLACK_HOOK, REDACTED);
        scrubbed = replaced(scrubbed, PRIVATE, PRIVATE_KEY, REDACTED);
        scrubbed = withoutElements(scrubbed);
        scrubbed = withoutNamed(scrubbed);
        scrubbed = CARD.matcher(scrubbed)
                .replaceAll(
                        number -> hasCheckDigit(number.group()) ? REDACTED : Matcher.quoteReplacement(number.group()));
        scrubbed = replaced(scrubbed, "@", MAIL, REDACTED);
        return cut(scrubbed, MOST);
    }

    /** Most texts have nothing of the kind, and to see that is cheaper than to look for the whole. */
    private static String replaced(String text, String sign, Pattern whole, String by) {
        return text.contains(sign) ? whole.matcher(text).replaceAll(by) : text;
    }

    /** What stands in an element of XML with a telling name. */
    private static String withoutElements(String text) {
        if (text.indexOf('<') < 0) {
            return text;
        }
        return ELEMENT.matcher(text)
                .replaceAll(element -> Matcher.quoteReplacement(
                        isTelling(element.group(1))
                                ? text.substring(element.start(), element.start(2)) + REDACTED
                                : element.group()));
    }

    /** What follows a telling name. What follows another one may begin with a name itself, and is looked at again. */
    private static String withoutNamed(String text) {
        StringBuilder scrubbed = new StringBuilder(text.length());
        Matcher named = NAMED.matcher(text);
        int done = 0;
        for (int from = 0; from < text.length() && named.find(from); ) {
            from = named.end();
            if (isTelling(named.group(1))) {
                int end = valueEnd(text, from, HEADER.matcher(named.group(1)).matches());
                if (end > from) {
                    scrubbed.append(text, done, from).append(REDACTED);
                    done = end;
                    from = end;
                }
            }
        }
        return scrubbed.append(text, done, text.length()).toString();
    }

    /** Where the value ends that begins there. */
    private static int valueEnd(String text, int from, boolean ofHeader) {
        if (from < text.length() && "{[(".indexOf(text.charAt(from)) >= 0) {
            return bracketEnd(text, from);
        }
        Matcher value = (ofHeader ? LINE : VALUE).matcher(text).region(from, text.length());
        return value.lookingAt() ? value.end() : from;
    }

    /** Where the bracket is closed; where it is not, as far as a value may go. */
    private static int bracketEnd(String text, int from) {
        int most = Math.min(text.length(), from + LONGEST_VALUE);
        int open = 0;
        for (int i = from; i < most; i++) {
            char c = text.charAt(i);
            open += "{[(".indexOf(c) >= 0 ? 1 : "}])".indexOf(c) >= 0 ? -1 : 0;
            if (open == 0) {
                return i + 1;
            }
        }
        return most;
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
