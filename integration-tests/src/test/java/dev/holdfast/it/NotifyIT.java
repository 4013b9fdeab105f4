package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.notify.Killed;
import dev.holdfast.it.programs.notify.Tellings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What {@code @NotifyOnFailure} promises, under the agent and against real receivers. */
class NotifyIT {

    /** A call of a webhook. */
    private record Hook(String id, String timestamp, String signature, String body) {}

    private static final String SECRET =
            "whsec_" + Base64.getEncoder().encodeToString("sixteen bytes...".getBytes(UTF_8));

    private final ConcurrentLinkedQueue<Hook> hooks = new ConcurrentLinkedQueue<>();

    /** How many of the next calls are answered by a 503. */
    private final AtomicInteger refusals = new AtomicInteger();

    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", this::take);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            hooks.add(new Hook(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                    body));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private String hook() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?secret=" + SECRET;
    }

    private Jvm jvm(String application) {
        return Jvm.of(Jdk.running())
                .options(
                        "-Dholdfast.journal=" + folder.resolve("journal"),
                        "-Dholdfast.application=" + application,
                        "-Dholdfast.channel.hook=" + hook());
    }

    @TestFactory
    Stream<DynamicNode> tells() {
        Path events = folder.resolve("events.jsonl");
        Jvm jvm = jvm("tellings of it")
                .options(
                        "-Dit.events=" + events,
                        "-Dholdfast.notify=file",
                        "-Dholdfast.channel.file=file:" + events,
                        "-Dholdfast.channel.flood=file:" + events + ".flood",
                        "-Dholdfast.channel.own=selfish:whatever",
                        "-Dholdfast.channel.strange=strange://host/path");
        List<String> expected = Program.cases(Tellings.class, false).stream()
                .map(method -> Program.name(Tellings.class, method))
                .toList();
        Jvm.Run run = jvm.run(Program.class.getName(), Tellings.class.getName());
        return Cases.report(expected, run, whole -> {
            assertThat(run.err())
                    .containsOnlyOnce("holdfast.channel.nowhere has no address")
                    .containsOnlyOnce("holdfast.channel.strange has an unknown scheme, strange")
                    .containsOnlyOnce("the message of @NotifyOnFailure cannot be filled in")
                    .contains("\"message\":\"failure for nobody\"");
        });
    }

    @Test
    void tells_after_a_kill_what_it_had_taken_before_and_signs_it() throws Exception {
        refusals.set(Integer.MAX_VALUE);
        assertThat(jvm("killed").run(Killed.class.getName(), "200").exit()).isEqualTo(3);
        assertThat(hooks).isEmpty();

        refusals.set(0);
        jvm("killed").run(Killed.class.getName()).succeeds();

        Set<String> told = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (Hook hook : hooks) {
            assertThat(hook.signature()).isEqualTo("v1," + signature(hook));
            assertThat(hook.body()).contains("\"id\":\"" + hook.id() + "\"").doesNotContain("\n");
            ids.add(hook.id());
            told.add(hook.body().replaceAll(".*failure before the end (\\d+).*", "$1"));
        }
        assertThat(told).hasSize(200);
        assertThat(ids).hasSize(200);
        // All is told, so nothing is left but the folder of the application.
        try (Stream<Path> left = Files.list(folder.resolve("journal").resolve("killed"))) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    private static String signature(Hook hook) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("sixteen bytes...".getBytes(UTF_8), "HmacSHA256"));
        String signed = hook.id() + "." + hook.timestamp() + "." + hook.body();
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }

    @Test
    void keeps_nobody_waiting_at_the_end_for_a_receiver_that_is_away() {
        refusals.set(Integer.MAX_VALUE);
        long begun = System.nanoTime();
        List<String> lines = jvm("away").run(Killed.class.getName()).succeeds().lines();
        assertThat(lines).isEmpty();
        assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
    }
}
