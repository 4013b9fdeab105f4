package dev.holdfast.it.programs.session;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.Conflict;
import dev.holdfast.Consistency;
import dev.holdfast.Recover;
import dev.holdfast.Session;
import dev.holdfast.SessionConflictException;
import dev.holdfast.SharedSession;
import dev.holdfast.Unavailable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * One node of a web application, for a test that asks several of them. It prints its port. A request is {@code /how/what?name=value}; what
 * comes back is one line.
 */
public final class Node {

    /** An item of a cart. */
    public record Item(String name, int count) {}

    private Node() {}

    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/strict/", Node::strict);
        server.createContext("/near/", Node::near);
        server.createContext("/share/", Node::share);
        server.createContext("/retry/", Node::retry);
        server.createContext("/user/", exchange -> user(exchange, arguments(exchange)[0]));
        server.createContext("/usershare/", exchange -> userShare(exchange, arguments(exchange)[0]));
        server.createContext("/slow/", Node::slow);
        server.createContext("/burst/", Node::burst);
        server.start();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println("port " + server.getAddress().getPort());
    }

    @Recover
    @SharedSession
    static void strict(HttpExchange exchange) throws IOException {
        answer(exchange, act(exchange));
    }

    @Recover
    @SharedSession(consistency = Consistency.NEAR)
    static void near(HttpExchange exchange) throws IOException {
        answer(exchange, act(exchange));
    }

    @Recover
    @SharedSession(whenUnavailable = Unavailable.LOCAL_SHARE)
    static void share(HttpExchange exchange) throws IOException {
        answer(exchange, act(exchange));
    }

    @Recover(on = SessionConflictException.class, attempts = 1000, delay = "1ms", maxDelay = "5ms")
    @SharedSession(conflict = Conflict.FAIL)
    static void retry(HttpExchange exchange) throws IOException {
        answer(exchange, act(exchange));
    }

    @Recover
    @SharedSession(id = "{user}")
    static void user(HttpExchange exchange, String user) throws IOException {
        answer(exchange, act(exchange));
    }

    @Recover
    @SharedSession(id = "{user}", whenUnavailable = Unavailable.LOCAL_SHARE)
    static void userShare(HttpExchange exchange, String user) throws IOException {
        answer(exchange, act(exchange));
    }

    /** Is told when to end by a second request, so that a test can do something meanwhile. */
    @Recover
    @SharedSession
    static void slow(HttpExchange exchange) throws IOException {
        String result = act(exchange);
        Session.current().set("slow", "1");
        try {
            Thread.sleep(Long.parseLong(arguments(exchange)[1]));
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
        answer(exchange, result);
    }

    /** So many calls, each with a commit of its own, for one request. */
    private static void burst(HttpExchange exchange) throws IOException {
        String[] given = arguments(exchange);
        int last = 0;
        for (int i = 0; i < Integer.parseInt(given[2]); i++) {
            last = count(given[0], given[1]);
        }
        answer(exchange, String.valueOf(last));
    }

    @SharedSession(id = "{user}")
    private static int count(String user, String name) {
        Session session = Session.current();
        int next = session.get(name) instanceof Integer count ? count + 1 : 1;
        session.set(name, next);
        return next;
    }

    /** Of a class that this node may have, and others not. */
    private static Object extra(String value) {
        try {
            return Class.forName("extra.Extra").getConstructor(String.class).newInstance(value);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static String act(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String[] given = arguments(exchange);
        Session session = Session.current();
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "get":
                return String.valueOf(session.get(given[0]));
            case "set":
                session.set(given[0], given[1]);
                return "set";
            case "extra":
                session.set(given[0], extra(given[1]));
                return "set";
            case "userset":
                session.set(given[1], given[2]);
                return "set";
            case "userget":
                return String.valueOf(session.get(given[1]));
            case "userlogout":
                session.invalidate();
                return "bye";
            case "count":
                int next = session.get(given[0]) instanceof Integer count ? count + 1 : 1;
                session.set(given[0], next);
                return String.valueOf(next);
            case "add":
                List<Item> cart = cart(session);
                cart.add(new Item(given[0], cart.size() + 1));
                return String.valueOf(cart.size());
            case "login":
                session.set("user", given[0]);
                session.renewId();
                return "hello";
            case "logout":
                session.invalidate();
                return "bye";
            case "id":
                return session.id();
            case "names":
                return session.names().toString();
            default:
                throw new IllegalArgumentException(path);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Item> cart(Session session) {
        List<Item> cart = (List<Item>) session.get("cart");
        if (cart == null) {
            cart = new ArrayList<>();
            session.set("cart", cart);
        }
        return cart;
    }

    private static String[] arguments(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query == null ? new String[0] : query.split("[=&]", -1);
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
