package dev.holdfast.samples.recover;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.holdfast.Recover;
import java.io.IOException;
import java.io.InterruptedIOException;

/** {@code GET /tea} answers how much tea there is. Thread-safe where the examples are. */
public final class StockPage implements HttpHandler {

    private final Examples examples;

    /** Over examples that may fail. */
    public StockPage(Examples examples) {
        this.examples = examples;
    }

    /** Whatever goes wrong here, the client gets an answer. */
    @Recover
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        byte[] body = stock(exchange.getRequestURI().getPath().substring(1)).getBytes(UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String stock(String id) throws IOException {
        try {
            return examples.stock(id);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while asking for " + id);
        }
    }
}
