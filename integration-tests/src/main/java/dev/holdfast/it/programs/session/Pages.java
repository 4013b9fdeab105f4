package dev.holdfast.it.programs.session;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.Recover;
import dev.holdfast.Session;
import dev.holdfast.SharedSession;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.http.Visitor;
import dev.holdfast.it.programs.http.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What a client of the JDK's server sees of sessions, up to {@code holdfast.session.response} and beyond. */
public final class Pages {

    private static final String COOKIE = "HSESSION";
    private static final int HELD = Integer.getInteger("holdfast.session.response", 65_536);
    private static final String ERROR = "{\"error\":\"Internal Server Error\"}";

    /** What a page does with its exchange. */
    private interface Page {
        void show(HttpExchange exchange) throws IOException;
    }

    /** A server of one page, which a visitor goes to. */
    private static final class Site implements AutoCloseable {

        final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        final ExecutorService threads = Executors.newCachedThreadPool();
        final Visitor visitor = new Visitor(COOKIE);
        volatile Page page = exchange -> send(exchange, 200, "");

        Site() throws IOException {
            HttpHandler handler = this::handle;
            server.setExecutor(threads);
            server.createContext("/", handler);
            server.start();
        }

        @Recover
        @SharedSession
        void handle(HttpExchange exchange) throws IOException {
            page.show(exchange);
        }

        int port() {
            return server.getAddress().getPort();
        }

        Wire.Reply get(Page what) throws IOException {
            return ask("GET", what);
        }

        Wire.Reply ask(String method, Page what) throws IOException {
            page = what;
            return visitor.ask(port(), method, "/");
        }

        /** A value of the session, by a request of its own. */
        String stored(String name) throws IOException {
            return get(exchange ->
                            send(exchange, 200, String.valueOf(Session.current().get(name))))
                    .body;
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Case
    void the_cookie_is_for_the_server_alone_and_set_once() throws Exception {
        try (Site site = new Site()) {
            Page counts = exchange -> {
                Session.current().set("n", 1);
                send(exchange, 200, "ok");
            };
            String set = site.visitor.set(site.get(counts));
            Expect.that(
                    set.matches("HSESSION=[A-Za-z0-9_-]{8}\\.[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax"), set);
            Expect.equal(null, site.visitor.set(site.get(counts)));
            try (Wire wire = new Wire(site.port())) {
                String secure = site.visitor.set(wire.ask("GET", "/", "X-Forwarded-Proto: https\r\n", ""));
                Expect.that(secure.endsWith("; Path=/; HttpOnly; SameSite=Lax; Secure"), secure);
            }
        }
    }

    @Case
    void a_response_that_is_held_is_taken_back_where_the_call_fails() throws Exception {
        try (Site site = new Site()) {
            for (long length : new long[] {0, HELD}) {
                Wire.Reply reply = site.get(exchange -> {
                    Session.current().set("n", 1);
                    exchange.sendResponseHeaders(200, length);
                    exchange.getResponseBody().write(new byte[HELD]);
                    throw new IllegalStateException("after all of it");
                });
                Expect.equal(500, reply.status);
                Expect.equal(ERROR, reply.body);
                Expect.equal(null, site.visitor.set(reply));
            }
            Expect.equal("null", site.stored("n"));
        }
    }

    @Case
    void one_that_is_larger_streams_and_its_session_is_saved_before() throws Exception {
        try (Site site = new Site()) {
            Wire.Reply reply = site.get(exchange -> {
                Session.current().set("before", 1);
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[HELD]);
                exchange.getResponseBody().write(1);
                Session.current().set("after", 2);
                throw new IllegalStateException("too late");
            });
            Expect.equal(200, reply.status);
            Expect.that(!reply.whole, "it breaks off");
            Expect.that(site.visitor.id() != null, "the client has its cookie");
            Expect.equal("1", site.stored("before"));
            Expect.equal("null", site.stored("after"));
        }
    }

    @Case
    void what_is_flushed_by_hand_was_saved_and_cannot_be_taken_back() throws Exception {
        try (Site site = new Site()) {
            Wire.Reply reply = site.get(exchange -> {
                Session.current().set("before", 1);
                exchange.sendResponseHeaders(200, 10);
                OutputStream out = exchange.getResponseBody();
                out.write(new byte[5]);
                out.flush();
                Session.current().set("after", 2);
                throw new IllegalStateException("too late");
            });
            Expect.equal(200, reply.status);
            Expect.that(!reply.whole, "it breaks off");
            Expect.equal("1", site.stored("before"));
            Expect.equal("null", site.stored("after"));

            Wire.Reply whole = site.get(exchange -> {
                exchange.sendResponseHeaders(200, 10);
                OutputStream out = exchange.getResponseBody();
                out.write("first".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                Session.current().set("after", 3);
                out.write("later".getBytes(StandardCharsets.US_ASCII));
                exchange.close();
            });
            Expect.equal("firstlater", whole.body);
            Expect.that(whole.whole, "to its end");
            Expect.equal("3", site.stored("after"));

            Wire.Reply chunked = site.get(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().flush();
                Session.current().set("after", 4);
                exchange.getResponseBody().close();
            });
            Expect.that(chunked.whole, "to its end");
            Expect.equal("4", site.stored("after"));
        }
    }

    @Case
    void a_response_without_a_body_has_its_cookie_and_the_connection_goes_on() throws Exception {
        try (Site site = new Site();
                Wire wire = new Wire(site.port())) {
            for (int status : new int[] {204, 304}) {
                site.page = exchange -> {
                    Session.current().set("n", status);
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                };
                Wire.Reply reply = wire.ask("GET", "/", "");
                Expect.equal(status, reply.status);
                Expect.equal("", reply.body);
                Expect.that(site.visitor.set(reply) != null, "a cookie with " + status);
            }
            site.page = exchange -> {
                Session.current().set("n", "head");
                exchange.getResponseHeaders().set("Content-Length", "1234");
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            };
            Wire.Reply head = wire.ask("HEAD", "/", "");
            Expect.equal(200, head.status);
            Expect.equal("1234", head.header("Content-Length"));
            Expect.that(site.visitor.set(head) != null, "a cookie with HEAD");
            site.visitor.note(head);
            Expect.equal("head", site.stored("n"));
            site.page = exchange -> send(exchange, 200, "and on");
            Expect.equal("and on", wire.ask("GET", "/", "").body);
        }
    }

    @Case
    void a_session_may_grow_up_to_its_limit_and_not_beyond() throws Exception {
        try (Site site = new Site()) {
            site.get(exchange -> {
                Session.current().set("small", "x".repeat(1000));
                send(exchange, 200, "ok");
            });
            for (int i = 0; i < 3; i++) { // which is told of once
                int at = i;
                Expect.equal(
                        200,
                        site.get(exchange -> {
                                    Session.current().set("heavy", "y".repeat(70_000 + at));
                                    send(exchange, 200, "ok");
                                })
                                .status);
            }
            Wire.Reply reply = site.get(exchange -> {
                Session.current().set("small", "changed");
                Session.current().set("huge", "z".repeat(1_048_576));
                send(exchange, 200, "ok");
            });
            Expect.equal(500, reply.status);
            Expect.equal(ERROR, reply.body);
            Expect.equal("null", site.stored("huge"));
            Expect.equal("x".repeat(1000), site.stored("small"));
        }
    }
}
