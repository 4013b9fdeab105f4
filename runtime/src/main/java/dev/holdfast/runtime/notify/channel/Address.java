package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a channel, taken apart. {@link java.net.URI} refuses some that the users' contract names, as {@code log:}. Immutable.
 *
 * <p>Passwords and secrets are part of it: {@link #toString} leaves them out.
 */
public final class Address {

    private static final int MOST_SHOWN = 60;

    private final String typed;
    private final String scheme;
    private final @Nullable String user;
    private final @Nullable String password;
    private final String hosts;
    private final String path;
    private final Map<String, String> query;

    private Address(
            String typed,
            String scheme,
            @Nullable String user,
            @Nullable String password,
            String hosts,
            String path,
            Map<String, String> query) {
        this.typed = typed;
        this.scheme = scheme;
        this.user = user;
        this.password = password;
        this.hosts = hosts;
        this.path = path;
        this.query = query;
    }

    /**
     * Takes a URI apart.
     *
     * @throws IllegalArgumentException if it is none; the message says what is wrong and shows nothing of it
     */
    public static Address of(String uri) {
        int colon = uri.indexOf(':');
        if (colon < 1 || !uri.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
            throw new IllegalArgumentException("has no scheme; expected: a URI as in https://host/path");
        }
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) <= ' ' || uri.charAt(i) == 0x7F) {
                throw new IllegalArgumentException("has a space or control character; write %20 for a space");
            }
        }
        String rest = uri.substring(colon + 1);
        int mark = rest.indexOf('?');
        Map<String, String> query = mark < 0 ? Map.of() : query(rest.substring(mark + 1));
        String before = mark < 0 ? rest : rest.substring(0, mark);
        String authority = "";
        if (before.startsWith("//")) {
            int slash = before.indexOf('/', 2);
            authority = before.substring(2, slash < 0 ? before.length() : slash);
            before = slash < 0 ? "" : before.substring(slash);
        }
        int at = authority.lastIndexOf('@');
        String[] user = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        decode(before); // so that a malformed path is told here, and not by whoever asks for it
        return new Address(
                mark < 0 ? uri : uri.substring(0, colon + 1 + mark),
                uri.substring(0, colon).toLowerCase(Locale.ROOT),
                user.length > 0 && !user[0].isEmpty() ? decode(user[0]) : null,
                user.length > 1 ? decode(user[1]) : null,
                authority.substring(at + 1),
                before,
                query);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                query.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return Collections.unmodifiableMap(query);
    }

    private static String decode(String text) {
        try {
            // A plus is a plus: these are no forms.
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("has a % without two hexadecimal digits; write %25 for a percent sign");
        }
    }

    /** In lower case. */
    public String scheme() {
        return scheme;
    }

    /** As it was typed, up to the question mark, passwords and all. */
    String typed() {
        return typed;
    }

    @Nullable
    String user() {
        return user;
    }

    @Nullable
    String password() {
        return password;
    }

    /** As it was typed, percent signs and all; empty if there is none. */
    String path() {
        return path;
    }

    /** The path without its first slash, decoded. */
    String name() {
        return decode(path.startsWith("/") ? path.substring(1) : path);
    }

    /** A parameter behind the question mark; null if it is not there, or empty. */
    @Nullable
    String parameter(String name) {
        String value = query.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The names of the parameters. */
    Set<String> parameters() {
        return query.keySet();
    }

    /** A host and its port; the port is -1 where none was given. */
    record Host(String name, int port) {

        int port(int usual) {
            return port < 0 ? usual : port;
        }

        /** Whether it is this machine. Looks up no names. */
        boolean isLoopback() {
            return name.equalsIgnoreCase("localhost")
                    || name.equals("::1")
                    || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
        }

        @Override
        public String toString() {
            String shown = name.indexOf(':') < 0 ? name : "[" + name + "]";
            return port < 0 ? shown : shown + ":" + port;
        }
    }

    /** The hosts, separated by commas; none if the URI has none. */
    List<Host> hosts() {
        List<Host> all = new ArrayList<>();
        for (String one : hosts.split(",", -1)) {
            if (!one.isEmpty()) {
                all.add(host(one));
            }
        }
        return all;
    }

    private static Host host(String text) {
        int end = text.startsWith("[") ? text.indexOf(']') + 1 : Math.max(text.indexOf(':'), 0);
        if (end == 0 && !text.startsWith("[") && text.indexOf(':') < 0) {
            end = text.length();
        }
        String name = text.substring(0, end);
        int port = -1;
        if (end < text.length()) {
            try {
                port = text.charAt(end) == ':' ? Integer.parseInt(text.substring(end + 1)) : 0;
            } catch (NumberFormatException noNumber) {
                port = 0;
            }
        }
        if (name.isEmpty() || name.equals("[]") || port == 0 || port > 65_535) {
            throw new IllegalArgumentException("has a host that is none; expected: host or host:port, port 1 to 65535");
        }
        return new Host(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port);
    }

    /** A text that is no URI, in quotes, as far as it may be shown: nothing that may be a user, a password, or a value. */
    static String shown(String text) {
        int end = text.length();
        int from = text.lastIndexOf('@') + 1;
        for (char mark : new char[] {'/', '?', '#'}) {
            int at = text.indexOf(mark, from);
            end = at < 0 ? end : Math.min(end, at);
        }
        String plain = text.substring(from, Math.min(end, from + MOST_SHOWN)).replaceAll("\\p{Cntrl}", "?");
        return (from > 0 ? "\"…" : "\"") + plain + (from + plain.length() < text.length() ? "…\"" : "\"");
    }

    /** The URI without user, password and the values behind the question mark: what may be shown. */
    @Override
    public String toString() {
        StringBuilder shown = new StringBuilder(scheme).append(':');
        if (!hosts.isEmpty()) {
            shown.append("//").append(hosts);
        }
        // What chat services and webhooks have in their paths is as good as a password.
        shown.append(path.length() > 1 && isHttp() ? "/…" : path);
        char separator = '?';
        for (String name : query.keySet()) {
            shown.append(separator).append(name).append("=…");
            separator = '&';
        }
        return shown.toString();
    }

    private boolean isHttp() {
        return scheme.endsWith("http") || scheme.endsWith("https");
    }
}
