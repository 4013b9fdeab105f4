package dev.holdfast.runtime.notify.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What failures of one kind have in common: the method, the type of the failure and of its root cause, up to eight of the application's own
 * frames by class and method, and the message without its numbers. So neither another order number nor another release's line numbers
 * make another kind. Pure.
 */
public final class Fingerprint {

    /** What goes into it may change with a later version, and then no old kind is taken for a new one. */
    private static final String VERSION = "v1:";

    private static final int BYTES = 12;

    private Fingerprint() {}

    /** Of a failure. */
    public static String of(
            String subject, String failure, String rootCause, StackTraceElement[] trace, @Nullable String message) {
        StringBuilder kind = new StringBuilder();
        kind.append(subject).append('\n').append(failure).append('\n').append(rootCause);
        for (String frame : Frames.own(trace)) {
            kind.append('\n').append(frame);
        }
        kind.append("\n\n").append(message == null ? "" : withoutNumbers(message));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(kind.toString().getBytes(UTF_8));
            return VERSION + HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException notAJdk) {
            throw new IllegalStateException(notAJdk);
        }
    }

    /** A message in which each word with a digit has become {@code #}: numbers, ids, addresses, durations. */
    static String withoutNumbers(String message) {
        StringBuilder kept = new StringBuilder();
        int at = 0;
        while (at < message.length()) {
            int from = at;
            boolean digit = false;
            while (at < message.length() && (isOfWord(message.charAt(at)) || isGrouping(message, at))) {
                digit |= Character.isDigit(message.charAt(at++));
            }
            if (digit) {
                kept.append('#');
            } else {
                kept.append(message, from, at);
            }
            if (at < message.length()) {
                kept.append(message.charAt(at++));
            }
        }
        return kept.toString();
    }

    /** As in 1,000,000 and 1'000'000. */
    private static boolean isGrouping(String message, int at) {
        char c = message.charAt(at);
        return (c == ',' || c == '\'')
                && at > 0
                && Character.isDigit(message.charAt(at - 1))
                && at + 1 < message.length()
                && Character.isDigit(message.charAt(at + 1));
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
    }
}
