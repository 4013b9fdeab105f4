package dev.holdfast.it.programs.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One connection of a client that sees what goes over the wire, and whether it was whole. Responses that are not read to their promised end
 * are no exception here. Not thread-safe.
 */
public final class Wire implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    /** Asks once, over a connection of its own. */
    public static Reply get(int port, String path) throws IOException {
        return ask(port, "GET", path);
    }

    /** Asks once, over a connection of its own. */
    public static Reply ask(int port, String method, String path) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.ask(method, path, "");
        }
    }

    /** Asks, and reads the response. */
    public Reply ask(String method, String path, String body) throws IOException {
        return ask(method, path, "", body);
    }

    /**
     * Asks, and reads the response.
     *
     * @param headers further ones, each with the end of its line
     */
    public Reply ask(String method, String path, String headers, String body) throws IOException {
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return read(method.equals("HEAD"));
    }

    /** What comes up to the end of the connection. */
    public String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        read(Integer.MAX_VALUE, rest);
        return rest.toString(StandardCharsets.UTF_8);
    }

    /** What came back. */
    public static final class Reply {

        /** 0 if nothing came. */
        public final int status;

        /** By lower-case name. */
        public final Map<String, List<String>> headers;

        public final String body;

        /** Whether the response was as long as it promised to be. */
        public final boolean whole;

        private Reply(int status, Map<String, List<String>> headers, String body, boolean whole) {
            this.status = status;
            this.headers = headers;
            this.body = body;
            this.whole = whole;
        }

        /** The only value of a header; null if there is none. */
        public String header(String name) {
            List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
            if (values != null && values.size() > 1) {
                throw new AssertionError("more than one " + name + ": " + values);
            }
            return values == null ? null : values.get(0);
        }

        @Override
        public String toString() {
            return status + " " + headers + " " + body + (whole ? "" : " (broken off)");
        }
    }

    private Reply read(boolean headersAlone) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        String first = line();
        if (first == null) {
            return new Reply(0, headers, "", false);
        }
        int status = Integer.parseInt(first.split(" ", 3)[1]);
        for (String line = line(); line != null && !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), none -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean whole = headersAlone || status == 204 || status == 304 || readBody(headers, body);
        return new Reply(status, headers, body.toString(StandardCharsets.UTF_8), whole);
    }

    private boolean readBody(Map<String, List<String>> headers, ByteArrayOutputStream body) throws IOException {
        if (headers.getOrDefault("transfer-encoding", List.of()).contains("chunked")) {
            while (true) {
                String size = line();
                if (size == null) {
                    return false;
                }
                int length = Integer.parseInt(size, 16);
                if (!read(length, body) || line() == null) {
                    return false;
                }
                if (length == 0) {
                    return true;
                }
            }
        }
        List<String> length = headers.get("content-length");
        if (length == null) {
            read(Integer.MAX_VALUE, body);
            return true; // it goes up to the end of the connection
        }
        return read(Integer.parseInt(length.get(0)), body);
    }

    private boolean read(int length, ByteArrayOutputStream to) throws IOException {
        for (int i = 0; i < length; i++) {
            int next = next();
            if (next < 0) {
                return false;
            }
            to.write(next);
        }
        return true;
    }

    /** Null at the end of the connection. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = next();
            if (next < 0) {
                return null;
            }
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
    }

    /** A connection that was reset has ended, too. */
    private int next() throws IOException {
        try {
            return in.read();
        } catch (java.net.SocketException reset) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
