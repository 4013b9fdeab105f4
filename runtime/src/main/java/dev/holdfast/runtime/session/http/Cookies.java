package dev.holdfast.runtime.session.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request's side of RFC 6265, and what is told of it by a response that is not sent yet. */
final class Cookies {

    /** Behind the value of each cookie that {@code OpenSession} sets. */
    private static final String OURS = "; Path=/; HttpOnly; SameSite=Lax";

    private Cookies() {}

    /**
     * The values of the cookies of a name, in order.
     *
     * @param headers values of all headers {@code Cookie}
     */
    static List<String> values(List<String> headers, String name) {
        List<String> values = new ArrayList<>();
        for (String header : headers) {
            int at = 0;
            while (at < header.length()) {
                int end = header.indexOf(';', at);
                end = end < 0 ? header.length() : end;
                int equals = header.indexOf('=', at);
                if (equals >= 0
                        && equals < end
                        && header.substring(at, equals).strip().equals(name)) {
                    values.add(unquoted(header.substring(equals + 1, end).strip()));
                }
                at = end + 1;
            }
        }
        return values;
    }

    /**
     * The value that the client is about to have in our cookie of a name.
     *
     * @param headers values of all headers {@code Set-Cookie}
     * @return none if it is to forget it; null if it is not told
     */
    static @Nullable List<String> told(List<String> headers, String name) {
        List<String> told = null;
        for (String header : headers) {
            if (isOurs(header, name)) {
                String value = header.substring(name.length() + 1, header.indexOf(';'));
                told = value.isEmpty() ? List.of() : List.of(value);
            }
        }
        return told;
    }

    /** Whether a {@code Set-Cookie} is that of a session of this name. */
    static boolean isOurs(String header, String name) {
        return header.startsWith(name + "=") && header.contains(OURS);
    }

    /** Whether {@code X-Forwarded-Proto} says that the client has spoken TLS: of several proxies the first one has seen it. */
    static boolean saysSecure(@Nullable String forwarded) {
        return forwarded != null && forwarded.split(",", 2)[0].strip().equalsIgnoreCase("https");
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
