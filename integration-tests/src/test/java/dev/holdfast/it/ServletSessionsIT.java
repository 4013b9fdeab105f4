package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.it.programs.http.Visitor;
import dev.holdfast.it.programs.http.Wire;
import dev.holdfast.servers.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code HttpSession} shared by all nodes, in real servlet containers. */
class ServletSessionsIT {

    private static final String COOKIE = "HSESSION";

    @TestFactory
    Stream<DynamicNode> one_node_of_jetty() {
        return oneNode(ServletContainer.JETTY_JAKARTA, ServletContainer.JETTY_JAVAX, ServletContainer.JETTY_OLD);
    }

    @TestFactory
    Stream<DynamicNode> one_node_of_tomcat() {
        return oneNode(ServletContainer.TOMCAT_JAKARTA, ServletContainer.TOMCAT_JAVAX, ServletContainer.TOMCAT_NEWEST);
    }

    private static Stream<DynamicNode> oneNode(ServletContainer... containers) {
        return ServletContainer.cases(
                List.of(containers), "Sessions", Jvm.of(Jdk.running()), run -> assertThat(run.err())
                        .as("%s", run)
                        .doesNotContain("the response could not be sent")
                        .contains("Shared.service(HttpServletRequest, HttpServletResponse): failed, answers 500"));
    }

    /** A JVM of its own that serves {@code web.Node}. */
    private static final class Node implements AutoCloseable {

        private final Process process;
        private final int port;

        private final Path log;

        private Node(Process process, Path log) throws IOException {
            this.process = process;
            this.log = log;
            String line = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
            assertThat(line).as("the port of a node").isNotNull();
            this.port = Integer.parseInt(line);
        }

        static Node start(ServletContainer container, RedisServer redis) throws IOException {
            List<Path> classPath = new ArrayList<>(container.classPath("Node"));
            classPath.add(Jvm.programs());
            Path log = Jvm.work("output").resolve(container + ".txt");
            ProcessBuilder builder = new ProcessBuilder(
                            Jdk.running().java().toString(),
                            "-javaagent:" + Jvm.agent(),
                            "-Dholdfast.redis=" + redis.url(),
                            "-Dholdfast.redis.timeout=2s", // a busy machine is not an outage
                            "-Dholdfast.session.allow=web.Node$Cart",
                            "-cp",
                            ServletContainer.joined(classPath),
                            "web.Node")
                    .redirectError(log.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
            return new Node(builder.start(), log);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** The two are as different as can be: another container, and another name of the API. */
    @Test
    void two_nodes_have_one_session() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Node first = Node.start(ServletContainer.TOMCAT_JAKARTA, redis);
                Node second = Node.start(ServletContainer.JETTY_JAVAX, redis)) {
            int[] ports = {first.port, second.port};
            nothing_is_stale(ports);
            a_login_and_a_logout_hold_on_the_other_node(ports);
            of_a_failed_attempt_nothing_is_left(ports);
            for (int port : ports) {
                what_was_flushed_is_there_on_the_other_node(port, port == ports[0] ? ports[1] : ports[0]);
            }
            an_outage_after_the_method_is_answered_for(first, second.port, redis);
            redis.restart();
            an_outage_after_the_method_is_answered_for(second, first.port, redis);
        }
    }

    /** The answer of an exchange that goes on when its method has returned is that of any other, and the log hears of it once. */
    private static void an_outage_after_the_method_is_answered_for(Node node, int other, RedisServer redis)
            throws Exception {
        Visitor visitor = new Visitor(COOKIE);
        await().untilAsserted(() ->
                assertThat(visitor.get(node.port, "/count").status).isEqualTo(200));
        Visitor same = new Visitor(COOKIE).with(visitor.id());
        CompletableFuture<Wire.Reply> late = new CompletableFuture<>();
        Thread client = new Thread(() -> {
            try {
                late.complete(visitor.get(node.port, "/late"));
            } catch (Exception failed) {
                late.completeExceptionally(failed);
            }
        });
        client.start();
        await().untilAsserted(() -> assertThat(same.get(other, "/look").body).isEqualTo("early"));
        redis.kill();
        Wire.get(node.port, "/end");
        Wire.Reply reply = late.get(30, TimeUnit.SECONDS);
        assertThat(reply.status).isEqualTo(503);
        assertThat(reply.body).isEqualTo("{\"error\":\"Service Unavailable\"}");
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(Files.readString(node.log)).containsOnlyOnce("rejected, answers 503 Service Unavailable");
    }

    private static void nothing_is_stale(int[] ports) throws IOException {
        Visitor visitor = new Visitor(COOKIE);
        List<String> items = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            assertThat(visitor.get(ports[i % 2], "/count").body).isEqualTo(String.valueOf(i + 1));
            if (i < 20) {
                items.add("item" + i);
                assertThat(visitor.get(ports[i % 2], "/put").body).isEqualTo(items.toString());
            }
        }
    }

    private static void a_login_and_a_logout_hold_on_the_other_node(int[] ports) throws IOException {
        Visitor visitor = new Visitor(COOKIE);
        visitor.get(ports[0], "/count");
        String guest = visitor.id();
        assertThat(visitor.get(ports[0], "/login").body).isEqualTo(visitor.id()).isNotEqualTo(guest);
        assertThat(visitor.get(ports[1], "/look").body).isEqualTo("ada");
        assertThat(new Visitor(COOKIE).with(guest).get(ports[1], "/look").body).isEqualTo("nobody");
        String user = visitor.id();
        Wire.Reply logout = visitor.get(ports[1], "/logout");
        assertThat(logout.status).isEqualTo(302);
        assertThat(visitor.id()).isNull();
        assertThat(visitor.with(user).get(ports[0], "/look").body).isEqualTo("nobody");
        assertThat(new Visitor(COOKIE).with(guest).get(ports[0], "/look").body).isEqualTo("nobody");
    }

    private static void of_a_failed_attempt_nothing_is_left(int[] ports) throws IOException {
        Visitor visitor = new Visitor(COOKIE);
        String expected = "null";
        for (int i = 0; i < 6; i++) {
            expected += "x";
            int attempt = i / 2 * 2 + 2;
            Wire.Reply reply = visitor.get(ports[i % 2], "/fails");
            assertThat(reply.body).isEqualTo("attempt " + attempt + ": " + expected);
            assertThat(reply.header("X-Attempt")).isEqualTo(String.valueOf(attempt));
        }
    }

    private static void what_was_flushed_is_there_on_the_other_node(int port, int other) throws Exception {
        HttpResponse<InputStream> reply = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/stream"))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        String set = reply.headers().firstValue("Set-Cookie").orElseThrow();
        Visitor visitor = new Visitor(COOKIE).with(set.substring(COOKIE.length() + 1, set.indexOf(';')));
        try (InputStream body = reply.body()) {
            assertThat(new String(body.readNBytes(6), UTF_8)).isEqualTo("begun;");
            assertThat(visitor.get(other, "/look").body).isEqualTo("streamed");
            Wire.get(port, "/go");
            assertThat(new String(body.readAllBytes(), UTF_8)).isEqualTo("done");
        }
        assertThat(visitor.get(other, "/look").body).isEqualTo("done");
    }
}
