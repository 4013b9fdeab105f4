package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.time.WallClock;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One POST, and what its answer means: 2xx is taken; 400, 413 and 422 are about what was sent, and are for good; everything else, no answer at all and
 * redirections too, is about the receiver, and may be better another time: so a gateway that knows nobody while it is deployed loses nothing. The body of an answer is read to its end and thrown away, within the same time limit.
 */
final class Http {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration TOTAL = Duration.ofSeconds(15);

    /** Nobody may say that it wants to be left alone for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final @Nullable String authorization;

    private @Nullable HttpClient client;

    /** For an address: a user and a password in it are sent along. */
    Http(Address address) {
        this.authorization = authorization(address);
    }

    private static @Nullable String authorization(Address address) {
        String user = address.user();
        String password = address.password();
        if (user == null && password == null) {
            return null;
        }
        String both = (user == null ? "" : user) + ":" + (password == null ? "" : password);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }

    /**
     * Sends a body.
     *
     * @param delivered how many letters were taken before this one
     */
    void post(URI uri, Map<String, String> headers, String body, int delivered) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TOTAL)
                .header("User-Agent", "Holdfast")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(UTF_8)));
        headers.forEach(request::header);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<Void> response = send(request.build());
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return;
        }
        String said = "the receiver answered " + status;
        if (status == 400 || status == 413 || status == 422) {
            throw UndeliveredException.forGood(said, delivered);
        }
        String after = response.headers().firstValue("Retry-After").orElse(null);
        throw UndeliveredException.forNow(
                said + remedy(status), delivered, after == null ? null : wait(after, WallClock.millis()));
    }

    private static String remedy(int status) {
        if (status < 400) {
            return ", and redirections are not followed; name the address that it points to";
        }
        return switch (status) {
            case 401, 403, 407 -> "; correct what it knows the sender by, or let it in there";
            case 404, 405, 410 -> "; correct the address, or make the receiver take POST there";
            default -> "";
        };
    }

    private HttpResponse<Void> send(HttpRequest request) throws IOException {
        // The client's own limit ends with the headers; this one holds for the rest, too.
        Future<HttpResponse<Void>> answer = client().sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get(TOTAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            answer.cancel(true);
            throw new IOException("no answer within " + TOTAL.toSeconds() + " s", slow);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
        } catch (InterruptedException nobodyShould) {
            answer.cancel(true);
            throw new IOException("interrupted", nobodyShould);
        }
    }

    private HttpClient client() {
        HttpClient open = client;
        if (open == null) {
            open = HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(ProxySelector.getDefault())
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            client = open;
        }
        return open;
    }

    /** What a {@code Retry-After} asks for, in seconds or as a date; null if it cannot be read. */
    static @Nullable Duration wait(String after, long nowMillis) {
        Duration wait;
        try {
            String text = after.strip();
            if (text.matches("\\d{1,12}")) {
                wait = Duration.ofSeconds(Long.parseLong(text));
            } else {
                long millis = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                        .toInstant()
                        .toEpochMilli();
                wait = Duration.ofMillis(Math.max(0, millis - nowMillis));
            }
        } catch (DateTimeException unreadable) {
            return null;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** Faults of an address that is posted to: {@code http} in the open would show what it carries to anybody on the way. */
    static Need need(Address address, boolean isPlain, String... parameters) {
        Need need = new Need(address).host().url(() -> WebhookChannel.uri(address, isPlain ? "http" : "https"));
        if (parameters.length > 0) {
            need.onlyParameters(parameters);
        }
        if (isPlain && need.faults().isEmpty() && !address.hosts().get(0).isLoopback()) {
            need.fault("has plain http to another machine");
        }
        return need;
    }
}
