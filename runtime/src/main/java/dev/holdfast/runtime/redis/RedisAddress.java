package dev.holdfast.runtime.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, and how to be let in, as one URL. Immutable. Shows itself without the password.
 *
 * <pre>
 * redis://[[user]:password@]host[:port][/database]                 rediss:// the same over TLS
 * redis-cluster://[[user]:password@]host[:port],host[:port]…        rediss-cluster:// over TLS
 * redis-sentinel://[[user]:password@]host[:port],…[/database]?master=name     rediss-sentinel:// over TLS
 * </pre>
 *
 * @param nodes at least one; of Sentinel the sentinels
 * @param master what the sentinels call the primary; null but for Sentinel
 */
public record RedisAddress(
        Kind kind,
        boolean tls,
        List<Node> nodes,
        @Nullable String user,
        @Nullable String password,
        int database,
        @Nullable String master) {

    /** What is allowed, to follow the words "must be". */
    public static final String FORM = "redis://host:port, rediss:// for TLS, redis-cluster://host:port,host:port or"
            + " redis-sentinel://host:port,host:port?master=name";

    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final int MOST_PORT = 65_535;

    /** A scheme, what is before the first ?, and the query. */
    private static final Pattern PARTS = Pattern.compile("([a-z-]+://)?([^?]*)(\\?.*)?", Pattern.DOTALL);

    /** Hosts with their ports, and a database. */
    private static final Pattern HOSTS = Pattern.compile(
            "(HOST(,HOST)*)?(/-?[0-9]{0,5})?".replace("HOST", "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?"));

    /** What answers there. */
    public enum Kind {
        STANDALONE,
        CLUSTER,
        SENTINEL
    }

    /** One server. */
    public record Node(String host, int port) {

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    public RedisAddress {
        nodes = List.copyOf(nodes);
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it cannot be; the message follows what was read: "must be …". It shows no password
     */
    public static RedisAddress of(String text) {
        return new Reading(text).address();
    }

    /** As it was typed, without the password. */
    @Override
    public String toString() {
        StringJoiner hosts = new StringJoiner(",");
        for (Node node : nodes) {
            hosts.add(node.toString());
        }
        String suffix =
                switch (kind) {
                    case STANDALONE -> "";
                    case CLUSTER -> "-cluster";
                    case SENTINEL -> "-sentinel";
                };
        return (tls ? "rediss" : "redis") + suffix + "://" + hosts + (database == 0 ? "" : "/" + database)
                + (master == null ? "" : "?master=" + master);
    }

    /** Takes one text apart. */
    private static final class Reading {

        private final String text;

        Reading(String text) {
            this.text = text;
        }

        RedisAddress address() {
            int colon = text.indexOf("://");
            if (colon < 0) {
                throw refused("");
            }
            String scheme = text.substring(0, colon);
            boolean tls = scheme.startsWith("rediss");
            Kind kind =
                    switch (scheme) {
                        case "redis", "rediss" -> Kind.STANDALONE;
                        case "redis-cluster", "rediss-cluster" -> Kind.CLUSTER;
                        case "redis-sentinel", "rediss-sentinel" -> Kind.SENTINEL;
                        default -> throw refused("");
                    };
            String rest = text.substring(colon + 3);
            String query = "";
            int question = rest.lastIndexOf('?');
            if (question > rest.lastIndexOf('@')) {
                query = rest.substring(question + 1);
                rest = rest.substring(0, question);
            }
            int at = rest.lastIndexOf('@');
            String login = at < 0 ? "" : rest.substring(0, at);
            rest = rest.substring(at + 1);
            int slash = rest.indexOf('/');
            String path = slash < 0 ? "" : rest.substring(slash + 1);
            int split = login.indexOf(':');
            return new RedisAddress(
                    kind,
                    tls,
                    nodes(slash < 0 ? rest : rest.substring(0, slash), kind),
                    split > 0 ? decoded(login.substring(0, split)) : null,
                    login.isEmpty() ? null : decoded(login.substring(split + 1)),
                    database(path, kind),
                    master(query, kind));
        }

        private List<Node> nodes(String hosts, Kind kind) {
            List<Node> nodes = new ArrayList<>();
            for (String host : hosts.split(",", -1)) {
                nodes.add(node(host.strip(), kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT));
            }
            if (kind == Kind.STANDALONE && nodes.size() > 1) {
                throw refused(", which names several servers; expected: one, or redis-cluster:// or redis-sentinel://");
            }
            return nodes;
        }

        private Node node(String text, int otherwise) {
            int bracket = text.indexOf(']');
            int colon = text.indexOf(':', bracket + 1);
            String host = colon < 0 ? text : text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (host.isEmpty()) {
                throw refused(", where a host is missing");
            }
            if (colon < 0) {
                return new Node(host, otherwise);
            }
            int port = number(text.substring(colon + 1));
            if (port < 1 || port > MOST_PORT) {
                throw refused(", whose port is none of 1 to " + MOST_PORT);
            }
            return new Node(host, port);
        }

        private int database(String path, Kind kind) {
            if (path.isEmpty()) {
                return 0;
            }
            int database = number(path);
            if (database < 0) {
                throw refused(", whose database is no number");
            }
            if (kind == Kind.CLUSTER && database > 0) {
                throw refused(", but a cluster has database 0 alone");
            }
            return database;
        }

        private @Nullable String master(String query, Kind kind) {
            String master = query.startsWith("master=") ? decoded(query.substring("master=".length())) : "";
            if (kind == Kind.SENTINEL ? master.isEmpty() || master.contains("&") : !query.isEmpty()) {
                throw refused(kind == Kind.SENTINEL ? ", which does not name its master" : ", which has a query");
            }
            return master.isEmpty() ? null : master;
        }

        /** -1 for what is none. */
        private static int number(String digits) {
            if (digits.isEmpty() || digits.length() > 6) {
                return -1;
            }
            for (int i = 0; i < digits.length(); i++) {
                if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                    return -1;
                }
            }
            return Integer.parseInt(digits);
        }

        private String decoded(String part) {
            try {
                return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException broken) {
                throw (IllegalArgumentException) refused(", where a % is followed by no two hexadecimal digits")
                        .initCause(broken);
            }
        }

        private IllegalArgumentException refused(String why) {
            return new IllegalArgumentException("must be " + FORM + ", was \"" + masked() + "\"" + why);
        }

        /**
         * Without anything that may be a password, however the text is broken: passwords are also written behind a ? or, by mistake, without an @.
         * So hosts are shown only where they look like nothing else, and of what follows them the number of a database.
         */
        private String masked() {
            Matcher parts = PARTS.matcher(text);
            if (!parts.matches()) {
                return "…";
            }
            String scheme = parts.group(1) == null ? "" : parts.group(1);
            String rest = parts.group(2);
            int at = rest.lastIndexOf('@');
            String hosts = rest.substring(at + 1);
            String query = parts.group(3) == null ? "" : parts.group(3);
            if (query.contains("@") || !HOSTS.matcher(hosts).matches()) {
                return scheme + "…";
            }
            return scheme + (at < 0 ? "" : "…@") + hosts + (query.isEmpty() ? "" : "?…");
        }
    }
}
