package dev.holdfast.samples.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The bank, with a switch for how it is.
 *
 * <pre>
 * PUT /payments/K7Q2-M4XD  1470     takes that much for the order, once, however often it is asked
 * GET /payments                     a line for each order that is paid: order, cents
 * PUT /switch  well                 takes payments
 *              shaky                every third request gets a 503, and is not paid
 *              hangs                pays, and answers three seconds later
 *              down                 every request gets a 503
 * </pre>
 */
public final class FlakyBank {

    private static final long HANGS_MILLIS = 3_000;

    private enum Mode {
        WELL,
        SHAKY,
        HANGS,
        DOWN
    }

    private final Map<String, String> payments = new ConcurrentSkipListMap<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile Mode mode = Mode.WELL;

    private FlakyBank() {}

    /** Serves until the JVM ends. Prints its address as the first line of stdout. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        FlakyBank bank = new FlakyBank();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool());
        http.createContext("/", bank::serve);
        http.start();
        System.out.println("http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8).strip();
            boolean put = exchange.getRequestMethod().equals("PUT");
            if (put && path.startsWith("/payments/")) {
                pay(exchange, path.substring("/payments/".length()), body);
            } else if (put && path.equals("/switch")) {
                turn(exchange, body);
            } else if (path.equals("/payments")) {
                answer(
                        exchange,
                        200,
                        payments.entrySet().stream()
                                .map(paid -> paid.getKey() + " " + paid.getValue() + "\n")
                                .collect(Collectors.joining()));
            } else {
                answer(exchange, 404, "no such page");
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void pay(HttpExchange exchange, String order, String cents) throws IOException, InterruptedException {
        Mode now = mode;
        if (now == Mode.DOWN || (now == Mode.SHAKY && asked.incrementAndGet() % 3 == 0)) {
            answer(exchange, 503, "out of order");
            return;
        }
        String before = payments.putIfAbsent(order, cents);
        if (now == Mode.HANGS) {
            Thread.sleep(HANGS_MILLIS);
        }
        if (before != null && !before.equals(cents)) {
            answer(exchange, 409, "that order was paid with " + before);
        } else {
            answer(exchange, 200, "paid");
        }
    }

    private void turn(HttpExchange exchange, String position) throws IOException {
        try {
            mode = Mode.valueOf(position.toUpperCase(Locale.ROOT));
            answer(exchange, 200, "so be it");
        } catch (IllegalArgumentException unknown) {
            answer(exchange, 400, "the switch has well, shaky, hangs and down");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
