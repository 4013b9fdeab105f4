package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.servers.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks, Slack and NSQ, over a real server. */
@Timeout(60)
class HttpChannelsTest {

    private record Request(String method, String target, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name, List.of("none")).get(0);
        }
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What the next answers are, in order: a status, and maybe a header behind it; then 200 for ever. */
    private final Deque<String> answers = new ArrayDeque<>();

    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            String[] answer =
                    answers.isEmpty() ? new String[] {"200"} : answers.poll().split(" ", 3);
            if (answer.length == 3) {
                exchange.getResponseHeaders().set(answer[1], answer[2]);
            }
            exchange.sendResponseHeaders(Integer.parseInt(answer[0]), -1);
        }
    }

    private String at(String scheme, String rest) {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort() + rest;
    }

    private UndeliveredException refused(String answer, Channel channel) {
        answers.add(answer);
        return catchThrowableOfType(UndeliveredException.class, () -> channel.send(List.of(Channels.letter(1))));
    }

    @Test
    void a_webhook_is_posted_to_with_its_own_query_and_without_the_secret() throws Exception {
        Channel hook = Channels.open(at("http", "/a%20b?x=1%202&secret=s3cret"));
        hook.send(List.of(Channels.letter(1), Channels.letter(2)));
        assertThat(requests).extracting(Request::method).containsExactly("POST", "POST");
        Request first = requests.get(0);
        assertThat(first.target()).isEqualTo("/a%20b?x=1%202");
        assertThat(first.body()).isEqualTo(Channels.letter(1).text());
        assertThat(first.header("Content-type")).isEqualTo("application/cloudevents+json; charset=UTF-8");
        assertThat(first.header("Webhook-id")).isEqualTo("id-1");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s3cret".getBytes(UTF_8), "HmacSHA256"));
        String signed = "id-1." + first.header("Webhook-timestamp") + "." + first.body();
        assertThat(first.header("Webhook-signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8))));
    }

    @Test
    void a_user_and_a_password_are_sent_along() throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString("ann:p:ss w@rd".getBytes(UTF_8));
        for (String scheme : List.of("http", "slack+http")) {
            Channels.open(at(scheme, "/hook").replace("://", "://ann:p%3Ass%20w%40rd@"))
                    .send(List.of(Channels.letter(1)));
        }
        Channels.open(at("http", "/hook")).send(List.of(Channels.letter(1)));
        assertThat(requests)
                .extracting(request -> request.header("Authorization"))
                .containsExactly(basic, basic, "none");
        assertThat(requests).extracting(Request::target).containsOnly("/hook");
    }

    @Test
    void a_webhook_without_a_secret_is_not_signed() throws Exception {
        Channels.open(at("http", "/hook")).send(List.of(Channels.letter(1)));
        assertThat(requests.get(0).headers()).doesNotContainKey("Webhook-signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "301 Location http://127.0.0.1:1/",
                "302 Location http://127.0.0.1:1/",
                "401",
                "403",
                "404",
                "408",
                "410",
                "425",
                "429",
                "500",
                "502",
                "503",
                "504"
            })
    void what_an_answer_says_of_the_receiver_may_be_better_another_time(String answer) {
        UndeliveredException refused = refused(answer, Channels.open(at("http", "/hook")));
        assertThat(refused.isForGood()).isFalse();
        assertThat(refused.retryAfter()).isNull();
        assertThat(refused).hasMessageContaining(answer.substring(0, 3));
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"400", "413", "422"})
    void what_it_says_of_an_event_is_for_good(String answer) {
        assertThat(refused(answer, Channels.open(at("http", "/hook"))).isForGood())
                .isTrue();
        assertThat(requests).hasSize(1);
    }

    @Test
    void a_receiver_says_when_it_wants_more() {
        Channel hook = Channels.open(at("http", "/hook"));
        assertThat(refused("503 Retry-After 120", hook).retryAfter()).isEqualTo(Duration.ofMinutes(2));
        assertThat(refused("429 Retry-After 999999999", hook).retryAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(refused("429 Retry-After soon", hook).retryAfter()).isNull();
    }

    @Test
    void a_date_is_understood_too() {
        assertThat(Http.wait("Fri, 15 Jan 2027 08:00:30 GMT", 1_800_000_000_000L))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(Http.wait("Fri, 15 Jan 2027 07:00:00 GMT", 1_800_000_000_000L))
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void the_letters_before_a_refused_one_count_as_delivered() {
        answers.add("200");
        answers.add("200");
        answers.add("413");
        UndeliveredException refused =
                catchThrowableOfType(UndeliveredException.class, () -> Channels.open(at("http", "/hook"))
                        .send(List.of(Channels.letter(1), Channels.letter(2), Channels.letter(3))));
        assertThat(refused.delivered()).isEqualTo(2);
    }

    @Test
    void nobody_there_is_no_refusal() {
        assertThatThrownBy(() -> Channels.open("http://127.0.0.1:" + Ports.free() + "/hook")
                        .send(List.of(Channels.letter(1))))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UndeliveredException.class);
    }

    @Test
    void slack_gets_a_text_that_mentions_nobody() throws Exception {
        Channels.open(at("slack+http", "/services/T/B/x"))
                .send(List.of(new Letter("id", "[shop] ERROR <!channel>", "a & b\n\"quoted\"")));
        assertThat(requests.get(0).target()).isEqualTo("/services/T/B/x");
        assertThat(requests.get(0).body())
                .isEqualTo("{\"text\":\"*[shop] ERROR &lt;!channel&gt;*\\na &amp; b\\n\\\"quoted\\\"\"}");
    }

    @Test
    void nsq_is_published_to_by_http() throws Exception {
        Channels.open(at("nsq", "/failures")).send(List.of(Channels.letter(1)));
        assertThat(requests.get(0).target()).isEqualTo("/pub?topic=failures");
        assertThat(requests.get(0).body()).isEqualTo(Channels.letter(1).text());
    }

    @Test
    void two_of_nsq_must_both_have_taken_it() {
        int port = server.getAddress().getPort();
        Channel nsq = Channels.open("nsq://127.0.0.1:" + port + ",localhost:" + port + "/failures");
        answers.add("200");
        assertThat(refused("503", nsq).isForGood()).isFalse();
        assertThat(requests).hasSize(2);
    }
}
