package dev.holdfast.samples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * The service that the price service depends on, with a switch for how it is.
 *
 * <pre>
 * GET /quote/tea           a price that moves a cent with each quote; 404 for what it does not know
 * GET /asked               how many quotes it was asked for
 * PUT /switch  well        answers
 *              shaky       every third quote fails with 503, the first two do not
 *              slow        answers after 3 seconds
 *              down        every quote fails with 503
 *              down 3      the next three are so, and those after them well
 * </pre>
 *
 * <p>Thread-safe, guarded by itself.
 */
public final class Market {

    private static final long SLOW_MILLIS = 3_000;

    private static final Map<String, Integer> CENTS =
            Map.of("tea", 493, "coffee", 812, "cocoa", 577, "sugar", 185, "saffron", 1307, "pepper", 344);

    private enum Mode {
        WELL,
        SHAKY,
        SLOW,
        DOWN
    }

    private Mode mode = Mode.WELL;

    /** For how many more quotes; negative for all. */
    private long left = -1;

    private long asked;

    /** Since the switch was last used. */
    private long askedSince;

    private Market() {}

    /** Serves until the JVM ends. Prints its address as the first line of stdout. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Market market = new Market();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool());
        http.createContext("/", market::serve);
        http.start();
        System.out.println("http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith("/quote/")) {
                quote(exchange, path.substring("/quote/".length()));
            } else if (path.equals("/asked")) {
                answer(exchange, 200, String.valueOf(asked()));
            } else if (path.equals("/switch") && exchange.getRequestMethod().equals("PUT")) {
                turn(exchange, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            } else {
                answer(exchange, 404, "no such page");
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void quote(HttpExchange exchange, String product) throws IOException, InterruptedException {
        Mode now;
        long number;
        synchronized (this) {
            now = next();
            number = asked;
        }
        if (now == Mode.DOWN) {
            answer(exchange, 503, "out of order");
            return;
        }
        if (now == Mode.SLOW) {
            Thread.sleep(SLOW_MILLIS);
        }
        Integer cents = CENTS.get(product);
        if (cents == null) {
            answer(exchange, 404, "no such product");
        } else {
            answer(exchange, 200, String.format(Locale.ROOT, "%.2f", (cents + number % 50) / 100.0));
        }
    }

    /** How the quote is that has just been asked for: one of well, slow and down. */
    private Mode next() {
        asked++;
        askedSince++;
        if (left == 0) {
            mode = Mode.WELL;
            left = -1;
        }
        if (left > 0) {
            left--;
        }
        if (mode == Mode.SHAKY) {
            return askedSince % 3 == 0 ? Mode.DOWN : Mode.WELL;
        }
        return mode;
    }

    private synchronized long asked() {
        return asked;
    }

    private void turn(HttpExchange exchange, String position) throws IOException {
        String[] words = position.strip().split(" ", 2);
        try {
            Mode wanted = Mode.valueOf(words[0].toUpperCase(Locale.ROOT));
            long count = words.length == 1 ? -1 : Long.parseLong(words[1]);
            synchronized (this) {
                mode = wanted;
                left = count;
                askedSince = 0;
            }
            answer(exchange, 200, "so be it");
        } catch (IllegalArgumentException unknown) {
            answer(exchange, 400, "the switch has well, shaky, slow and down; a number may follow, as in: down 3");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
