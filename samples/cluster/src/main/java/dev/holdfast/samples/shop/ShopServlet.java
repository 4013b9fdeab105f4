package dev.holdfast.samples.shop;

import dev.holdfast.Backoff;
import dev.holdfast.Conflict;
import dev.holdfast.Recover;
import dev.holdfast.SessionConflictException;
import dev.holdfast.SessionUnavailableException;
import dev.holdfast.SharedSession;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The shop as a servlet: all that makes its sessions those of the cluster is one annotation. */
final class ShopServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Shop shop;

    ShopServlet(Shop shop) {
        this.shop = shop;
    }

    @SharedSession(cookie = "SHOP", conflict = Conflict.FAIL)
    @Recover(
            on = {SessionUnavailableException.class, SessionConflictException.class},
            attempts = 100,
            delay = "100ms",
            backoff = Backoff.CONSTANT,
            within = "5s")
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("X-Node", shop.node());
        request.setCharacterEncoding("UTF-8");
        Map<String, String> parameters = new TreeMap<>();
        request.getParameterMap().forEach((name, values) -> parameters.put(name, values[0]));
        try {
            send(
                    response,
                    shop.answer(
                            new Click(request.getMethod(), request.getRequestURI(), parameters),
                            new HttpSessionVisitor(request)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    private static void send(HttpServletResponse response, Answer answer) throws IOException {
        response.setStatus(answer.status());
        if (!answer.location().isEmpty()) {
            response.setHeader("Location", answer.location());
        }
        if (answer.retryAfter() > 0) {
            response.setHeader("Retry-After", String.valueOf(answer.retryAfter()));
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/html; charset=utf-8");
        response.getWriter().write(answer.html());
    }

    /** Its ordinary session, as the shop sees it. */
    private record HttpSessionVisitor(HttpServletRequest request) implements Visitor {

        @Override
        public String name() {
            HttpSession session = request.getSession(false);
            Object name = session == null ? null : session.getAttribute("name");
            return name == null ? "" : (String) name;
        }

        @Override
        public Cart cart() {
            HttpSession session = request.getSession(false);
            Object cart = session == null ? null : session.getAttribute("cart");
            return cart == null ? Cart.EMPTY : (Cart) cart;
        }

        @Override
        public void keep(Cart cart) {
            request.getSession().setAttribute("cart", cart);
        }

        @Override
        public void enter(String name) {
            if (request.getSession(false) != null) {
                request.changeSessionId();
            }
            request.getSession().setAttribute("name", name);
        }

        @Override
        public void leave() {
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
        }
    }
}
