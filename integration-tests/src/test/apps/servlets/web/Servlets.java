package web;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Workers;
import dev.holdfast.it.programs.http.Wire;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Failures answered by servlets and filters, in whichever container and with whichever of the two APIs. */
public final class Servlets {

    /** What no client must ever see. */
    private static final String SECRET = "the password is swordfish";

    private static Wire.Reply get(Container container) throws IOException {
        return Wire.get(container.port(), "/");
    }

    private static void answered(int status, String reason, String retryAfter, Wire.Reply reply) {
        Expect.equal(status, reply.status);
        Expect.equal("{\"error\":\"" + reason + "\"}", reply.body);
        Expect.equal("application/json", reply.header("Content-Type"));
        Expect.equal(String.valueOf(reply.body.length()), reply.header("Content-Length"));
        Expect.equal(null, reply.header("Transfer-Encoding"));
        Expect.equal(retryAfter, reply.header("Retry-After"));
        Expect.that(reply.whole, "the response is whole");
        Expect.that(!reply.toString().contains("password"), "the failure stays in the house: " + reply);
    }

    /** Fails as the path of the request says. */
    static void fail(HttpServletRequest request) throws IOException, ServletException {
        switch (request.getRequestURI()) {
            case "/io":
                throw new IOException(SECRET);
            case "/servlet":
                throw new ServletException(SECRET, new IOException(SECRET));
            case "/error":
                throw new AssertionError(SECRET);
            default:
                throw new IllegalStateException(SECRET);
        }
    }

    static class Getting extends HttpServlet {

