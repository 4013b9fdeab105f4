package dev.holdfast.samples.prices;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;

/**
 * The price service: {@code GET /price/tea} answers {@code {"product":"tea","euros":4.93,...}}. The header {@code Server-Timing}
 * tells how many milliseconds it took to find the price.
 */
public final class PriceServer {

    private static final String PATH = "/price/";

    private final Prices prices;

    private PriceServer(Prices prices) {
        this.prices = prices;
    }

    /**
     * Serves until the JVM ends. Prints its address as the first line of stdout.
     *
     * @param arguments the address of the market, as in {@code http://127.0.0.1:8080}
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: java -jar prices.jar http://<host>:<port of the market>");
            System.exit(2);
        }
        // Else each answer waits 40 ms for the client to confirm its first half.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        PriceServer server = new PriceServer(new Prices(URI.create(arguments[0])));
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool());
        http.createContext(PATH, server::serve);
        http.start();
        System.out.println("http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            long begun = System.nanoTime();
            int status;
            String body;
            try {
                body = prices.of(product(exchange)).json();
                status = 200;
            } catch (NoSuchElementException unknown) {
                body = "{\"error\":\"no such product\"}";
                status = 404;
            } catch (Exception failure) {
                body = "{\"error\":\"no price at the moment\"}";
                status = 502;
            }
            double millis = (System.nanoTime() - begun) / 1e6;
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Server-Timing", String.format(Locale.ROOT, "price;dur=%.3f", millis));
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String product(HttpExchange exchange) {
        String product = exchange.getRequestURI().getPath().substring(PATH.length());
        if (!product.matches("[a-z]{1,20}")) {
            throw new NoSuchElementException("no product is called so");
        }
        return product;
    }
}
