package web;

import dev.holdfast.Recover;
import dev.holdfast.Session;
import dev.holdfast.SharedSession;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.http.Visitor;
import dev.holdfast.it.programs.http.Wire;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Sessions of servlets and filters, in whichever container and with whichever of the two APIs. */
public final class Sessions {

    private static final String COOKIE = "HSESSION";

    /** What a servlet does. */
    interface Page {

        void show(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    private static void show(Page page, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        try {
            page.show(request, response);
        } catch (IOException | ServletException | RuntimeException | Error thrown) {
            throw thrown;
        } catch (Exception other) {
            throw new ServletException(other);
        }
    }

    /** A servlet with a session. */
    static class Shared extends HttpServlet {

        final Page page;

        Shared(Page page) {
            this.page = page;
        }

        @SharedSession
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            Sessions.show(page, request, response);
        }
    }

    private static Container start(Page page, Filter... filters) throws Exception {
        return Container.start(new Shared(page), filters);
    }

    private static Visitor visitor() {
        return new Visitor(COOKIE);
    }

    private static void say(HttpServletResponse response, Object what) throws IOException {
        response.getWriter().print(what);
    }

    // The session.

    @Case
    void a_session_is_made_and_found_again() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            Expect.same(session, request.getSession(false));
            Integer visits = (Integer) session.getAttribute("visits");
            session.setAttribute("visits", visits == null ? 1 : visits + 1);
            say(response, session.getAttribute("visits") + " " + session.isNew() + " " + session.getId());
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Wire.Reply first = visitor.get(container.port(), "/");
            Expect.equal("1 true " + visitor.id(), first.body);
            Expect.equal(
                    COOKIE + "=" + visitor.id() + "; Path=/; HttpOnly; SameSite=Lax", first.header("Set-Cookie"));
            Wire.Reply second = visitor.get(container.port(), "/");
            Expect.equal("2 false " + visitor.id(), second.body);
            Expect.equal(null, second.header("Set-Cookie"));
            Expect.equal("1 true", visitor().get(container.port(), "/").body.substring(0, 6));
        }
    }

    @Case
    void the_cookie_is_secure_when_the_request_is() throws Exception {
        Page page = (request, response) -> request.getSession();
        try (Container container = start(page);
                Wire wire = new Wire(container.port())) {
            Wire.Reply reply = wire.ask("GET", "/", "X-Forwarded-Proto: https, http\r\n", "");
            Expect.that(reply.header("Set-Cookie").endsWith("; SameSite=Lax; Secure"), "it is secure: " + reply);
        }
    }

    @Case
    void to_look_for_a_session_makes_none() throws Exception {
        Page page = (request, response) -> {
            Expect.equal(null, request.getSession(false));
            Expect.equal(null, request.getRequestedSessionId());
            Expect.that(!request.isRequestedSessionIdValid(), "nothing was requested");
            Expect.that(!request.isRequestedSessionIdFromCookie(), "nothing came in a cookie");
            Expect.thrown(IllegalStateException.class, request::changeSessionId);
            say(response, "none");
        };
        try (Container container = start(page)) {
            Wire.Reply reply = visitor().get(container.port(), "/");
            Expect.equal("none", reply.body);
            Expect.equal(null, reply.header("Set-Cookie"));
        }
    }

    @Case
    void a_session_without_values_is_one() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession(request.getRequestURI().equals("/make"));
            say(response, session == null ? "none" : session.isNew() + " " + session.getId());
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Expect.equal("none", visitor.get(container.port(), "/").body);
            Wire.Reply made = visitor.get(container.port(), "/make");
            Expect.equal("true " + visitor.id(), made.body);
            Expect.equal("false " + visitor.id(), visitor.get(container.port(), "/").body);
        }
    }

    @Case
    void both_ways_lead_to_the_same_session() throws Exception {
        Page page = (request, response) -> {
            Session.current().set("a", 1);
            Expect.equal(1, request.getSession(false).getAttribute("a"));
            request.getSession().setAttribute("b", 2);
            Expect.equal(2, Session.current().get("b"));
            Expect.equal(Session.current().id(), request.getSession().getId());
            String renewed = request.changeSessionId();
            Expect.equal(renewed, Session.current().id());
            Session.current().invalidate();
            Expect.equal(null, request.getSession(false));
            say(response, "same");
        };
        try (Container container = start(page)) {
            Expect.equal("same", visitor().get(container.port(), "/").body);
        }
    }

    @Case
    void at_login_the_id_changes_and_the_values_stay() throws Exception {
        Page page = (request, response) -> {
            switch (request.getRequestURI()) {
                case "/cart" -> request.getSession().setAttribute("cart", "book");
                case "/login" -> {
                    HttpSession session = request.getSession();
                    String before = session.getId();
                    String now = request.changeSessionId();
                    Expect.that(!now.equals(before), "the id is another one");
                    Expect.equal(now, session.getId());
                    Expect.same(session, request.getSession());
                    Expect.equal(before, request.getRequestedSessionId());
                    session.setAttribute("user", "ada");
                }
                default -> {
                    HttpSession session = request.getSession(false);
                    say(response, session == null ? "none" : session.getAttribute("user") + " " + session.getAttribute("cart"));
                }
            }
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/cart");
            String before = visitor.id();
            Wire.Reply login = visitor.get(container.port(), "/login");
            Expect.that(visitor.set(login) != null && !visitor.id().equals(before), "there is another cookie: " + login);
            Expect.equal("ada book", visitor.get(container.port(), "/").body);
            Expect.equal("none", visitor().with(before).get(container.port(), "/").body);
        }
    }

    @Case
    void a_logout_is_for_good() throws Exception {
        Page page = (request, response) -> {
            switch (request.getRequestURI()) {
                case "/login" -> request.getSession().setAttribute("user", "ada");
                case "/logout" -> {
                    HttpSession session = request.getSession();
                    String id = session.getId();
                    session.invalidate();
                    Expect.equal(id, session.getId());
                    for (Page forbidden : new Page[] {
                        (q, r) -> session.getAttribute("user"),
                        (q, r) -> session.setAttribute("user", "eve"),
                        (q, r) -> session.removeAttribute("user"),
                        (q, r) -> session.getAttributeNames(),
                        (q, r) -> session.getCreationTime(),
                        (q, r) -> session.getLastAccessedTime(),
                        (q, r) -> session.isNew(),
                        (q, r) -> session.invalidate()
                    }) {
                        Expect.thrown(IllegalStateException.class, () -> forbidden.show(request, response));
                    }
                    int idle = session.getMaxInactiveInterval();
                    session.setMaxInactiveInterval(60); // which begins no other session
                    Expect.equal(idle, session.getMaxInactiveInterval());
                    Expect.that(session.getServletContext() != null, "its context is known");
                    Expect.equal(null, request.getSession(false));
                    Expect.that(!request.isRequestedSessionIdValid(), "it is over");
                }
                case "/again" -> {
                    request.getSession().invalidate();
                    HttpSession other = request.getSession();
                    Expect.that(other.isNew(), "it is new");
                    Expect.equal(null, other.getAttribute("user"));
                    say(response, other.getId());
                }
                default -> say(response, request.getSession(false) == null ? "none" : "some");
            }
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/login");
            String id = visitor.id();
            Wire.Reply logout = visitor.get(container.port(), "/logout");
            Expect.contains("Max-Age=0", logout.header("Set-Cookie"));
            Expect.equal(null, visitor.id());
            Expect.equal("none", visitor.with(id).get(container.port(), "/").body);

            visitor.with(null).get(container.port(), "/login");
            String before = visitor.id();
            Wire.Reply again = visitor.get(container.port(), "/again");
            Expect.equal(visitor.id(), again.body);
            Expect.that(!visitor.id().equals(before), "it has another id");
            Expect.equal("some", visitor.get(container.port(), "/").body);
            Expect.equal("none", visitor.with(before).get(container.port(), "/").body);
        }
    }

    @Case
    void a_forged_id_is_not_adopted() throws Exception {
        Page page = (request, response) -> {
            Expect.that(!request.isRequestedSessionIdValid(), "nobody has issued it");
            Expect.that(request.isRequestedSessionIdFromCookie(), "it came in a cookie");
            Expect.that(!request.isRequestedSessionIdFromURL(), "and not in the URL");
            Expect.equal(null, request.getSession(false));
            request.getSession().setAttribute("a", 1);
            Expect.that(!request.isRequestedSessionIdValid(), "it is not that one");
            say(response, request.getRequestedSessionId());
        };
        try (Container container = start(page)) {
            for (String forged : new String[] {"1", "AAAAAAAA." + "A".repeat(43), "x".repeat(2000)}) {
                Visitor visitor = visitor().with(forged);
                Wire.Reply reply = visitor.get(container.port(), "/");
                Expect.equal(forged, reply.body);
                Expect.that(!forged.equals(visitor.id()), "it got an id of ours");
            }
        }
    }

    @Case
    void a_valid_id_is_told_from_others() throws Exception {
        Page page = (request, response) -> {
            request.getSession().setAttribute("a", 1);
            say(response, request.isRequestedSessionIdValid() + " " + request.getSession().getId().equals(request.getRequestedSessionId()));
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Expect.equal("false false", visitor.get(container.port(), "/").body);
            Expect.equal("true true", visitor.get(container.port(), "/").body);
        }
    }

    @Case
    void attributes_are_as_the_specification_has_them() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", 1);
            session.setAttribute("b", "two");
            Expect.equal(List.of("a", "b"), sorted(session));
            session.setAttribute("a", null);
            session.removeAttribute("c");
            Expect.equal(List.of("b"), sorted(session));
            Expect.equal(null, session.getAttribute("a"));
            Expect.equal(1800, session.getMaxInactiveInterval());
            Expect.same(request.getServletContext(), session.getServletContext());
            Expect.between(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000, session.getCreationTime());
            Expect.between(session.getCreationTime(), session.getCreationTime() + 60_000, session.getLastAccessedTime());
            Expect.that(session.equals(session) && !session.equals("b"), "it equals itself");
            Expect.that(!session.toString().contains(session.getId()), "it does not show its id");
            legacy(session);
            say(response, "fine");
        };
        try (Container container = start(page)) {
            Expect.equal("fine", visitor().get(container.port(), "/").body);
        }
    }

    private static List<String> sorted(HttpSession session) {
        List<String> names = Collections.list(session.getAttributeNames());
        Collections.sort(names);
        return names;
    }

    /** What older versions have. */
    private static void legacy(HttpSession session) throws Exception {
        Method put;
        try {
            put = HttpSession.class.getMethod("putValue", String.class, Object.class);
        } catch (NoSuchMethodException newer) {
            return;
        }
        put.invoke(session, "old", 1);
        Method get = HttpSession.class.getMethod("getValue", String.class);
        Expect.equal(1, get.invoke(session, "old"));
        Expect.equal(1, session.getAttribute("old"));
        Expect.equal(2, ((String[]) HttpSession.class.getMethod("getValueNames").invoke(session)).length);
        HttpSession.class.getMethod("removeValue", String.class).invoke(session, "old");
        Expect.equal(null, get.invoke(session, "old"));
    }

    @Case
    void a_session_may_live_longer_or_shorter_than_others() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            int before = session.getMaxInactiveInterval();
            session.setMaxInactiveInterval(
                    before == 1800 ? 7200 : request.getRequestURI().equals("/zero") ? 0 : -1);
            Expect.equal(List.of(), sorted(session));
            say(response, before + " " + session.getMaxInactiveInterval());
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Expect.equal("1800 7200", visitor.get(container.port(), "/").body);
            Expect.equal("7200 -1", visitor.get(container.port(), "/").body);
            Expect.equal("-1 -1", visitor.get(container.port(), "/").body);
            Expect.equal("-1 0", visitor.get(container.port(), "/zero").body);
            Expect.equal("0 -1", visitor.get(container.port(), "/").body);
        }
    }

    @Case
    void what_is_changed_in_place_is_saved() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            @SuppressWarnings("unchecked")
            List<String> items = (List<String>) session.getAttribute("items");
            if (items == null) {
                items = new ArrayList<>();
                session.setAttribute("items", items);
            }
            items.add("item" + items.size());
            say(response, items);
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Expect.equal("[item0]", visitor.get(container.port(), "/").body);
            Expect.equal("[item0, item1]", visitor.get(container.port(), "/").body);
            Expect.equal("[item0, item1, item2]", visitor.get(container.port(), "/").body);
        }
    }

    private static final List<String> HEARD = Collections.synchronizedList(new ArrayList<>());

    /** A value that wants to know. */
    record Bound(String what) implements HttpSessionBindingListener {

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            HEARD.add("+" + event.getName() + what);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            HEARD.add("-" + event.getName() + what);
        }
    }

    @Case
    void values_hear_that_they_are_bound() throws Exception {
        HEARD.clear();
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            switch (request.getRequestURI()) {
                case "/set" -> {
                    session.setAttribute("a", new Bound("1"));
                    session.setAttribute("a", new Bound("2"));
                    session.setAttribute("b", new Bound("3"));
                    session.removeAttribute("b");
                }
                default -> session.invalidate();
            }
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/set");
            visitor.get(container.port(), "/end");
            Expect.equal(List.of("+a1", "+a2", "-a1", "+b3", "-b3", "-a2"), HEARD);
        }
    }

    /** What an application registers to hear of sessions. */
    static final class Ear implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            HEARD.add("created");
            event.getSession().setAttribute("greeting", "hello");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            HEARD.add("destroyed with " + event.getSession().getAttribute("greeting"));
            event.getSession().invalidate(); // as some do
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            HEARD.add("added " + event.getName() + " " + event.getValue());
        }

        @Override
        public void attributeReplaced(HttpSessionBindingEvent event) {
            HEARD.add("replaced " + event.getName() + " " + event.getValue());
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            HEARD.add("removed " + event.getName() + " " + event.getValue());
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String before) {
            HEARD.add("id changed " + !event.getSession().getId().equals(before));
        }
    }

    @Case
    void listeners_of_the_application_hear_of_the_shared_session() throws Exception {
        HEARD.clear();
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            switch (request.getRequestURI()) {
                case "/set" -> {
                    session.setAttribute("a", new Bound("1"));
                    session.setAttribute("a", new Bound("2"));
                    session.setAttribute("a", null);
                }
                case "/login" -> request.changeSessionId();
                default -> session.invalidate();
            }
        };
        Container.listener(new Ear());
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Expect.equal(200, visitor.get(container.port(), "/set").status);
            Expect.equal(200, visitor.get(container.port(), "/login").status);
            Expect.equal(200, visitor.get(container.port(), "/end").status);
            Expect.equal(
                    List.of(
                            "created",
                            "added greeting hello",
                            "+a1",
                            "added a Bound[what=1]",
                            "+a2",
                            "replaced a Bound[what=1]",
                            "-a1",
                            "-a2",
                            "removed a Bound[what=2]",
                            "id changed true",
                            "destroyed with hello",
                            "removed greeting hello"),
                    HEARD);
        } finally {
            Container.listener(null);
        }
    }

    /** A value that holds on to something that is not stored. */
    /** A logout that is undone by whoever fails as he hears of it would be none. */
    @Case
    void a_listener_that_fails_keeps_no_session_from_ending() throws Exception {
        HEARD.clear();
        Page page = (request, response) -> {
            HttpSession session = request.getSession(request.getRequestURI().equals("/set"));
            if (session == null) {
                response.getWriter().print("nobody");
            } else if (request.getRequestURI().equals("/end")) {
                session.invalidate();
            } else {
                session.setAttribute("user", "Ann");
            }
        };
        Container.listener(new HttpSessionListener() {
            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                HEARD.add("destroyed");
                throw new IllegalStateException("a listener that fails on purpose");
            }
        });
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/set");
            Expect.equal(200, visitor.get(container.port(), "/end").status);
            Expect.equal(List.of("destroyed"), HEARD);
            Expect.equal("nobody", visitor.get(container.port(), "/look").body);
        } finally {
            Container.listener(null);
        }
    }

    record Active(String what) implements HttpSessionActivationListener {

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            HEARD.add("activated " + what);
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            HEARD.add("passivated " + what);
        }
    }

    @Case
    void values_hear_that_they_come_from_the_store_and_go_there() throws Exception {
        HEARD.clear();
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            if (session.isNew()) {
                session.setAttribute("a", new Active("a"));
                session.setAttribute("b", new Active("b"));
                session.removeAttribute("b");
                session.setAttribute("c", new Active("c"));
                session.setAttribute("c", "another");
            } else {
                Expect.same(session.getAttribute("a"), session.getAttribute("a"));
            }
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/");
            Expect.equal(List.of("passivated a"), HEARD);
            visitor.get(container.port(), "/");
            Expect.equal(List.of("passivated a", "activated a", "passivated a"), HEARD);
        }
    }

    @Case
    void the_container_makes_no_session_of_its_own() throws Exception {
        Page page = (request, response) -> {
            request.getSession().setAttribute("a", 1);
            Expect.equal("/b", response.encodeURL("/b"));
            say(response, "fine");
        };
        try (Container container = start(page)) {
            Wire.Reply reply = visitor().get(container.port(), "/");
            Expect.that(!reply.headers.toString().contains("JSESSIONID"), "there is no cookie of the container's: " + reply);
            Expect.equal("fine", reply.body);
        }
    }

    static class Reading extends HttpServlet {

        @SharedSession(create = false)
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Expect.equal(null, request.getSession(false));
            say(response, Expect.thrown(IllegalStateException.class, request::getSession).getMessage());
        }
    }

    @Case
    void where_none_is_to_be_made_none_is_made() throws Exception {
        try (Container container = Container.start(new Reading())) {
            Wire.Reply reply = visitor().get(container.port(), "/");
            Expect.contains("create = false", reply.body);
            Expect.equal(null, reply.header("Set-Cookie"));
        }
    }

    // Attempts.

    static class Trying extends HttpServlet {

        final AtomicInteger attempts = new AtomicInteger();
        final int failing;

        Trying(int failing) {
            this.failing = failing;
        }

        @SharedSession
        @Recover(attempts = 2, delay = "0s")
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int attempt = attempts.incrementAndGet();
            HttpSession session = request.getSession();
            Expect.equal(null, session.getAttribute("attempt"));
            Expect.equal(null, response.getHeader("X-Attempt"));
            Expect.equal("outside", response.getHeader("X-Outside"));
            Expect.equal(200, response.getStatus());
            Expect.that(!response.isCommitted(), "the response is as new");
            session.setAttribute("attempt", attempt);
            response.setHeader("X-Attempt", "" + attempt);
            response.addCookie(new Cookie("attempt", "" + attempt));
            if (attempt <= failing) {
                response.setStatus(201);
                response.setContentType("text/plain;charset=ISO-8859-1");
                response.getWriter().print("half a page of attempt " + attempt);
                throw new IOException("attempt " + attempt);
            }
            response.setContentType("text/html;charset=UTF-8");
            response.getOutputStream().write("gr\u00fcn".getBytes("UTF-8"));
        }
    }

    /** As security does. */
    static class Outside implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletResponse http = (HttpServletResponse) response;
            http.setHeader("X-Outside", "outside");
            http.addCookie(new Cookie("a", "1"));
            http.addCookie(new Cookie("b", "2"));
            chain.doFilter(request, response);
        }

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void destroy() {}
    }

    private static List<String> cookies(Wire.Reply reply) {
        List<String> names = new ArrayList<>();
        for (String cookie : reply.headers.getOrDefault("set-cookie", List.of())) {
            names.add(cookie.substring(0, cookie.indexOf('=')));
        }
        Collections.sort(names);
        return names;
    }

    @Case
    void of_a_failed_attempt_nothing_is_left() throws Exception {
        try (Container container = Container.start(new Trying(1), new Outside())) {
            Wire.Reply reply = visitor().get(container.port(), "/");
            Expect.equal(200, reply.status);
            Expect.equal("gr\u00fcn", reply.body);
            Expect.equal("2", reply.header("X-Attempt"));
            Expect.equal("outside", reply.header("X-Outside"));
            Expect.equal("text/html;charset=UTF-8", reply.header("Content-Type").replace("; ", ";").replace("utf", "UTF"));
            Expect.equal(List.of(COOKIE, "a", "attempt", "b"), cookies(reply));
        }
    }

    @Case
    void where_all_attempts_fail_the_answer_is_clean() throws Exception {
        try (Container container = Container.start(new Trying(2), new Outside())) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            Expect.equal(500, reply.status);
            Expect.equal("{\"error\":\"Internal Server Error\"}", reply.body);
            Expect.equal(null, reply.header("X-Attempt"));
            Expect.equal("outside", reply.header("X-Outside"));
            Expect.equal(List.of("a", "b"), cookies(reply));
        }
    }

    @Case
    void a_failure_without_an_answer_is_the_containers() throws Exception {
        Page page = (request, response) -> {
            request.getSession().setAttribute("a", 1);
            say(response, "half a page");
            throw new IOException("no");
        };
        try (Container container = start(page)) {
            Wire.Reply reply = visitor().get(container.port(), "/");
            Expect.equal(500, reply.status);
            Expect.that(!reply.body.contains("half"), "nothing of the page is there: " + reply);
            Expect.equal(null, visitor().set(reply));
        }
    }

    // The response.

    @Case
    void a_page_is_as_it_would_be_without_a_session() throws Exception {
        String letters = "h\u00fcbsch \u20ac ".repeat(20);
        Page page = (request, response) -> {
            switch (request.getRequestURI()) {
                case "/utf8" -> {
                    response.setContentType("text/html; charset=UTF-8");
                    response.getWriter().print(letters);
                }
                case "/latin1" -> {
                    response.setContentType("text/plain");
                    response.getWriter().print(letters);
                    response.setCharacterEncoding("UTF-8");
                }
                case "/encoding" -> {
                    response.setCharacterEncoding("UTF-8");
                    response.setContentType("text/css");
                    response.getWriter().append(letters).append('x').printf("%d", 12);
                }
                case "/json" -> {
                    response.setContentType("application/json");
                    response.getOutputStream().write("{}".getBytes("UTF-8"));
                    response.getOutputStream().print("\n");
                }
                case "/length" -> {
                    response.setContentLength(5);
                    response.getOutputStream().print("12345");
                }
                case "/nothing" -> response.setStatus(204);
                case "/same" -> {
                    response.setHeader("ETag", "\"1\"");
                    response.setStatus(304);
                }
                case "/missing" -> {
                    response.getWriter().print("half a page");
                    response.sendError(404);
                    Expect.that(response.isCommitted(), "an error ends it");
                    response.getWriter().print("more");
                }
                case "/teapot" -> response.sendError(418, "short and stout");
                case "/redirect" -> {
                    response.getWriter().print("half a page");
                    response.sendRedirect("/utf8?a=b");
                    Expect.equal(302, response.getStatus());
                }
                case "/see" -> {
                    response.getWriter().print("see there");
                    try {
                        HttpServletResponse.class
                                .getMethod("sendRedirect", String.class, int.class, boolean.class)
                                .invoke(response, "/there", 303, false);
                        Expect.equal(303, response.getStatus());
                    } catch (NoSuchMethodException older) {
                        response.setStatus(303);
                    }
                }
                case "/reset" -> {
                    response.setBufferSize(100_000);
                    response.getWriter().print("x".repeat(90_000));
                    response.setHeader("X-Before", "1");
                    response.reset();
                    response.setContentType("text/plain;charset=UTF-8");
                    response.getOutputStream().print("after");
                }
                case "/resetBuffer" -> {
                    response.setHeader("X-Before", "1");
                    response.getWriter().print("before");
                    response.resetBuffer();
                    response.getWriter().print("after");
                    Expect.thrown(IllegalStateException.class, response::getOutputStream);
                    Expect.thrown(IllegalStateException.class, () -> response.setBufferSize(100));
                }
                case "/redirectAndMore" -> { // the return behind it is forgotten
                    response.sendRedirect("/there");
                    more(response);
                }
                case "/closedAndMore" -> {
                    response.getOutputStream().print("all");
                    response.getOutputStream().close();
                    more(response);
                }
                case "/lengthAndMore" -> {
                    response.setContentLength(3);
                    response.getOutputStream().print("all");
                    more(response);
                    Expect.thrown(IllegalStateException.class, () -> response.sendError(500));
                }
                case "/closed" -> {
                    response.getWriter().print("all");
                    response.getWriter().close();
                    response.getWriter().print("more");
                }
                case "/closedStream" -> {
                    response.getOutputStream().print("all");
                    response.getOutputStream().close();
                    Expect.that(response.isCommitted(), "it is whole");
                }
                case "/large" -> {
                    for (int i = 0; i < 30_000; i++) {
                        response.getWriter().print("0123456789");
                    }
                }
                case "/largeStream" -> {
                    response.setContentType("application/octet-stream");
                    byte[] part = new byte[7000];
                    for (int i = 0; i < 30; i++) {
                        response.getOutputStream().write(part);
                    }
                }
                case "/flushed" -> {
                    response.getWriter().print("one ");
                    response.flushBuffer();
                    Expect.that(response.isCommitted(), "it was flushed");
                    Expect.thrown(IllegalStateException.class, response::reset);
                    response.getWriter().print("two");
                }
                case "/flushedWriter" -> {
                    response.getWriter().print("one ");
                    response.getWriter().flush();
                    response.getWriter().print("two");
                    Expect.that(!response.getWriter().checkError(), "all is well");
                }
                case "/forward" -> {
                    response.getWriter().print("before");
                    request.getRequestDispatcher("/utf8").forward(request, response);
                }
                case "/locale" -> {
                    response.setLocale(java.util.Locale.GERMANY);
                    response.setContentType("text/html");
                    response.getWriter().print("gr\u00fcn");
                }
                default -> throw new IllegalStateException(request.getRequestURI());
            }
        };
        HttpServlet bare = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException, ServletException {
                Sessions.show(page, request, response);
            }
        };
        List<String> paths = List.of(
                "/utf8",
                "/latin1",
                "/encoding",
                "/json",
                "/length",
                "/nothing",
                "/same",
                "/missing",
                "/teapot",
                "/redirect",
                "/see",
                "/reset",
                "/resetBuffer",
                "/redirectAndMore",
                "/closedAndMore",
                "/lengthAndMore",
                "/closed",
                "/closedStream",
                "/large",
                "/largeStream",
                "/flushed",
                "/flushedWriter",
                "/forward",
                "/locale");
        try (Container container = start(page);
                Container other = Container.start(bare)) {
            List<String> wrong = new ArrayList<>();
            for (String path : paths) {
                for (String method : new String[] {"GET", "HEAD"}) {
                    String expected = shown(visitor().ask(other.port(), method, path), other.port());
                    String actual = shown(visitor().ask(container.port(), method, path), container.port());
                    if (!expected.equals(actual)) {
                        wrong.add(method + " " + path + " gave\n    " + actual + "\n  and not\n    " + expected);
                    }
                }
            }
            Expect.equal("", String.join("\n", wrong));
        }
    }

    /** What has no effect on a response that is committed. */
    private static void more(HttpServletResponse response) throws IOException {
        Expect.that(response.isCommitted(), "it was ended");
        response.setContentType("text/x-more");
        response.setCharacterEncoding("UTF-16");
        response.setLocale(java.util.Locale.ITALY);
        response.setContentLength(19);
        response.setContentLengthLong(19);
        response.setHeader("Content-Length", "19");
        response.addHeader("X-More", "1");
        response.setIntHeader("X-More", 1);
        response.addIntHeader("X-More", 1);
        response.setDateHeader("X-More", 0);
        response.addDateHeader("X-More", 0);
        response.addCookie(new Cookie("more", "1"));
        response.setStatus(202);
        Expect.thrown(IllegalStateException.class, response::reset);
    }

    private static String shown(Wire.Reply reply, int port) {
        reply.headers.remove("date");
        if (reply.status >= 400) { // Jetty's page names the servlet
            reply.headers.remove("content-length");
        }
        String body = reply.body.length() > 500 ? reply.body.length() + " characters" : reply.body;
        return (reply.status + " " + reply.headers + " " + body + " " + reply.whole)
                .replace(":" + port, "")
                .replaceAll("web\\.Sessions\\$\\w+-[0-9a-f]+", "the servlet");
    }

    /** Jetty is not asked what it would do by itself: behind an error it takes headers, against the specification. */
    @Case
    void an_error_takes_no_more() throws Exception {
        Page page = (request, response) -> {
            response.sendError(404);
            more(response);
        };
        try (Container container = start(page)) {
            Wire.Reply reply = visitor().get(container.port(), "/");
            Expect.equal(404, reply.status);
            Expect.equal(null, reply.header("X-More"));
            Expect.equal(null, reply.header("Set-Cookie"));
            Expect.that(reply.whole && reply.body.contains("</html>"), "the page is whole: " + reply);
        }
    }

    @Case
    void a_response_ends_once() throws Exception {
        Page page = (request, response) -> {
            response.sendRedirect("/there");
            Expect.that(response.isCommitted(), "it was ended");
            Expect.thrown(IllegalStateException.class, () -> response.sendError(500));
            Expect.thrown(IllegalStateException.class, () -> response.sendRedirect("/elsewhere"));
            Expect.thrown(IllegalStateException.class, response::reset);
            Expect.thrown(IllegalStateException.class, response::resetBuffer);
            request.getSession().setAttribute("a", 1);
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            Expect.equal(302, reply.status);
            Expect.that(reply.header("Location").endsWith("/there"), "it was the first: " + reply);
            Expect.that(visitor.id() != null, "the session goes with it");
        }
    }

    static class Including extends HttpServlet {

        @SharedSession
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            if (request.getAttribute("inside") == null) {
                request.setAttribute("inside", true);
                say(response, "before ");
                request.getSession().setAttribute("a", "outer");
                request.getRequestDispatcher("/b").include(request, response);
                say(response, " " + request.getSession().getAttribute("a") + " after");
            } else {
                say(response, request.getSession().getAttribute("a"));
                request.getSession().setAttribute("a", "inner");
            }
        }
    }

    @Case
    void what_is_included_has_the_same_session() throws Exception {
        try (Container container = Container.start(new Including())) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            Expect.equal("before outer inner after", reply.body);
            Expect.that(visitor.set(reply) != null, "there is one cookie: " + reply);
        }
    }

    /** Of a fragment the page takes the body, and nothing else. */
    @Case
    void what_is_included_changes_no_status_and_no_header() throws Exception {
        Page page = (request, response) -> {
            String path = request.getRequestURI();
            if (request.getAttribute("inside") == null) {
                request.setAttribute("inside", true);
                response.setContentType("text/plain");
                response.setHeader("X-Page", "1");
                say(response, "[page ");
                request.getRequestDispatcher("/fragment").include(request, response);
                say(response, "]");
                response.setHeader("X-End", "1");
                return;
            }
            switch (path) {
                case "/error" -> response.sendError(404);
                case "/redirect" -> response.sendRedirect("/there");
                case "/reset" -> response.reset();
                default -> {
                    response.setStatus(202);
                    response.setHeader("X-Page", "2");
                    response.setContentLength(3);
                    response.setContentType("text/html");
                    response.addCookie(new Cookie("more", "1"));
                }
            }
            say(response, "fragment");
        };
        HttpServlet bare = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException, ServletException {
                Sessions.show(page, request, response);
            }
        };
        try (Container fragmentIsPartOfTheCall = Container.start(bare, new Around());
                Container fragmentIsCalled = start(page);
                Container both = Container.start(new Shared(page), new Around())) {
            for (Container container : List.of(fragmentIsPartOfTheCall, fragmentIsCalled, both)) {
                for (String path : List.of("/error", "/redirect", "/reset", "/set")) {
                    Wire.Reply reply = Wire.get(container.port(), path);
                    Expect.equal(200, reply.status);
                    Expect.equal("[page fragment]", reply.body);
                    Expect.equal("1", reply.header("X-Page"));
                    Expect.equal("1", reply.header("X-End"));
                    Expect.that(reply.header("Content-Type").startsWith("text/plain"), "it is a text: " + reply);
                    Expect.that(reply.whole, "it is whole: " + reply);
                }
            }
        }
    }

    @Case
    void what_is_flushed_was_saved() throws Exception {
        streamed(response -> {
            response.getWriter().print("first;");
            response.flushBuffer();
        });
        streamed(response -> {
            response.getWriter().print("first;");
            response.getWriter().flush();
        });
        streamed(response -> {
            response.getOutputStream().print("first;");
            response.getOutputStream().flush();
        });
    }

    @Case
    void what_is_closed_by_hand_was_saved() throws Exception {
        java.util.concurrent.CountDownLatch looked = new java.util.concurrent.CountDownLatch(1);
        Page page = (request, response) -> {
            if (request.getRequestURI().equals("/look")) {
                say(response, request.getSession().getAttribute("late"));
                looked.countDown();
                return;
            }
            request.getSession().setAttribute("early", 1);
            response.getOutputStream().print("first;");
            response.getOutputStream().flush();
            request.getSession().setAttribute("late", 2);
            response.getOutputStream().close();
            looked.await(10, java.util.concurrent.TimeUnit.SECONDS); // the client has the whole of it
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Expect.equal("first;", visitor.get(container.port(), "/").body);
            Expect.equal("2", visitor.get(container.port(), "/look").body);
        }
    }

    @Case
    void what_is_too_large_to_be_held_streams_once_it_was_saved() throws Exception {
        streamed(response -> response.getWriter().print("first;" + "x".repeat(100_000)));
        streamed(response -> {
            for (int i = 0; i < 1_000; i++) {
                response.getOutputStream().write(("first;" + "x".repeat(100)).getBytes());
            }
        });
    }

    interface Start {

        void write(HttpServletResponse response) throws IOException;
    }

    private static void streamed(Start start) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        Page page = (request, response) -> {
            if (request.getRequestURI().equals("/look")) {
                HttpSession session = request.getSession(false);
                say(response, session == null ? "none" : session.getAttribute("early") + " " + session.getAttribute("late"));
                return;
            }
            request.getSession().setAttribute("early", 1);
            start.write(response);
            seen.get(10, java.util.concurrent.TimeUnit.SECONDS);
            request.getSession().setAttribute("late", 2);
        };
        try (Container container = start(page)) {
            java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
            var reply = client.send(
                    java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + container.port() + "/"))
                            .build(),
                    java.net.http.HttpResponse.BodyHandlers.ofInputStream());
            String cookie = reply.headers().firstValue("Set-Cookie").orElseThrow();
            Visitor visitor = visitor().with(cookie.substring(COOKIE.length() + 1, cookie.indexOf(';')));
            Expect.equal("first;", new String(reply.body().readNBytes(6)));
            String early = visitor.get(container.port(), "/look").body;
            seen.complete(early);
            Expect.equal("1 null", early);
            reply.body().readAllBytes();
            Expect.equal("1 2", visitor.get(container.port(), "/look").body);
        }
    }

    /** A client that has as many bytes as it was told to expect waits for no more, however long the method goes on. */
    @Case
    void the_end_of_a_body_of_known_length_waits_for_the_session() throws Exception {
        int length = 200_000;
        wholeOnceItWasSaved(length, response -> {
            response.setContentLength(length);
            response.getOutputStream().write(new byte[length]);
        });
        wholeOnceItWasSaved(length, response -> {
            response.setContentType("text/plain;charset=UTF-8");
            response.setHeader("content-length", String.valueOf(length));
            for (int i = 0; i < length / 100; i++) {
                response.getWriter().print("x".repeat(98) + "\u00fc");
            }
        });
    }

    private static void wholeOnceItWasSaved(int length, Start start) throws Exception {
        java.util.concurrent.CountDownLatch whole = new java.util.concurrent.CountDownLatch(1);
        AtomicReference<Boolean> early = new AtomicReference<>();
        Page page = (request, response) -> {
            if (request.getRequestURI().equals("/look")) {
                say(response, request.getSession().getAttribute("late"));
                return;
            }
            request.getSession().setAttribute("early", 1);
            start.write(response);
            early.set(whole.await(100, java.util.concurrent.TimeUnit.MILLISECONDS));
            request.getSession().setAttribute("late", 2);
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            whole.countDown();
            Expect.equal("2", visitor.get(container.port(), "/look").body);
            Expect.equal(String.valueOf(length), reply.header("Content-Length"));
            Expect.that(reply.whole, "there is all of it");
            Expect.equal(false, early.get());
        }
    }

    /** As containers do. */
    @Case
    void what_is_behind_a_body_of_known_length_is_left_out() throws Exception {
        Page page = (request, response) -> {
            request.getSession().setAttribute("a", 1);
            response.setContentLength(5);
            if (request.getRequestURI().equals("/text")) {
                response.getWriter().print("12345");
                response.getWriter().print("67890");
            } else {
                response.getOutputStream().write("12345".getBytes("US-ASCII"));
                response.getOutputStream().write("67890".getBytes("US-ASCII"));
            }
        };
        try (Container container = start(page)) {
            for (String path : new String[] {"/text", "/bytes"}) {
                Wire.Reply reply = visitor().get(container.port(), path);
                Expect.equal(200, reply.status);
                Expect.equal("12345", reply.body);
                Expect.equal(List.of(COOKIE), cookies(reply));
            }
        }
    }

    @Case
    void once_it_streams_no_session_can_begin() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Page page = (request, response) -> {
            response.flushBuffer();
            Expect.equal(null, request.getSession(false));
            thrown.set(Expect.outcome(request::getSession));
        };
        try (Container container = start(page)) {
            visitor().get(container.port(), "/");
            Expect.that(thrown.get() instanceof IllegalStateException, "it was refused: " + thrown);
        }
    }

    // What is left of it when the call is over.

    /** What a page has kept of a visit. */
    private static Container keeping(AtomicReference<HttpSession> kept) throws Exception {
        return start((request, response) -> {
            HttpSession session = request.getSession();
            switch (request.getRequestURI()) {
                case "/keep" -> {
                    session.setAttribute("a", 1);
                    kept.set(session);
                }
                case "/end" -> session.invalidate();
                default -> say(response, session.getAttribute("a") + " " + session.getAttribute("b"));
            }
        });
    }

    @Case
    void a_session_that_was_kept_leads_to_what_is_stored() throws Exception {
        AtomicReference<HttpSession> keeper = new AtomicReference<>();
        try (Container container = keeping(keeper)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/keep");
            HttpSession kept = keeper.get();
            Expect.equal(visitor.id(), kept.getId());
            Expect.equal(1, kept.getAttribute("a"));
            Expect.that(!kept.isNew(), "the client knows it");
            Expect.that(kept.getServletContext() != null, "its context is known");
            Expect.between(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000, kept.getCreationTime());
            Expect.between(kept.getCreationTime(), kept.getCreationTime() + 60_000, kept.getLastAccessedTime());
            kept.setAttribute("b", 2);
            kept.setMaxInactiveInterval(60);
            Expect.equal(60, kept.getMaxInactiveInterval());
            Expect.equal(List.of("a", "b"), sorted(kept));
            Expect.equal("1 2", visitor.get(container.port(), "/").body);
            kept.removeAttribute("a");
            Expect.equal("null 2", visitor.get(container.port(), "/").body);
        }
    }

    @Case
    void a_session_that_was_kept_is_over_when_it_was_ended() throws Exception {
        AtomicReference<HttpSession> keeper = new AtomicReference<>();
        try (Container container = keeping(keeper)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/keep");
            String id = visitor.id();
            HttpSession kept = keeper.get();
            visitor.get(container.port(), "/end");
            Expect.thrown(IllegalStateException.class, () -> kept.getAttribute("a"));
            Expect.thrown(IllegalStateException.class, () -> kept.setAttribute("a", 2));
            Expect.thrown(IllegalStateException.class, kept::getCreationTime);
            Expect.thrown(IllegalStateException.class, kept::invalidate);
            Expect.equal(id, kept.getId());
            Expect.that(kept.getMaxInactiveInterval() > 0, "it does not throw");

            visitor.get(container.port(), "/keep");
            HttpSession other = keeper.get();
            other.invalidate();
            Expect.thrown(IllegalStateException.class, () -> other.getAttribute("a"));
            Expect.equal(visitor.id(), other.getId());
            Expect.equal("null null", visitor.get(container.port(), "/").body);
        }
    }

    /** Of servlets from 6.1 on. */
    @Case
    void an_accessor_leads_to_the_session_at_any_time() throws Exception {
        Method accessorOf;
        try {
            accessorOf = HttpSession.class.getMethod("getAccessor");
        } catch (NoSuchMethodException older) {
            return;
        }
        Method access = accessorOf.getReturnType().getMethod("access", java.util.function.Consumer.class);
        AtomicReference<Object> accessor = new AtomicReference<>();
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            switch (request.getRequestURI()) {
                case "/keep" -> {
                    session.setAttribute("a", 1);
                    accessor.set(accessorOf.invoke(session));
                    access.invoke(accessor.get(), (java.util.function.Consumer<HttpSession>) own -> own.setAttribute("b", session.getAttribute("a")));
                }
                case "/end" -> {
                    session.invalidate();
                    Throwable ended = Expect.outcome(() -> accessorOf.invoke(session));
                    Expect.that(ended.getCause() instanceof IllegalStateException, "there is no access: " + ended);
                }
                default -> say(response, session.getAttribute("a") + " " + session.getAttribute("b"));
            }
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/keep");
            Expect.equal("1 1", visitor.get(container.port(), "/").body);
            access.invoke(accessor.get(), (java.util.function.Consumer<HttpSession>) own -> {
                Expect.equal(visitor.id(), own.getId());
                own.setAttribute("a", 3);
                own.setAttribute("b", 4);
            });
            Expect.equal("3 4", visitor.get(container.port(), "/").body);
            Throwable failed = Expect.outcome(() -> access.invoke(accessor.get(), (java.util.function.Consumer<HttpSession>) own -> {
                own.setAttribute("a", 5);
                throw new UnsupportedOperationException("on purpose");
            }));
            Expect.that(failed.getCause() instanceof UnsupportedOperationException, "it fails: " + failed);
            Expect.equal("3 4", visitor.get(container.port(), "/").body);
            Expect.equal(200, visitor.get(container.port(), "/end").status);
            Throwable over = Expect.outcome(() -> access.invoke(accessor.get(), (java.util.function.Consumer<HttpSession>) own -> {}));
            Expect.that(over.getCause() instanceof IllegalStateException, "it is over: " + over);
        }
    }

    /** Its filter is mapped for requests alone, so what they are dispatched to has the request that is left of it. */
    @Case
    void what_is_dispatched_to_without_a_session_of_its_own_finds_the_one_that_was() throws Exception {
        HttpServlet plain = new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                String path = request.getRequestURI();
                if (path.equals("/look")) {
                    HttpSession session = request.getSession(false);
                    say(response, session == null ? "none" : session.getAttribute("a") + " " + session.getAttribute("b"));
                } else if (request.getDispatcherType() == jakarta.servlet.DispatcherType.REQUEST) {
                    if (path.equals("/set")) {
                        request.getSession().setAttribute("a", 1);
                    }
                    request.startAsync(request, response).dispatch();
                } else {
                    HttpSession session = request.getSession(false);
                    if (session == null) {
                        say(response, "none " + Expect.thrown(IllegalStateException.class, request::getSession).getMessage());
                    } else {
                        session.setAttribute("b", 2);
                        say(response, session.getAttribute("a") + " " + session.getId() + " " + request.isRequestedSessionIdValid());
                    }
                }
            }
        };
        Filter quiet = new Filter() {
            @SharedSession
            @Override
            public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                chain.doFilter(request, response);
            }

            @Override
            public void init(FilterConfig config) {}

            @Override
            public void destroy() {}
        };
        try (Container container = Container.start(plain, quiet)) {
            Visitor visitor = visitor();
            Expect.contains("expected: @SharedSession also on what has the request now", visitor.get(container.port(), "/again").body);
            Wire.Reply set = visitor.get(container.port(), "/set");
            Expect.equal("1 " + visitor.id() + " false", set.body);
            Expect.equal("1 2", visitor.get(container.port(), "/look").body);
            Expect.equal("1 " + visitor.id() + " true", visitor.get(container.port(), "/again").body);
        }
    }

    // Calls within calls.

    static class Around implements Filter {

        @SharedSession
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpSession session = ((HttpServletRequest) request).getSession();
            session.setAttribute("filter", "1");
            chain.doFilter(request, response);
            session.setAttribute("seen", session.getAttribute("servlet"));
        }

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void destroy() {}
    }

    /** Afterwards an asynchronous request may be asked for its session by any thread, as the call ends. */
    @Case
    void the_container_is_asked_for_its_cookies_before_the_method_begins() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        Filter counting = new Filter() {
            @Override
            public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                chain.doFilter(
                        new HttpServletRequestWrapper((HttpServletRequest) request) {
                            @Override
                            public Cookie[] getCookies() {
                                questions.incrementAndGet();
                                return super.getCookies();
                            }
                        },
                        response);
            }

            @Override
            public void init(FilterConfig config) {}

            @Override
            public void destroy() {}
        };
        Page page = (request, response) -> before.set(questions.get());
        try (Container container = start(page, counting)) {
            Expect.equal(200, visitor().get(container.port(), "/").status);
            Expect.equal(1, before.get());
        }
    }

    @Case
    void a_filter_and_a_servlet_have_one_session() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession(false);
            Object seen = session.getAttribute("seen");
            session.setAttribute("servlet", session.getAttribute("filter") + "2");
            say(response, session.getId() + " " + seen);
        };
        try (Container container = start(page, new Around())) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            Expect.equal(visitor.id() + " null", reply.body);
            Expect.equal(List.of(COOKIE), cookies(reply));
            Expect.equal(visitor.id() + " 12", visitor.get(container.port(), "/").body);
        }
    }

    /** The inner method's session is over, and what it has done is not stored yet. */
    @Case
    void a_session_of_a_method_inside_may_be_used_by_the_one_around_it() throws Exception {
        Filter around = new Filter() {
            @SharedSession
            @Override
            public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                chain.doFilter(request, response);
                if (request.getAttribute("kept") instanceof HttpSession kept) {
                    Expect.equal(1, kept.getAttribute("a"));
                    kept.setAttribute("b", 2);
                    Expect.equal(2, ((HttpServletRequest) request).getSession().getAttribute("b"));
                }
            }

            @Override
            public void init(FilterConfig config) {}

            @Override
            public void destroy() {}
        };
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            if (request.getRequestURI().equals("/look")) {
                say(response, session.getAttribute("a") + " " + session.getAttribute("b"));
            } else {
                session.setAttribute("a", 1);
                request.setAttribute("kept", session);
            }
        };
        try (Container container = start(page, around)) {
            Visitor visitor = visitor();
            Expect.equal(200, visitor.get(container.port(), "/").status);
            Expect.equal("1 2", visitor.get(container.port(), "/look").body);
        }
    }

    @Case
    void a_filter_alone_does_for_all_behind_it() throws Exception {
        HttpServlet plain = new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                say(response, request.getSession().getId());
            }
        };
        try (Container container = Container.start(plain, new Around())) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            Expect.equal(visitor.id(), reply.body);
            Expect.equal(visitor.id(), visitor.get(container.port(), "/").body);
        }
    }

    static class Steps extends HttpServlet {

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().equals("/end")) {
                end(request, response);
                say(response, count(request, response));
                return;
            }
            int first = count(request, response);
            String id = renew(request, response);
            say(response, first + " " + count(request, response) + " " + only(request) + " " + id);
        }

        @SharedSession
        int count(HttpServletRequest request, HttpServletResponse response) {
            HttpSession session = request.getSession();
            Integer count = (Integer) session.getAttribute("count");
            session.setAttribute("count", count == null ? 1 : count + 1);
            return count == null ? 1 : count + 1;
        }

        @SharedSession
        String renew(HttpServletRequest request, HttpServletResponse response) {
            return request.changeSessionId();
        }

        @SharedSession
        int only(HttpServletRequest request) {
            return (Integer) request.getSession(false).getAttribute("count");
        }

        @SharedSession
        void end(HttpServletRequest request, HttpServletResponse response) {
            request.getSession().invalidate();
        }
    }

    @Case
    void calls_one_after_the_other_in_one_request_have_one_session() throws Exception {
        try (Container container = Container.start(new Steps())) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            Expect.equal("1 2 2 " + visitor.id(), reply.body);
            Expect.equal(List.of(COOKIE), cookies(reply));
            Wire.Reply next = visitor.get(container.port(), "/");
            Expect.equal("3 4 4 " + visitor.id(), next.body);
            String before = visitor.id();
            Expect.equal("1", visitor.get(container.port(), "/end").body);
            Expect.that(visitor.id() != null && !visitor.id().equals(before), "there is another one");
        }
    }

    static class Needy extends HttpServlet {

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().equals("/end")) {
                say(response, end(request));
            } else if (request.getRequestURI().equals("/both")) {
                both(request, response);
            } else if (request.getRequestURI().equals("/make")) {
                make(request);
            } else {
                HttpServletRequest other = (HttpServletRequest) java.lang.reflect.Proxy.newProxyInstance(
                        Needy.class.getClassLoader(),
                        new Class<?>[] {HttpServletRequest.class},
                        (proxy, method, arguments) -> method.invoke(request, arguments));
                say(
                        response,
                        Expect.thrown(IllegalStateException.class, () -> make(other)).getMessage());
            }
        }

        @SharedSession
        void both(HttpServletRequest request, HttpServletResponse response) {
            request.getSession();
        }

        @SharedSession
        boolean end(HttpServletRequest request) {
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
            return session != null;
        }

        @SharedSession
        void make(HttpServletRequest request) {
            request.getSession().setAttribute("a", 1);
        }
    }

    /** As a method of a controller may be: the container knows the response, too. */
    @Case
    void a_request_alone_will_do_to_make_one() throws Exception {
        try (Container container = Container.start(new Needy())) {
            Visitor visitor = visitor();
            Wire.Reply made = visitor.get(container.port(), "/make");
            Expect.equal(200, made.status);
            Expect.equal(List.of(COOKIE), cookies(made));
            Expect.equal("true", visitor.get(container.port(), "/end").body);
        }
    }

    /** Of a container that nothing is known of. */
    @Case
    void to_make_one_takes_a_response() throws Exception {
        try (Container container = Container.start(new Needy())) {
            Expect.contains("handed a request without the response", visitor().get(container.port(), "/").body);
            Visitor visitor = visitor();
            visitor.get(container.port(), "/both");
            Expect.equal("true", visitor.get(container.port(), "/end").body);
            Expect.equal("false", visitor.get(container.port(), "/end").body);
        }
    }

    // Exchanges that go on.

    /** Tells when the method inside of it has returned. */
    static class Telling implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            CompletableFuture<Void> returned = new CompletableFuture<>();
            request.setAttribute("returned", returned);
            chain.doFilter(request, response);
            returned.complete(null);
        }

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void destroy() {}
    }

    @Case
    void what_goes_on_after_the_method_is_saved_before_its_end() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            if (request.getRequestURI().equals("/look")) {
                say(response, session.getAttribute("early") + " " + session.getAttribute("late"));
                return;
            }
            session.setAttribute("early", 1);
            AsyncContext async = request.startAsync();
            async.setTimeout(20_000);
            boolean later = request.getRequestURI().equals("/later");
            CompletableFuture<?> returned = (CompletableFuture<?>) request.getAttribute("returned");
            new Thread(() -> {
                try {
                    if (later) {
                        returned.join();
                    }
                    HttpServletRequest own = (HttpServletRequest) async.getRequest();
                    own.getSession().setAttribute("late", 2);
                    async.getResponse().getWriter().print("done");
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                } finally {
                    async.complete();
                }
            }).start();
        };
        try (Container container = start(page, new Telling())) {
            for (int i = 0; i < 10; i++) {
                Visitor visitor = visitor();
                Wire.Reply reply = visitor.get(container.port(), i % 2 == 0 ? "/" : "/later");
                Expect.equal("done", reply.body);
                Expect.equal("1 2", visitor.get(container.port(), "/look").body);
            }
        }
    }

    /** As it was changed in place after the method into something that cannot be stored. */
    @Case
    void what_goes_on_and_cannot_be_saved_is_answered_for() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Page page = (request, response) -> {
            List<Object> items = new ArrayList<>();
            request.getSession().setAttribute("items", items);
            response.setHeader("X-From", "the method");
            String path = request.getRequestURI();
            AsyncContext async = path.equals("/own") ? request.startAsync(request, response) : request.startAsync();
            async.setTimeout(20_000);
            CompletableFuture<?> returned = (CompletableFuture<?>) request.getAttribute("returned");
            new Thread(() -> {
                returned.join();
                items.add(new Object());
                thrown.set(Expect.outcome(path.equals("/dispatch") ? async::dispatch : async::complete));
            }).start();
        };
        try (Container container = start(page, new Telling())) {
            for (String path : new String[] {"/", "/own", "/dispatch"}) {
                Wire.Reply reply = visitor().get(container.port(), path);
                Expect.equal(500, reply.status);
                Expect.equal("{\"error\":\"Internal Server Error\"}", reply.body);
                Expect.contains("application/json", reply.header("Content-Type"));
                Expect.equal("the method", reply.header("X-From"));
                Expect.that(reply.whole, "there is all of it");
            }
            Expect.that(thrown.get() instanceof IllegalArgumentException, "who ends it hears of it: " + thrown);
        }
    }

    /** The container's request has forgotten by then which application it was for, in some. */
    @Case
    void a_session_begins_after_the_method_on_another_thread() throws Exception {
        Page page = (request, response) -> {
            if (request.getRequestURI().equals("/look")) {
                say(response, request.getSession().getAttribute("late"));
                return;
            }
            AsyncContext async = request.startAsync();
            async.setTimeout(20_000);
            CompletableFuture<?> returned = (CompletableFuture<?>) request.getAttribute("returned");
            new Thread(() -> {
                try {
                    returned.join();
                    HttpSession session = request.getSession();
                    session.setAttribute("late", 2);
                    say(response, session.getServletContext() != null);
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                } finally {
                    async.complete();
                }
            }).start();
        };
        try (Container container = start(page, new Telling())) {
            for (int i = 0; i < 5; i++) {
                Visitor visitor = visitor();
                Expect.equal("true", visitor.get(container.port(), "/").body);
                Expect.equal("2", visitor.get(container.port(), "/look").body);
            }
        }
    }

    /** As a listener does that is told of an error: it has the container's own context. */
    @Case
    void what_goes_on_is_whole_whoever_completes_it() throws Exception {
        int length = 200_000;
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            if (request.getRequestURI().equals("/look")) {
                say(response, session.getAttribute("late"));
                return;
            }
            response.setContentLength(length);
            AsyncContext async = request.startAsync();
            async.setTimeout(20_000);
            AsyncContext own = ((jakarta.servlet.http.HttpServletRequestWrapper) request).getRequest().getAsyncContext();
            CompletableFuture<?> returned = (CompletableFuture<?>) request.getAttribute("returned");
            new Thread(() -> {
                try {
                    returned.join();
                    session.setAttribute("late", 2);
                    async.getResponse().getOutputStream().write(new byte[length]);
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                } finally {
                    own.complete();
                }
            }).start();
        };
        try (Container container = start(page, new Telling())) {
            Visitor visitor = visitor();
            visitor.get(container.port(), "/look");
            Expect.that(visitor.get(container.port(), "/").whole, "there is all of it");
            Expect.equal("2", visitor.get(container.port(), "/look").body);
        }
    }

    @Case
    void a_dispatch_finds_the_session_that_was_made_before_it() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            if (request.getAttribute("again") == null) {
                request.setAttribute("again", session.getId());
                session.setAttribute("a", 1);
                request.startAsync().dispatch();
            } else {
                Expect.equal(request.getAttribute("again"), session.getId());
                say(response, session.getAttribute("a"));
            }
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Wire.Reply reply = visitor.get(container.port(), "/");
            Expect.equal("1", reply.body);
            Expect.equal(List.of(COOKIE), cookies(reply));
            Expect.equal(null, visitor.set(visitor.get(container.port(), "/")));
        }
    }

    @Case
    void who_writes_without_blocking_writes_what_was_saved() throws Exception {
        Page page = (request, response) -> {
            HttpSession session = request.getSession();
            Object before = session.getAttribute("a");
            session.setAttribute("a", 1);
            AsyncContext async = request.startAsync();
            jakarta.servlet.ServletOutputStream out = response.getOutputStream();
            out.setWriteListener(new jakarta.servlet.WriteListener() {
                boolean written;

                @Override
                public void onWritePossible() throws IOException {
                    while (out.isReady()) {
                        if (written) {
                            async.complete();
                            return;
                        }
                        written = true;
                        out.write(("a is " + before).getBytes("UTF-8"));
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    async.complete();
                }
            });
        };
        try (Container container = start(page)) {
            Visitor visitor = visitor();
            Expect.equal("a is null", visitor.get(container.port(), "/").body);
            Expect.equal("a is 1", visitor.get(container.port(), "/").body);
        }
    }

    static class Staged extends HttpServlet {

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            AsyncContext async = request.startAsync();
            work(request, response).whenComplete((nothing, failure) -> async.complete());
        }

        @SharedSession
        CompletableFuture<Void> work(HttpServletRequest request, HttpServletResponse response) {
            HttpSession session = request.getSession();
            return CompletableFuture.runAsync(() -> {
                try {
                    say(response, "a is " + session.getAttribute("a"));
                    session.setAttribute("a", 1);
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            });
        }
    }

    @Case
    void a_stage_holds_the_response_until_it_completes() throws Exception {
        try (Container container = Container.start(new Staged())) {
            Visitor visitor = visitor();
            Expect.equal("a is null", visitor.get(container.port(), "/").body);
            Expect.equal("a is 1", visitor.get(container.port(), "/").body);
        }
    }
}
