package web;

import dev.holdfast.Recover;
import dev.holdfast.SharedSession;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A shop, on one of several nodes. Its code is that of any servlet; only the annotation is Holdfast's. Says its port on stdout, and runs until its stdin ends. */
public final class Node extends HttpServlet {

    private static final long serialVersionUID = 1;

    /** An object as applications have them in their sessions. */
    static final class Cart implements Serializable {

        private static final long serialVersionUID = 1;

        private final List<String> items = new ArrayList<>();
    }

    private final transient CountDownLatch go = new CountDownLatch(1);

    private final transient CountDownLatch end = new CountDownLatch(1);

    private transient int attempts;

    public static void main(String[] arguments) throws Exception {
        try (Container container = Container.start(new Node())) {
            System.out.println(container.port());
            while (System.in.read() >= 0) {
                // Whatever is said is not the end.
            }
        }
        System.exit(0);
    }

    @SharedSession
    @Recover(attempts = 2, delay = "0s")
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        switch (request.getRequestURI()) {
            case "/count" -> {
                HttpSession session = request.getSession();
                Integer count = (Integer) session.getAttribute("count");
                session.setAttribute("count", count == null ? 1 : count + 1);
                response.getWriter().print(session.getAttribute("count"));
            }
            case "/put" -> {
                HttpSession session = request.getSession();
                Cart cart = (Cart) session.getAttribute("cart");
                if (cart == null) {
                    cart = new Cart();
                    session.setAttribute("cart", cart);
                }
                cart.items.add("item" + cart.items.size()); // and nobody tells the session
                response.getWriter().print(cart.items);
            }
            case "/login" -> {
                request.getSession().setAttribute("user", "ada");
                response.getWriter().print(request.changeSessionId());
            }
            case "/logout" -> {
                request.getSession().invalidate();
                response.sendRedirect("/look");
            }
            case "/look" -> {
                HttpSession session = request.getSession(false);
                response.getWriter().print(session == null ? "nobody" : session.getAttribute("user"));
            }
            case "/fails" -> {
                HttpSession session = request.getSession();
                session.setAttribute("tried", session.getAttribute("tried") + "x");
                response.setHeader("X-Attempt", "" + ++attempts);
                response.getWriter().print("attempt " + attempts + ": " + session.getAttribute("tried"));
                if (attempts % 2 == 1) {
                    throw new IOException("attempt " + attempts);
                }
            }
            case "/stream" -> {
                request.getSession().setAttribute("user", "streamed");
                response.getWriter().print("begun;");
                response.flushBuffer();
                await(go);
                request.getSession().setAttribute("user", "done");
                response.getWriter().print("done");
            }
            case "/go" -> go.countDown();
            case "/late" -> {
                HttpSession session = request.getSession();
                session.setAttribute("user", "early");
                AsyncContext async = request.startAsync();
                new Thread(() -> {
                    try {
                        await(end);
                        session.setAttribute("user", "late");
                    } catch (IOException failed) {
                        throw new IllegalStateException(failed);
                    } finally {
                        async.complete();
                    }
                }).start();
            }
            case "/end" -> end.countDown();
            default -> response.sendError(404);
        }
    }

    private static void await(CountDownLatch go) throws IOException {
        try {
            if (!go.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody let it go");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }
}
