package dev.holdfast.samples.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a browser asks for, apart from whose it is.
 *
 * @param method as in {@code GET}
 * @param path as in {@code /cart}
 * @param parameters of the address and of the form
 */
record Click(String method, String path, Map<String, String> parameters) {

    private static final int LONGEST_FORM = 10_000;

    static Click read(String method, URI address, InputStream form) throws IOException {
        Map<String, String> parameters = new TreeMap<>();
        read(address.getRawQuery(), parameters);
        read(new String(form.readNBytes(LONGEST_FORM), UTF_8), parameters);
        return new Click(method, address.getPath(), parameters);
    }

    private static void read(String encoded, Map<String, String> into) {
        for (String pair : encoded == null ? new String[0] : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                into.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    String get(String name) {
        return parameters.getOrDefault(name, "");
    }
}
