package dev.holdfast.it.programs.http;

import java.io.IOException;
import java.util.List;

/** A client with one cookie, as a browser has it. Not thread-safe. */
public final class Visitor {

    private final String cookie;
    private String id;

    /** Knows the cookie of that name, and has none yet. */
    public Visitor(String cookie) {
        this.cookie = cookie;
    }

    /** The value of its cookie; null for none. */
    public String id() {
        return id;
    }

    /** Gives it one. */
    public Visitor with(String value) {
        id = value;
        return this;
    }

    /** Asks, over a connection of its own. */
    public Wire.Reply get(int port, String path) throws IOException {
        return ask(port, "GET", path);
    }

    /** Asks, over a connection of its own. */
    public Wire.Reply ask(int port, String method, String path) throws IOException {
        try (Wire wire = new Wire(port)) {
            String headers = id == null ? "" : "Cookie: other=1; " + cookie + "=" + id + "\r\n";
            return note(wire.ask(method, path, headers, ""));
        }
    }

    /** Takes over the cookie of a response. */
    public Wire.Reply note(Wire.Reply reply) {
        String set = set(reply);
        if (set != null) {
            String value = set.substring(cookie.length() + 1, set.indexOf(';'));
            id = value.isEmpty() ? null : value;
        }
        return reply;
    }

    /** The header that sets its cookie; null for none. */
    public String set(Wire.Reply reply) {
        String found = null;
        for (String one : reply.headers.getOrDefault("set-cookie", List.of())) {
            if (one.startsWith(cookie + "=")) {
                if (found != null) {
                    throw new AssertionError("set twice: " + reply);
                }
                found = one;
            }
        }
        return found;
    }
}
