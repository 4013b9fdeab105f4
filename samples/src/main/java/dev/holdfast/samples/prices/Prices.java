package dev.holdfast.samples.prices;

import dev.holdfast.CallTimeoutException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.NoSuchElementException;

/** What things cost, as the market says; the market is another service, and not always well. Thread-safe. */
final class Prices {

    private final URI market;
    private final HttpClient client = HttpClient.newHttpClient();

    Prices(URI market) {
        this.market = market;
    }

    /** What a customer gets: the price of this moment, else the last one known, else the one on the list. */
    @Recover(except = NoSuchElementException.class, lastGood = "10m", fallback = "listed")
    Price of(String product) throws IOException, InterruptedException {
        return ask(product);
    }

    /** Asks the market: three times if need be, never for long, and not at all while it is down. */
    @Recover(
            on = {IOException.class, CallTimeoutException.class},
            attempts = 3,
            delay = "50ms",
            timeout = "1s",
            breaker = @CircuitBreaker(window = 20, openFor = "5s", probes = 2))
    private Price ask(String product) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(market.resolve("/quote/" + product)).build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        return switch (answer.statusCode()) {
            case 200 -> new Price(product, new BigDecimal(answer.body()), "the market", Instant.now());
            case 404 -> throw new NoSuchElementException("no product \"" + product + "\" on the market");
            default -> throw new IOException("the market answered " + answer.statusCode());
        };
    }

    Price listed(String product, Exception failure) {
        return PriceList.of(product);
    }
}
