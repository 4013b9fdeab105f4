package dev.holdfast.samples.shop;

import dev.holdfast.CallTimeoutException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The bank is another company's service, and not always well. Thread-safe. */
public final class Bank {

    private final URI address;
    private final HttpClient client = HttpClient.newHttpClient();

    Bank(URI address) {
        this.address = address;
    }

    /**
     * Asks three times if need be, never for long, and not at all while the bank is down. It may be repeated, as the bank knows the order by its
     * id.
     */
    @Recover(
            on = {IOException.class, CallTimeoutException.class},
            attempts = 3,
            delay = "50ms",
            timeout = "500ms",
            breaker = @CircuitBreaker(window = 20, openFor = "2s", probes = 2))
    void pay(Order order) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/payments/" + order.id()))
                .PUT(BodyPublishers.ofString(String.valueOf(order.cents())))
                .build();
        HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
        if (answer.statusCode() != 200) {
            throw new IOException("the bank answered " + answer.statusCode());
        }
    }
}
