package dev.holdfast.samples.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The price service as its customers see it. Not thread-safe. */
final class Shop {

    /** What a customer came away with. */
    enum Outcome {
        FRESH("a fresh price"),
        LAST_KNOWN("the last known price"),
        LISTED("the price on the list"),
        UNKNOWN("\"no such product\""),
        ERROR("an error");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One answer.
     *
     * @param micros how long the service took to find the price, without the way there and back
     */
    record Answer(Outcome outcome, double micros) {}

    private static final Pattern FROM = Pattern.compile("\"from\":\"([^\"]*)\"");
    private static final Pattern AS_OF = Pattern.compile("\"asOf\":\"([^\"]*)\"");
    private static final Pattern MILLIS = Pattern.compile("dur=([0-9.]+)");

    private final URI address;
    private final HttpClient client = HttpClient.newHttpClient();

    /** The prices seen so far, by product and time: one that is seen again is an old one. */
    private final Set<String> seen = new HashSet<>();

    Shop(URI address) {
        this.address = address;
    }

    Answer ask(String product) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/price/" + product))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        double millis = Double.parseDouble(
                find(MILLIS, response.headers().firstValue("Server-Timing").orElse("")));
        return new Answer(outcome(product, response), millis * 1_000);
    }

    private Outcome outcome(String product, HttpResponse<String> response) throws IOException {
        if (response.statusCode() == 404) {
            return Outcome.UNKNOWN;
        }
        if (response.statusCode() != 200) {
            return Outcome.ERROR;
        }
        if (find(FROM, response.body()).equals("the list")) {
            return Outcome.LISTED;
        }
        boolean first = seen.add(product + " " + find(AS_OF, response.body()));
        return first ? Outcome.FRESH : Outcome.LAST_KNOWN;
    }

    private static String find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("the price service answered \"" + text + "\", without " + pattern);
        }
        return matcher.group(1);
    }
}
