package dev.holdfast.servlets.jakarta;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a response had been given before an attempt began, by filters outside of the method. Immutable. */
record Prepared(
        int status,
        Map<String, List<String>> headers,
        @Nullable String type,
        @Nullable String encoding,
        @Nullable Locale locale) {

    static Prepared of(HttpServletResponse response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : response.getHeaderNames()) {
            headers.put(name, List.copyOf(response.getHeaders(name)));
        }
        return new Prepared(
                response.getStatus(),
                headers,
                response.getContentType(),
                response.getCharacterEncoding(),
                response.getLocale());
    }

    /** Makes it so again: a reset is the only way to be rid of headers, and of a writer that was taken. */
    void restore(HttpServletResponse response) {
        response.reset();
        response.setStatus(status);
        if (locale != null && !locale.equals(response.getLocale())) {
            response.setLocale(locale);
        }
        if (encoding != null && !encoding.equals(response.getCharacterEncoding())) {
            response.setCharacterEncoding(encoding);
        }
        if (type != null && !type.equals(response.getContentType())) {
            response.setContentType(type);
        }
        headers.forEach((name, values) -> restore(response, name, values));
    }

    /** Containers put some back themselves, of cookies perhaps not all. */
    private static void restore(HttpServletResponse response, String name, List<String> values) {
        Set<String> all = new LinkedHashSet<>(response.getHeaders(name));
        if (!all.isEmpty() && !name.equalsIgnoreCase("Set-Cookie")) {
            return;
        }
        all.addAll(values);
        set(response, name, new ArrayList<>(all));
    }

    /** Gives it a header of these values and no others. */
    static void set(HttpServletResponse response, String name, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (i == 0) {
                response.setHeader(name, values.get(i));
            } else {
                response.addHeader(name, values.get(i));
            }
        }
    }
}
