package dev.holdfast.samples.recover;

import com.sun.net.httpserver.HttpServer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Calls each of the examples while the remote fails, and prints what came of it. */
public final class ExamplesMain {

    private static final String BAD = "bad";
    private static final String MISSING = "missing";
    private static final String SLOW = "slow";

    /** How the remote answers, one after the other; then it answers well. */
    private final Deque<String> plan = new ArrayDeque<>();

    private int calls;
    private final Examples examples = new Examples(this::answer);

    private ExamplesMain() {}

    /** Prints a line for each. */
    public static void main(String[] arguments) {
        new ExamplesMain().play();
    }

    private void play() {
        print("retried", () -> examples.retried("tea"), BAD, BAD, BAD);
        print("retried", () -> examples.retried("tea"), MISSING);
        print("evenly", () -> examples.evenly("tea"), BAD, BAD, BAD, BAD);
        print("quick", () -> examples.quick("tea"), SLOW);
        print("chosen", () -> examples.chosen("tea"), BAD);
        for (int i = 1; i < 20; i++) {
            // Twenty calls are the least that a breaker goes by.
            print("chosen", () -> examples.chosen("tea"), BAD);
        }
        print("chosen", () -> examples.chosen("tea"));
        print("remembered", () -> examples.remembered("tea"), BAD);
        print("remembered", () -> examples.remembered("tea"));
        print("remembered", () -> examples.remembered("tea"), BAD);
        print("apologised", () -> examples.apologised("tea"), BAD, BAD);
        for (int i = 0; i < 20; i++) {
            print("stock", () -> examples.stock("tea"), BAD);
        }
        print("shelf", () -> examples.shelf("tea"));
        print("staged", () -> examples.staged("tea").get(), BAD, BAD);
        print("staged", () -> examples.staged("tea").get(), BAD, BAD, BAD);
        print("page", () -> page("/tea"));
        print("patient", () -> examples.patient("tea"), BAD, BAD, BAD, BAD);
    }

    private String answer(String id) throws IOException, InterruptedException {
        calls++;
        String next = plan.isEmpty() ? "" : plan.remove();
        switch (next) {
            case BAD -> throw new IOException("the line is bad");
            case MISSING -> throw new FileNotFoundException(id);
            case SLOW -> TimeUnit.SECONDS.sleep(20);
            default -> {}
        }
        return "some " + id;
    }

    /** Asks for a page over HTTP. */
    private String page(String path) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", new StockPage(examples));
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            String retryAfter = response.headers().firstValue("Retry-After").isPresent() ? " with Retry-After" : "";
            return response.statusCode() + " " + response.body() + retryAfter;
        } finally {
            server.stop(0);
        }
    }

    private void print(String name, Callable<String> call, String... outcomes) {
        plan.clear();
        plan.addAll(Arrays.asList(outcomes));
        calls = 0;
        String result;
        try {
            result = call.call();
        } catch (Exception failure) {
            result = failure.getClass().getSimpleName();
        }
        System.out.println(name + ": " + result + ", after " + calls + (calls == 1 ? " request" : " requests"));
    }
}
