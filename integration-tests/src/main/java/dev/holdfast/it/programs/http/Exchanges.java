package dev.holdfast.it.programs.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import dev.holdfast.it.programs.Workers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;

/** Failures answered by the JDK's own server. */
public final class Exchanges {

    /** What no client must ever see. */
    private static final String SECRET = "the password is swordfish";

    private static final String JSON_500 = "{\"error\":\"Internal Server Error\"}";

    /** Runs a handler on a server of its own. */
    private static Serving serve(HttpHandler handler) {
        return new Serving(handler);
    }

    private static final class Serving implements AutoCloseable {

        final HttpServer server;
        final HttpContext context;
        final int port;
        final ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        });

        Serving(HttpHandler handler) {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            server.setExecutor(threads);
            context = server.createContext("/", handler);
            server.start();
            port = server.getAddress().getPort();
        }

        Wire.Reply get() throws IOException {
            return Wire.get(port, "/");
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
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

    private static void respond(HttpExchange exchange, String body) throws IOException {
        exchange.sendResponseHeaders(200, body.length());
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
        exchange.close();
    }

    static class Plain implements HttpHandler {

        private final Upstream upstream;

        Plain(Upstream upstream) {
            this.upstream = upstream;
        }

        @Recover
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            respond(exchange, upstream.call());
        }
    }

    @Case
    void a_failure_is_an_internal_server_error() throws Exception {
        try (Serving serving = serve(new Plain(new Upstream(
                new IllegalStateException(SECRET), new IOException(SECRET), new AssertionError(SECRET), "fine")))) {
            answered(500, "Internal Server Error", null, serving.get());
            answered(500, "Internal Server Error", null, serving.get());
            answered(500, "Internal Server Error", null, serving.get());
            Wire.Reply fine = serving.get();
            Expect.equal("fine", fine.body);
            Expect.equal(null, fine.header("Content-Type"));
        }
    }

    @Case
    void the_connection_goes_on() throws Exception {
        try (Serving serving =
                        serve(new Plain(new Upstream(new IOException(SECRET), new IOException(SECRET), "fine")));
                Wire wire = new Wire(serving.port)) {
            answered(500, "Internal Server Error", null, wire.ask("GET", "/", ""));
            answered(500, "Internal Server Error", null, wire.ask("POST", "/", "never read".repeat(100)));
            Expect.equal("fine", wire.ask("GET", "/", "").body);
        }
    }

    @Case
    void a_head_request_gets_the_headers_alone() throws Exception {
        try (Serving serving = serve(new Plain(new Upstream(new IOException(SECRET), "fine")));
                Wire wire = new Wire(serving.port)) {
            Wire.Reply reply = wire.ask("HEAD", "/", "");
            Expect.equal(500, reply.status);
            Expect.equal("application/json", reply.header("Content-Type"));
            Expect.equal(String.valueOf(JSON_500.length()), reply.header("Content-Length"));
            // Had there been a body, it would be taken for the next response.
            Expect.equal("fine", wire.ask("GET", "/", "").body);
        }
    }

    static class Broken implements HttpHandler {

        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "10s"), on = IOException.class)
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            throw new IOException(SECRET);
        }
    }

    @Case
    void an_open_breaker_tells_when_to_come_back() throws Exception {
        try (Serving serving = serve(new Broken())) {
            answered(500, "Internal Server Error", null, serving.get());
            answered(500, "Internal Server Error", null, serving.get());
            Wire.Reply reply = serving.get();
            Expect.between(1, 10, Long.parseLong(reply.header("Retry-After")));
            answered(503, "Service Unavailable", reply.header("Retry-After"), reply);
        }
    }

    static class Prices {

        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "2500ms"))
        String price() throws IOException {
            throw new IOException(SECRET);
        }
    }

    static class Asking implements HttpHandler {

        private final Prices prices = new Prices();

        @Recover
        @Override
        public void handle(HttpExchange exchange) {
            CompletableFuture.supplyAsync(() -> {
                        try {
                            return prices.price();
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                    })
                    .join();
        }
    }

    @Case
    void a_rejection_further_down_is_told_as_one() throws Exception {
        try (Serving serving = serve(new Asking())) {
            answered(500, "Internal Server Error", null, serving.get());
            answered(500, "Internal Server Error", null, serving.get());
            Wire.Reply reply = serving.get();
            Expect.between(1, 3, Long.parseLong(reply.header("Retry-After")));
            answered(503, "Service Unavailable", reply.header("Retry-After"), reply);
        }
    }

    static class Narrow implements HttpHandler {

        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);

        @Recover(maxConcurrent = 1)
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            inside.countDown();
            try {
                leave.await();
            } catch (InterruptedException ended) {
                throw new IOException(ended);
            }
            respond(exchange, "fine");
        }
    }

    @Case
    void one_too_many_at_once_may_come_back_in_a_second() throws Throwable {
        Narrow narrow = new Narrow();
        try (Serving serving = serve(narrow)) {
            Workers first = Workers.start(1, () -> Expect.equal("fine", serving.get().body));
            narrow.inside.await();
            answered(503, "Service Unavailable", "1", serving.get());
            narrow.leave.countDown();
            first.join();
        }
    }

    static class Slow implements HttpHandler {

        @Recover(timeout = "20ms")
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            try {
                TimeUnit.SECONDS.sleep(20);
            } catch (InterruptedException late) {
                throw new IOException(SECRET, late);
            }
        }
    }

    @Case
    void a_timeout_is_a_gateway_timeout() throws Exception {
        try (Serving serving = serve(new Slow())) {
            answered(504, "Gateway Timeout", null, serving.get());
        }
    }

    static class Excepted implements HttpHandler {

        @Recover(on = IOException.class, except = FileNotFoundException.class, attempts = 2, delay = "0s")
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            if (exchange.getRequestURI().getPath().equals("/except")) {
                throw new FileNotFoundException(SECRET);
            }
            throw new IllegalStateException(SECRET);
        }
    }

    @Case
    void what_the_definition_does_not_mean_is_answered_too() throws Exception {
        try (Serving serving = serve(new Excepted())) {
            answered(500, "Internal Server Error", null, Wire.get(serving.port, "/except"));
            answered(500, "Internal Server Error", null, Wire.get(serving.port, "/other"));
        }
    }

    static class FallingBack implements HttpHandler {

        @Recover(fallback = "instead")
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            throw new IOException(SECRET);
        }

        void instead(HttpExchange exchange) throws IOException {
            if (exchange.getRequestURI().getPath().equals("/fails")) {
                throw new IllegalStateException(SECRET);
            }
            respond(exchange, "instead");
        }
    }

    @Case
    void a_fallback_comes_first_and_is_answered_for_if_it_fails() throws Exception {
        try (Serving serving = serve(new FallingBack())) {
            Expect.equal("instead", serving.get().body);
            answered(500, "Internal Server Error", null, Wire.get(serving.port, "/fails"));
        }
    }

    static class Stubborn implements HttpHandler {

        private final Upstream upstream = new Upstream(new IOException(SECRET), new IOException(SECRET), "fine");

        @Recover(attempts = 2, delay = "1ms")
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            respond(exchange, upstream.call());
        }
    }

    @Case
    void attempts_come_first() throws Exception {
        try (Serving serving = serve(new Stubborn())) {
            answered(500, "Internal Server Error", null, serving.get());
            Expect.equal("fine", serving.get().body);
        }
    }

    static class Silent implements HttpHandler {

        @Recover(respond = false, attempts = 2, delay = "0s")
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            throw new IOException(SECRET);
        }
    }

    @Case
    void where_it_is_not_to_respond_it_throws() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Silent silent = new Silent();
        try (Serving serving = serve(exchange -> {
            thrown.set(Expect.outcome(() -> silent.handle(exchange)));
            respond(exchange, "mine");
        })) {
            Expect.equal("mine", serving.get().body);
            Expect.equal(IOException.class, thrown.get().getClass());
        }
    }

    static class Prepared implements HttpHandler {

        @Recover
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            exchange.getResponseHeaders().set("Cache-Control", "public, max-age=3600");
            throw new IOException(SECRET);
        }
    }

    @Case
    void headers_of_the_body_go_and_those_of_a_filter_stay() throws Exception {
        try (Serving serving = serve(new Prepared())) {
            serving.context.getFilters().add(Filter.beforeHandler("", exchange -> {
                exchange.getResponseHeaders().add("X-Request-Id", "42");
                exchange.getResponseHeaders().add("Set-Cookie", "a=1");
                exchange.getResponseHeaders().add("Set-Cookie", "b=2");
            }));
            Wire.Reply reply = serving.get();
            answered(500, "Internal Server Error", null, reply);
            Expect.equal("42", reply.header("X-Request-Id"));
            Expect.equal(List.of("a=1", "b=2"), reply.headers.get("set-cookie"));
            for (String gone : new String[] {"Content-Encoding", "ETag", "Cache-Control"}) {
                Expect.equal(null, reply.header(gone));
            }
        }
    }

    static class Begun implements HttpHandler {

        @Recover
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            switch (exchange.getRequestURI().getPath()) {
                case "/chunked":
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("half a ".getBytes(StandardCharsets.US_ASCII));
                    exchange.getResponseBody().flush();
                    break;
                case "/fixed":
                    exchange.sendResponseHeaders(200, 10);
                    exchange.getResponseBody().write("half a ".getBytes(StandardCharsets.US_ASCII));
                    exchange.getResponseBody().flush();
                    break;
                case "/headers":
                    exchange.sendResponseHeaders(200, 10);
                    break;
                case "/nothing":
                    exchange.sendResponseHeaders(204, -1);
                    break;
                case "/done":
                    respond(exchange, "done");
                    break;
                default:
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("all of it".getBytes(StandardCharsets.US_ASCII));
                    exchange.getResponseBody().close();
            }
            throw new IOException(SECRET);
        }
    }

    @Case
    void a_response_that_has_begun_is_broken_off() throws Exception {
        try (Serving serving = serve(new Begun())) {
            for (String path : new String[] {"/chunked", "/fixed", "/headers"}) {
                Wire.Reply reply = Wire.get(serving.port, path);
                Expect.that(!reply.whole, "the client sees that it is not whole: " + path + " " + reply);
                Expect.that(!reply.toString().contains("password"), "the failure stays in the house");
            }
            Expect.equal("half a ", Wire.get(serving.port, "/chunked").body);
        }
    }

    @Case
    void a_response_that_was_complete_stays_so() throws Exception {
        try (Serving serving = serve(new Begun());
                Wire wire = new Wire(serving.port)) {
            for (int i = 0; i < 20; i++) {
                Expect.equal("done", wire.ask("GET", "/done", "").body);
                Wire.Reply chunked = wire.ask("GET", "/closed", "");
                Expect.equal("all of it", chunked.body);
                Expect.that(chunked.whole, "it is whole");
                Expect.equal(204, wire.ask("GET", "/nothing", "").status);
            }
        }
    }

    static class Compressing implements HttpHandler {

        @Recover
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            exchange.sendResponseHeaders(200, 0);
            exchange.setStreams(null, new GZIPOutputStream(exchange.getResponseBody()));
            exchange.getResponseBody().write("half a ".getBytes(StandardCharsets.US_ASCII));
            throw new IOException(SECRET);
        }
    }

    @Case
    void a_body_that_was_wrapped_is_broken_off_too() throws Exception {
        try (Serving serving = serve(new Compressing())) {
            Wire.Reply reply = serving.get();
            Expect.that(!reply.whole, "the client sees that it is not whole: " + reply);
        }
    }

    static class Values {

        @Recover
        boolean yes(HttpExchange exchange, Upstream upstream) {
            return upstream.call();
        }

        @Recover
        static long number(String first, long second, HttpExchange exchange, Upstream upstream) {
            return upstream.call();
        }

        @Recover
        char letter(HttpExchange exchange, Upstream upstream) {
            return upstream.call();
        }

        @Recover
        String text(HttpExchange exchange, Upstream upstream) {
            return upstream.call();
        }

        @Recover
        private double[] array(HttpExchange exchange, Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void a_method_that_returns_something_returns_what_nobody_has_set() throws Exception {
        Upstream upstream = new Upstream(new IOException(SECRET));
        BlockingQueue<Object> returned = new LinkedBlockingQueue<>();
        try (Serving serving = serve(exchange -> returned.add(Objects.requireNonNullElse(
                (Object)
                        switch (exchange.getRequestURI().getPath()) {
                            case "/yes" -> new Values().yes(exchange, upstream);
                            case "/number" -> Values.number("a", 1, exchange, upstream);
                            case "/letter" -> new Values().letter(exchange, upstream);
                            case "/text" -> new Values().text(exchange, upstream);
                            default -> new Values().array(exchange, upstream);
                        },
                "null")))) {
            Map<String, Object> expected =
                    Map.of("/yes", false, "/number", 0L, "/letter", '\0', "/text", "null", "/array", "null");
            for (Map.Entry<String, Object> path : expected.entrySet()) {
                answered(500, "Internal Server Error", null, Wire.get(serving.port, path.getKey()));
                Expect.equal(path.getValue(), returned.take());
            }
        }
    }

    @Case
    void without_an_exchange_there_is_nothing_to_answer_with() {
        IOException failure = new IOException(SECRET);
        Expect.thrown(failure, () -> new Values().text(null, new Upstream(failure)));
    }

    static class Stopping {

        @Recover
        void handle(HttpExchange exchange, Throwable failure) throws Throwable {
            throw failure;
        }
    }

    @Case
    void what_is_never_recovered_is_not_answered_either() throws Exception {
        for (Throwable passes : new Throwable[] {
            new InterruptedException(SECRET), new NoClassDefFoundError(SECRET), new StackOverflowError(SECRET)
        }) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            try (Serving serving = serve(exchange -> {
                thrown.set(Expect.outcome(() -> new Stopping().handle(exchange, passes)));
                respond(exchange, "mine");
            })) {
                Expect.equal("mine", serving.get().body);
                Expect.same(passes, thrown.get());
            }
        }
    }

    @Case
    void a_thread_that_is_to_stop_still_answers() throws Exception {
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Stopping stopping = new Stopping();
        try (Serving serving = serve(exchange -> {
            Thread.currentThread().interrupt();
            Throwable thrown = Expect.outcome(() -> stopping.handle(exchange, new IOException(SECRET)));
            flag.complete(Thread.interrupted() && thrown == null);
        })) {
            answered(500, "Internal Server Error", null, serving.get());
            Expect.equal(true, flag.get(10, TimeUnit.SECONDS));
        }
    }

    /** Registers a lambda that does the work in a method of its own. */
    static class Lambdas {

        HttpHandler handler() {
            return exchange -> page(exchange);
        }

        HttpHandler reference() {
            return this::page;
        }

        @Recover
        private void page(HttpExchange exchange) throws IOException {
            Runnable fails = () -> {
                throw new IllegalStateException(SECRET + exchange.getRequestMethod());
            };
            fails.run();
        }
    }

    @Case
    void a_method_behind_a_lambda_answers() throws Exception {
        for (HttpHandler handler : new HttpHandler[] {new Lambdas().handler(), new Lambdas().reference()}) {
            try (Serving serving = serve(handler)) {
                answered(500, "Internal Server Error", null, serving.get());
            }
        }
    }

    static class Staged {

        @Recover(attempts = 2, delay = "1ms", timeout = "10s")
        CompletableFuture<String> page(HttpExchange exchange, Upstream upstream) {
            return CompletableFuture.supplyAsync(upstream::call);
        }

        @Recover
        CompletionStage<String> bare(HttpExchange exchange, CompletableFuture<String> page) {
            return page;
        }
    }

    @Case
    void a_stage_is_answered_for_when_it_fails() throws Exception {
        BlockingQueue<CompletableFuture<String>> stages = new LinkedBlockingQueue<>();
        Upstream upstream = new Upstream(new IOException(SECRET));
        try (Serving serving = serve(exchange -> stages.add(new Staged().page(exchange, upstream)))) {
            answered(500, "Internal Server Error", null, serving.get());
            Expect.equal(null, stages.take().get(10, TimeUnit.SECONDS));
            Expect.equal(2, upstream.calls());
        }
    }

    @Case
    void a_stage_that_is_left_to_itself_is_answered_for_when_it_fails() throws Throwable {
        CompletableFuture<String> page = new CompletableFuture<>();
        BlockingQueue<CompletionStage<String>> stages = new LinkedBlockingQueue<>();
        try (Serving serving = serve(exchange -> stages.add(new Staged().bare(exchange, page)))) {
            Workers client = Workers.start(1, () -> answered(500, "Internal Server Error", null, serving.get()));
            CompletableFuture<String> stage = stages.take().toCompletableFuture();
            Expect.that(!stage.isDone(), "it is still under way");
            page.completeExceptionally(new IOException(SECRET));
            Expect.equal(null, stage.get(10, TimeUnit.SECONDS));
            client.join();
        }
    }

    static class Rejecting implements HttpHandler {

        private final String who;

        Rejecting(String who) {
            this.who = who;
        }

        @Recover
        @Override
        public void handle(HttpExchange exchange) {
            throw new BreakerOpenException(who, null);
        }
    }

    @Case
    void a_flood_of_rejections_does_not_flood_the_log() throws Exception {
        try (Serving serving = serve(new Rejecting("one of the flood"))) {
            for (int i = 0; i < 200; i++) {
                answered(503, "Service Unavailable", "1", serving.get());
            }
        }
    }
}
