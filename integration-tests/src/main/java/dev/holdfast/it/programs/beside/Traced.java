package dev.holdfast.it.programs.beside;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A service whose requests an agent for tracing follows: through its client, its server, and a method of its own. */
public final class Traced {

    /** The tracing agent is told to follow this one. */
    public static final String FOLLOWED = "quote";

    @Recover(on = IOException.class, attempts = 3, delay = "1ms", timeout = "1h", fallback = "instead")
    static String quote(Upstream upstream) throws IOException {
        return upstream.call();
    }

    static String instead(Upstream upstream) {
        return "instead";
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    static String broken(Upstream upstream) {
        return upstream.call();
    }

    @Recover(attempts = 3, delay = "1ms")
    static CompletableFuture<String> later(Upstream upstream) {
        return CompletableFuture.supplyAsync(upstream::call);
    }

    @Case
    void a_method_that_both_have_changed() throws IOException {
        Upstream upstream = new Upstream(new IOException("planned"), "x");
        Expect.equal("x", quote(upstream));
        Expect.equal(2, upstream.calls());
        Expect.equal("instead", quote(new Upstream(new IOException("planned"))));
        IllegalStateException passes = new IllegalStateException("planned");
        Expect.thrown(passes, () -> quote(new Upstream(passes)));
    }

    @Case
    void a_breaker_opens() {
        for (int i = 0; i < 2; i++) {
            Expect.thrown(
                    IllegalStateException.class, () -> broken(new Upstream(new IllegalStateException("planned"))));
        }
        Expect.thrown(BreakerOpenException.class, () -> broken(new Upstream("x")));
    }

    @Case
    void a_stage_is_followed_to_its_end() throws Exception {
        Expect.equal(
                "x",
                later(new Upstream(new IllegalStateException("planned"), "x")).get());
    }

    /** Fails once, and then says in which trace it was called. */
    private static final class Handler implements HttpHandler {

        private int calls;

        @Override
        @Recover(attempts = 2, delay = "0s")
        public void handle(HttpExchange exchange) throws IOException {
            if (calls++ == 0) {
                throw new IOException("planned");
            }
            String trace = String.valueOf(exchange.getRequestHeaders().getFirst("traceparent"));
            byte[] body = trace.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }
    }

    @Recover(attempts = 2, delay = "0s")
    private static HttpResponse<String> get(HttpClient client, int port) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/");
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Case
    void a_request_is_followed_from_a_woven_client_to_a_woven_handler() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", new Handler());
        server.start();
        try {
            HttpResponse<String> response =
                    get(HttpClient.newHttpClient(), server.getAddress().getPort());
            Expect.equal(200, response.statusCode());
            Expect.that(
                    response.body().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
                    "the client's trace arrives, was " + response.body());
        } finally {
            server.stop(0);
        }
    }
}
