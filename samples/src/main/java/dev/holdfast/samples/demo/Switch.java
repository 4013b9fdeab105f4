package dev.holdfast.samples.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The market from behind: sets how it is, and reads how often it was asked. */
final class Switch {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final URI market;
    private final HttpClient client = HttpClient.newHttpClient();

    Switch(URI market) {
        this.market = market;
    }

    /** See {@link Market}. */
    void turn(String position) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(market.resolve("/switch")).PUT(BodyPublishers.ofString(position)));
    }

    long asked() throws IOException, InterruptedException {
        return Long.parseLong(send(HttpRequest.newBuilder(market.resolve("/asked"))));
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.timeout(SOON).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the market's switch answered: " + answer.body());
        }
        return answer.body();
    }
}
