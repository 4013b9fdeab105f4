package dev.holdfast.samples.session;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.Conflict;
import dev.holdfast.Consistency;
import dev.holdfast.Recover;
import dev.holdfast.Session;
import dev.holdfast.SessionConflictException;
import dev.holdfast.SharedSession;
import dev.holdfast.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A shop on several nodes. */
public final class Shop {

    /** What is in a cart. */
    public record Item(String article, int count) {}

    /** The id comes and goes in a cookie. */
    @SharedSession
    public void visit(HttpExchange exchange) throws IOException {
        Session session = Session.current();
        Integer visits = session.get("visits", Integer.class);
        session.set("visits", visits == null ? 1 : visits + 1);
        answer(exchange, "visit " + session.get("visits"));
    }

    /** Who logs in gets a new id; what was in the session stays. */
    @Recover
    @SharedSession
    public void logIn(HttpExchange exchange) throws IOException {
        Session.current().set("user", "Ann");
        Session.current().renewId();
        answer(exchange, "hello");
    }

    /** No node knows the session any more when the client has its answer. */
    @SharedSession(create = false)
    public void logOut(HttpExchange exchange) throws IOException {
        Session.current().invalidate();
        answer(exchange, "bye");
    }

    /** Two calls that add to one cart at the same time: one of them is tried again, and none is lost. */
    @Recover(on = SessionConflictException.class, attempts = 5, delay = "5ms")
    @SharedSession(id = "cart of {customer}", conflict = Conflict.FAIL)
    public int add(String customer, Item item) {
        Session session = Session.current();
        @SuppressWarnings("unchecked")
        List<Item> cart = session.get("cart") instanceof List<?> known ? (List<Item>) known : new ArrayList<>();
        cart.add(item);
        session.set("cart", cart);
        return cart.size();
    }

    /** Read on every page: a copy will do, with Redis and without. */
    @SharedSession(
            id = "settings of {customer}",
            consistency = Consistency.NEAR,
            whenUnavailable = Unavailable.LOCAL_SHARE)
    public String language(String customer) {
        String language = Session.current().get("language", String.class);
        return language == null ? "en" : language;
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