        @Recover
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            fail(request);
        }
    }

    @Case
    void doGet_is_answered_for() throws Exception {
        try (Container container = Container.start(new Getting())) {
            for (String path : new String[] {"/", "/io", "/servlet", "/error"}) {
                answered(500, "Internal Server Error", null, Wire.get(container.port(), path));
            }
        }
    }

    @Case
    void a_head_request_gets_the_headers_alone() throws Exception {
        try (Container container = Container.start(new Getting());
                Wire wire = new Wire(container.port())) {
            Wire.Reply reply = wire.ask("HEAD", "/", "");
            Expect.equal(500, reply.status);
            Expect.equal("application/json", reply.header("Content-Type"));
            Expect.equal("33", reply.header("Content-Length"));
            // Had there been a body, it would be taken for the next response.
            if ("close".equals(reply.header("Connection"))) {
                Expect.equal("", wire.rest());
            } else {
                answered(500, "Internal Server Error", null, wire.ask("GET", "/", ""));
            }
        }
    }

    static class Serving extends HttpServlet {

        @Recover
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            fail(request);
        }
    }

    static class ServingAnything extends HttpServlet {

        @Recover
        @Override
        public void service(ServletRequest request, ServletResponse response) throws IOException, ServletException {
            fail((HttpServletRequest) request);
        }
    }

    @Case
    void service_is_answered_for() throws Exception {
        for (Servlet servlet : new Servlet[] {new Serving(), new ServingAnything()}) {
            try (Container container = Container.start(servlet)) {
                answered(500, "Internal Server Error", null, Wire.ask(container.port(), "POST", "/"));
                answered(500, "Internal Server Error", null, Wire.get(container.port(), "/servlet"));
            }
        }
    }

    static class Guarding implements Filter {

        @Recover
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(request, response);
        }

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void destroy() {}
    }

    static class Failing extends HttpServlet {

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            response.setContentType("text/html; charset=UTF-8");
            response.getWriter().print("half a page");
            fail(request);
        }
    }

    @Case
    void a_filter_answers_for_all_behind_it() throws Exception {
        try (Container container = Container.start(new Failing(), new Guarding())) {
            for (String path : new String[] {"/", "/io", "/servlet", "/error"}) {
                answered(500, "Internal Server Error", null, Wire.get(container.port(), path));
            }
        }
    }

    static class Prices {

        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "10s"))
        String price() throws IOException {
            throw new IOException(SECRET);
        }
    }

    static class Asking extends HttpServlet {

        private final Prices prices = new Prices();

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            try {
                prices.price();
            } catch (RuntimeException wrappedByFrameworks) {
                throw new ServletException(wrappedByFrameworks);
            }
        }
    }

    @Case
    void a_rejection_further_down_is_told_as_one() throws Exception {
        try (Container container = Container.start(new Asking(), new Guarding())) {
            answered(500, "Internal Server Error", null, get(container));
            answered(500, "Internal Server Error", null, get(container));
            Wire.Reply reply = get(container);
            Expect.between(1, 10, Long.parseLong(reply.header("Retry-After")));
            answered(503, "Service Unavailable", reply.header("Retry-After"), reply);
        }
    }

    static class Narrow extends HttpServlet {

        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);

        @Recover(maxConcurrent = 1)
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            inside.countDown();
            try {
                leave.await();
            } catch (InterruptedException ended) {
                throw new IOException(ended);
            }
            response.getWriter().print("fine");
        }
    }

    @Case
    void one_too_many_at_once_may_come_back_in_a_second() throws Throwable {
        Narrow narrow = new Narrow();
        try (Container container = Container.start(narrow)) {
            Workers first = Workers.start(1, () -> Expect.equal("fine", get(container).body));
            narrow.inside.await();
            answered(503, "Service Unavailable", "1", get(container));
            narrow.leave.countDown();
            first.join();
        }
    }

    static class Slow extends HttpServlet {

        @Recover(timeout = "20ms")
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                TimeUnit.SECONDS.sleep(20);
            } catch (InterruptedException late) {
                throw new IOException(SECRET, late);
            }
        }
    }

    @Case
    void a_timeout_is_a_gateway_timeout() throws Exception {
        try (Container container = Container.start(new Slow())) {
            answered(504, "Gateway Timeout", null, get(container));
        }
    }

    /** As security, tracing and sessions do. */
    static class Outside implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletResponse http = (HttpServletResponse) response;
            http.setHeader("X-Frame-Options", "DENY");
            http.addCookie(new Cookie("a", "1"));
            http.addCookie(new Cookie("b", "2"));
            ((HttpServletRequest) request).getSession(true);
            chain.doFilter(request, response);
        }

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void destroy() {}
    }

    static class Prepared extends HttpServlet {

        @Recover
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setStatus(201);
            response.setContentType("text/html; charset=UTF-8");
            response.setContentLength(1100);
            response.setHeader("Content-Encoding", "gzip");
            response.setHeader("ETag", "\"1\"");
            response.setHeader("Cache-Control", "public, max-age=3600");
            response.setHeader("Location", "/somewhere");
            response.getWriter().print("half a page");
            throw new IOException(SECRET);
        }
    }

    @Case
    void headers_of_the_body_go_and_those_of_a_filter_stay() throws Exception {
        try (Container container = Container.start(new Prepared(), new Outside())) {
            Wire.Reply reply = get(container);
            answered(500, "Internal Server Error", null, reply);
            Expect.equal("DENY", reply.header("X-Frame-Options"));
            List<String> cookies = reply.headers.get("set-cookie");
            Expect.that(cookies.size() == 3, "there are three cookies: " + cookies);
            for (String cookie : new String[] {"a=1", "b=2", "JSESSIONID="}) {
                Expect.equal(1L, cookies.stream().filter(one -> one.startsWith(cookie)).count());
            }
            for (String gone : new String[] {"Content-Encoding", "ETag", "Cache-Control", "Location"}) {
                Expect.equal(null, reply.header(gone));
            }
        }
    }

    /** What the filter outside of a failing method was thrown. */
    static class Watching implements Filter {

        final CompletableFuture<Object> thrown = new CompletableFuture<>();

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            try {
                chain.doFilter(request, response);
                thrown.complete("nothing");
            } catch (IOException | ServletException | RuntimeException failure) {
                thrown.complete(failure);
                throw failure;
            }
        }

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void destroy() {}
    }

    static class Begun extends HttpServlet {

        final IOException failure = new IOException(SECRET);

        @Recover
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getOutputStream().print("half a ");
            response.flushBuffer();
            throw failure;
        }
    }

    @Case
    void a_response_that_has_begun_is_broken_off_by_the_container() throws Exception {
        Begun begun = new Begun();
        Watching watching = new Watching();
        try (Container container = Container.start(begun, watching)) {
            Wire.Reply reply = get(container);
            Expect.equal("half a ", reply.body);
            Expect.that(!reply.whole, "the client sees that it is not whole: " + reply);
            Expect.same(begun.failure, watching.thrown.get(10, TimeUnit.SECONDS));
        }
    }

    static class Refusing extends HttpServlet {

        @Recover
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.sendError(404);
            throw new IOException(SECRET);
        }
    }

    static class Sending extends HttpServlet {

        @Recover
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.sendRedirect("/elsewhere");
            throw new IOException(SECRET);
        }
    }

    @Case
    void an_error_or_a_redirect_that_was_sent_before_the_failure_stands() throws Exception {
        try (Container container = Container.start(new Refusing())) {
            Wire.Reply reply = get(container);
            Expect.equal(404, reply.status);
            Expect.that(!reply.body.contains(SECRET), "the client is not told of the failure: " + reply);
        }
        try (Container container = Container.start(new Sending())) {
            Wire.Reply reply = get(container);
            Expect.equal(302, reply.status);
            Expect.that(!reply.body.contains(SECRET), "the client is not told of the failure: " + reply);
        }
    }

    @Case
    void a_failure_that_was_answered_ends_there() throws Exception {
        Watching watching = new Watching();
        try (Container container = Container.start(new Getting(), watching)) {
            answered(500, "Internal Server Error", null, get(container));
            Expect.equal("nothing", watching.thrown.get(10, TimeUnit.SECONDS));
        }
    }

    static class Silent extends HttpServlet {

        @Recover(respond = false, attempts = 2, delay = "0s")
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            throw new IOException(SECRET);
        }
    }

    @Case
    void where_it_is_not_to_respond_it_throws() throws Exception {
        Watching watching = new Watching();
        try (Container container = Container.start(new Silent(), watching)) {
            Expect.equal(500, get(container).status);
            Expect.equal(IOException.class, watching.thrown.get(10, TimeUnit.SECONDS).getClass());
        }
    }

    static class Starting extends HttpServlet {

        final CompletableFuture<AsyncContext> started = new CompletableFuture<>();

        @Recover
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            AsyncContext async = request.startAsync();
            async.setTimeout(60_000);
            started.complete(async);
            throw new IOException(SECRET);
        }
    }

    @Case
    void an_exchange_that_was_made_asynchronous_is_completed() throws Exception {
        Starting starting = new Starting();
        try (Container container = Container.start(starting)) {
            answered(500, "Internal Server Error", null, get(container));
            Expect.that(starting.started.isDone(), "it was asynchronous");
        }
    }

    /** Collects the page to send it all at once; once it has given a writer away it gives no stream. */
    static class Collecting implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            StringWriter page = new StringWriter();
            PrintWriter writer = new PrintWriter(page);
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                boolean writing;

                @Override
                public PrintWriter getWriter() {
                    writing = true;
                    return writer;
                }

                @Override
                public jakarta.servlet.ServletOutputStream getOutputStream() throws IOException {
                    if (writing) {
                        throw new IllegalStateException("the writer is taken");
                    }
                    return super.getOutputStream();
                }

                @Override
                public void reset() {
                    page.getBuffer().setLength(0);
                    super.reset();
                }
            });
            writer.flush();
            response.getOutputStream().print(page.toString());
        }

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void destroy() {}
    }

    @Case
    void a_wrapper_that_insists_on_its_writer_gets_the_answer_that_way() throws Exception {
        try (Container container = Container.start(new Failing(), new Collecting(), new Guarding())) {
            answered(500, "Internal Server Error", null, get(container));
        }
    }

    static class Helping extends HttpServlet {

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Expect.equal(false, render("page", response));
        }

        @Recover(attempts = 2, delay = "0s")
        private static boolean render(String what, HttpServletResponse to) throws IOException {
            to.getWriter().print("half a " + what);
            throw new IOException(SECRET);
        }
    }

    @Case
    void a_method_that_was_handed_a_response_answers() throws Exception {
        try (Container container = Container.start(new Helping())) {
            answered(500, "Internal Server Error", null, get(container));
        }
    }
}
