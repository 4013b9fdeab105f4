package dev.holdfast.samples.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.Backoff;
import dev.holdfast.Conflict;
import dev.holdfast.Recover;
import dev.holdfast.Session;
import dev.holdfast.SessionConflictException;
import dev.holdfast.SessionUnavailableException;
import dev.holdfast.SharedSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** The shop on the server of the JDK. */
public final class ShopServer {

    /** Somebody who waits for Redis holds one. */
    private static final int THREADS = 64;

    private final Shop shop;

    private ShopServer(Shop shop) {
        this.shop = shop;
    }

    /**
     * Serves until the JVM ends. Prints its address as the first line of stdout.
     *
     * @param arguments the name of this node, its port (0 for any), the address of the bank, and the file of its log
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: ShopServer <name of the node> <port> <address of the bank> <log file>");
            System.exit(2);
        }
        // Else each answer waits 40 ms for the client to confirm its first half.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Shop shop = new Shop(arguments[0], URI.create(arguments[2]), Path.of(arguments[3]));
        ShopServer server = new ShopServer(shop);
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        HttpServer http = HttpServer.create(address, 0);
        http.setExecutor(Executors.newFixedThreadPool(THREADS));
        http.createContext("/", server::handle);
        http.start();
        System.out.println("http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("X-Node", shop.node());
            // A form can be read once, so it is read outside of what is tried again.
            answer(
                    exchange,
                    Click.read(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestBody()));
        }
    }

    /**
     * The cart comes with the session, which is the same on each node. While Redis is away, as during a restart, this waits for it; who has waited
     * for five seconds gets a 503. Who clicks twice at once is not served twice: the second one begins again, and sees what the first has done.
     */
    @SharedSession(cookie = "SHOP", conflict = Conflict.FAIL)
    @Recover(
            on = {SessionUnavailableException.class, SessionConflictException.class},
            attempts = 100,
            delay = "100ms",
            backoff = Backoff.CONSTANT,
            within = "5s")
    private void answer(HttpExchange exchange, Click click) throws IOException {
        try {
            send(exchange, shop.answer(click, new SessionVisitor(Session.current())));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        if (!answer.location().isEmpty()) {
            exchange.getResponseHeaders().set("Location", answer.location());
        }
        if (answer.retryAfter() > 0) {
            exchange.getResponseHeaders().set("Retry-After", String.valueOf(answer.retryAfter()));
        }
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        byte[] html = answer.html().getBytes(UTF_8);
        if (html.length == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.sendResponseHeaders(answer.status(), html.length);
            exchange.getResponseBody().write(html);
        }
    }

    /** A session as the shop sees it. */
    private record SessionVisitor(Session session) implements Visitor {

        @Override
        public String name() {
            String name = session.get("name", String.class);
            return name == null ? "" : name;
        }

        @Override
        public Cart cart() {
            Cart cart = session.get("cart", Cart.class);
            return cart == null ? Cart.EMPTY : cart;
        }

        @Override
        public void keep(Cart cart) {
            session.set("cart", cart);
        }

        @Override
        public void enter(String name) {
            session.renewId();
            session.set("name", name);
        }

        @Override
        public void leave() {
            session.invalidate();
        }
    }
}
