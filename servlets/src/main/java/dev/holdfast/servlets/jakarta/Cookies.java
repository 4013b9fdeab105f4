package dev.holdfast.servlets.jakarta;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cookies of a request and its response. The runtime calls it by reflection: its public methods have no types but the JDK's. */
public final class Cookies {

    /** Behind this the name of a cookie: the attribute of a request with what its response is going to set. */
    private static final String SET = "dev.holdfast.session.";

    private static final String SET_COOKIE = "Set-Cookie";

    private Cookies() {}

    /** What a response sets, so that what follows in the same request goes by that. Shows no id. */
    private record Told(String value) {

        @Override
        public String toString() {
            return value.isEmpty() ? "ended" : "begun";
        }
    }

    /**
     * The values of the cookies of that name, in the order in which they came. If the response of this request sets one, as an earlier method has made a
     * session or ended it, there is that one alone, or none.
     */
    public static List<String> of(Object request, String name) {
        HttpServletRequest from = (HttpServletRequest) request;
        if (from.getAttribute(SET + name) instanceof Told told) {
            return told.value().isEmpty() ? List.of() : List.of(told.value());
        }
        return sent(from, name);
    }

    /** Those that the client has sent. */
    static List<String> sent(HttpServletRequest request, String name) {
        List<String> values = new ArrayList<>();
        Cookie[] all = request.getCookies();
        if (all != null) {
            for (Cookie cookie : all) {
                if (cookie.getName().equals(name)) {
                    values.add(cookie.getValue());
                }
            }
        }
        return values;
    }

    /** Whether the request came by a secure connection, as far as the container or a proxy knows. */
    public static boolean isSecure(Object request) {
        HttpServletRequest from = (HttpServletRequest) request;
        return from.isSecure() || saysSecure(from.getHeader("X-Forwarded-Proto"));
    }

    /** Of several proxies the first one has seen the client. */
    private static boolean saysSecure(@Nullable String forwarded) {
        return forwarded != null && forwarded.split(",", 2)[0].strip().equalsIgnoreCase("https");
    }

    /** Whether a cookie would come too late. */
    public static boolean areSent(Object response) {
        return innermost(response).isCommitted();
    }

    /**
     * Sets one, in place of one of the same name.
     *
     * @param header the value of a {@code Set-Cookie} header
     */
    public static void set(Object request, Object response, String name, String header) {
        String start = name + "=";
        int end = header.indexOf(';');
        String value = header.substring(start.length(), end < 0 ? header.length() : end);
        ((HttpServletRequest) request).setAttribute(SET + name, new Told(value));
        HttpServletResponse to = innermost(response);
        List<String> others = new ArrayList<>(to.getHeaders(SET_COOKIE));
        if (others.removeIf(other -> other.startsWith(start))) {
            others.add(header);
            Prepared.set(to, SET_COOKIE, others);
        } else {
            to.addHeader(SET_COOKIE, header);
        }
    }

    /** The container's own: a response of something that is included sets no headers. */
    private static HttpServletResponse innermost(Object response) {
        ServletResponse one = (ServletResponse) response;
        while (one instanceof ServletResponseWrapper wrapper) {
            one = wrapper.getResponse();
        }
        return (HttpServletResponse) one;
    }
}
