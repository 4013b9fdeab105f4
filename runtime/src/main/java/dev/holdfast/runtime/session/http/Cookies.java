package dev.holdfast.runtime.session.http;

import java.util.ArrayList;
import java.util.List;

/** The request's side of RFC 6265. */
final class Cookies {

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

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
