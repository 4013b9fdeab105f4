package dev.holdfast.runtime.http;

import java.util.Locale;
import java.util.Set;

/**
 * The headers that speak of the body they came with, and are false of any other. Servers draw the same line when they put an error page in place
 * of a body. Cookies, and headers for security or tracing, are on the other side of it.
 */
final class ContentHeaders {

    private static final Set<String> NAMES = Set.of(
            "accept-ranges",
            "cache-control",
            "content-disposition",
            "content-digest",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-md5",
            "content-range",
            "content-type",
            "digest",
            "etag",
            "expires",
            "last-modified",
            "location",
            "pragma",
            "refresh",
            "repr-digest",
            "retry-after",
            "trailer",
            "transfer-encoding");

    private ContentHeaders() {}

    /** Whether a header of that name goes with the body. */
    static boolean contain(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT));
    }
}
