package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.it.programs.session.Node;
import dev.holdfast.servers.RedisServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sessions that two nodes share by way of a real Redis. With {@code -Dit.sessions.rounds=10} there is ten times as much of what is counted.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init") // set before all
class SessionIT {

    private static final int ROUNDS = Integer.getInteger("it.sessions.rounds", 1);

    /** Long enough for a machine that has other things to do. */
    private static final String[] PATIENT = {"-Dholdfast.redis.timeout=5s"};

    private static RedisServer redis;
    private static Server one;
    private static Server other;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** A JVM that serves. */
    private static final class Server implements AutoCloseable {

        private final Process process;
        private final Path log;
        private final int port;

        Server(String... options) throws IOException {
            log = Files.createTempFile(Jvm.work("output"), "node", ".txt");
            ProcessBuilder builder = new ProcessBuilder(
                            Jvm.of(Jdk.running()).options(options).command(Node.class.getName()))
                    .redirectError(log.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
            process = builder.start();
            BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            String line = out.readLine();
            if (line == null || !line.startsWith("port ")) {
                process.destroyForcibly();
                throw new AssertionError(line + Files.readString(log));
            }
            port = Integer.parseInt(line.substring("port ".length()));
        }

        String log() throws IOException {
            return Files.readString(log);
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }

    /** A client with a cookie, and a connection of its own to each server that it asks. Not thread-safe. */
    private static final class Browser {

        private String cookie = "";
        private int status;
        private final List<String> setCookies = new ArrayList<>();

        Browser() {}

        Browser(String cookie) {
            this.cookie = cookie;
        }

        String ask(Server server, String path) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
                socket.setSoTimeout(30_000);
                String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (cookie.isEmpty() ? "" : "Cookie: HSESSION=" + cookie + "\r\n") + "Connection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(UTF_8));
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                String first = in.readLine();
                if (first == null) {
                    throw new IOException("no response");
                }
                status = Integer.parseInt(first.split(" ", 3)[1]);
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    if (line.startsWith("Set-cookie: HSESSION=")) {
                        setCookies.add(line);
                        String value = line.substring("Set-cookie: HSESSION=".length(), line.indexOf(';'));
                        cookie = value;
                    }
                }
                String body = in.readLine();
                return body == null ? "" : body;
            }
        }
    }

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start();
        one = server();
        other = server();
    }

    private static Server server(String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of(PATIENT));
        options.add("-Dholdfast.redis=" + redis.url());
        options.addAll(List.of(more));
        return new Server(options.toArray(new String[0]));
    }

    @AfterAll
    static void end() throws IOException {
        one.close();
        other.close();
        redis.close();
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static Server node(int number) {
        return number % 2 == 0 ? one : other;
    }

    private <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(tasks)) {
            results.add(future.get());
        }
        return results;
    }

    @Test
    void a_client_that_asks_another_node_each_time_sees_what_it_did_before() throws Exception {
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            clients.add(() -> {
                Browser browser = new Browser();
                int stale = 0;
                for (int i = 1; i <= 250 * ROUNDS; i++) {
                    String seen = browser.ask(node(i), "/strict/count?n");
                    stale += seen.equals(String.valueOf(i)) ? 0 : 1;
                }
                return stale;
            });
        }
        assertThat(together(clients)).containsOnly(0);
    }

    @Test
    void what_was_changed_in_place_is_there_on_the_other_node() throws Exception {
        Browser browser = new Browser();
        for (int i = 1; i <= 20; i++) {
            assertThat(browser.ask(node(i), "/strict/add?apple")).isEqualTo(String.valueOf(i));
        }
        assertThat(browser.ask(one, "/strict/get?cart")).endsWith("Item[name=apple, count=20]]");
    }

    @Test
    void writes_of_different_values_at_the_same_time_are_all_there() throws Exception {
        Browser browser = new Browser();
        browser.ask(one, "/strict/set?user=Ann");
        String cookie = browser.cookie;
        List<Callable<String>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int number = writer;
            writers.add(() -> {
                Browser own = new Browser(cookie);
                String last = "";
                for (int i = 0; i < 250 * ROUNDS; i++) {
                    last = own.ask(node(number), "/strict/count?n" + number);
                }
                return last;
            });
        }
        assertThat(together(writers)).containsOnly(String.valueOf(250 * ROUNDS));
        for (int writer = 0; writer < 4; writer++) {
            assertThat(browser.ask(node(writer), "/strict/get?n" + writer)).isEqualTo(String.valueOf(250 * ROUNDS));
        }
    }

    @Test
    void no_step_of_a_counter_is_lost_where_conflicts_fail_and_are_tried_again() throws Exception {
        Browser browser = new Browser();
        browser.ask(one, "/strict/set?user=Ann");
        String cookie = browser.cookie;
        List<Callable<Set<String>>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int number = writer;
            writers.add(() -> {
                Browser own = new Browser(cookie);
                Set<String> seen = new HashSet<>();
                for (int i = 0; i < 50 * ROUNDS; i++) {
                    seen.add(own.ask(node(number), "/retry/count?n"));
                }
                return seen;
            });
        }
        Set<String> all = new HashSet<>();
        together(writers).forEach(all::addAll);
        assertThat(all).hasSize(200 * ROUNDS);
        assertThat(browser.ask(one, "/strict/get?n")).isEqualTo(String.valueOf(200 * ROUNDS));
    }

    @Test
    void a_session_that_was_ended_stays_so_however_late_another_call_saves() throws Exception {
        int raised = 0;
        for (int i = 0; i < 150 * ROUNDS; i++) {
            Browser browser = new Browser();
            browser.ask(node(i), "/strict/set?user=Ann");
            String cookie = browser.cookie;
            int wait = i % 4;
            Future<String> late = threads.submit(() -> new Browser(cookie).ask(other, "/slow/get?user=" + wait));
            new Browser(cookie).ask(one, "/strict/logout");
            late.get();
            for (Server node : List.of(one, other)) {
                raised += new Browser(cookie).ask(node, "/strict/get?user").equals("null") ? 0 : 1;
                raised += new Browser(cookie).ask(node, "/strict/get?slow").equals("null") ? 0 : 1;
            }
        }
        assertThat(raised).isZero();
    }

    @Test
    void an_id_that_nobody_issued_is_not_taken() throws Exception {
        String forged = "AAAAAAAA." + "B".repeat(43);
        Browser browser = new Browser(forged);
        assertThat(browser.ask(one, "/strict/get?user")).isEqualTo("null");
        browser.ask(one, "/strict/set?user=Eve");
        assertThat(browser.cookie).isNotEqualTo(forged);
        assertThat(new Browser(forged).ask(other, "/strict/get?user")).isEqualTo("null");
        assertThat(browser.ask(other, "/strict/get?user")).isEqualTo("Eve");
    }

    @Test
    void a_new_id_takes_the_values_along_and_the_old_one_is_dead() throws Exception {
        Browser browser = new Browser();
        browser.ask(one, "/strict/set?cart=full");
        String before = browser.cookie;
        browser.ask(other, "/strict/login?Ann");
        assertThat(browser.cookie).isNotEqualTo(before);
        assertThat(browser.ask(one, "/strict/get?cart")).isEqualTo("full");
        assertThat(browser.ask(one, "/strict/get?user")).isEqualTo("Ann");
        assertThat(new Browser(before).ask(one, "/strict/names")).isEqualTo("[]");
        assertThat(new Browser(before).ask(other, "/strict/names")).isEqualTo("[]");
    }

    @Test
    void nothing_of_an_id_is_in_redis_or_in_a_log() throws Exception {
        Browser browser = new Browser();
        browser.ask(one, "/strict/login?Ann");
        browser.ask(other, "/slow/get?user=1");
        String secret = browser.cookie.substring(browser.cookie.indexOf('.') + 1);
        String keys = redis.command(
                "EVAL",
                "local t = {} for _, k in ipairs(redis.call('KEYS', '*')) do t[#t + 1] = k"
                        + " if redis.call('TYPE', k).ok == 'hash' then for _, v in ipairs(redis.call('HGETALL', k)) do"
                        + " t[#t + 1] = v end end if redis.call('PTTL', k) < 0 then t[#t + 1] = 'IMMORTAL' end end"
                        + " return table.concat(t, ' ')",
                "0");
        assertThat(keys).contains("holdfast:session:{").doesNotContain(secret).doesNotContain("IMMORTAL");
        assertThat(one.log() + other.log()).doesNotContain(secret);
        assertThat(browser.setCookies.get(0)).endsWith("; Path=/; HttpOnly; SameSite=Lax");
    }

    @Test
    void a_near_copy_is_a_second_old_at_most() throws Exception {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(redis.command(
                        "EVAL", "return '' .. redis.call('PUBSUB', 'NUMSUB', 'holdfast:sessions')[2]", "0"))
                .as("nodes that listen")
                .contains("2"));
        Browser browser = new Browser();
        browser.ask(one, "/near/set?n=0");
        for (int i = 1; i <= 5; i++) {
            assertThat(browser.ask(other, "/near/get?n")).isEqualTo(String.valueOf(i - 1));
            browser.ask(one, "/near/set?n=" + i);
            String expected = String.valueOf(i);
            await().atMost(Duration.ofSeconds(1))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> browser.ask(other, "/near/get?n").equals(expected));
        }
    }

    @Test
    void what_is_damaged_is_no_error_page() throws Exception {
        Browser browser = new Browser();
        browser.ask(one, "/user/userset?dora=a=1");
        redis.command(
                "EVAL",
                "for _, k in ipairs(redis.call('KEYS', 'holdfast:session:*')) do"
                        + " if redis.call('HGET', k, '@a') then redis.call('HSET', k, '@a', '1 \\255\\255', '@b', 'x') end end",
                "0");
        assertThat(browser.ask(other, "/user/userget?dora=a")).isEqualTo("null");
        assertThat(browser.ask(other, "/user/userget?dora=a")).isEqualTo("null");
        assertThat(browser.ask(other, "/user/userget?dora=b")).isEqualTo("null");
        assertThat(browser.status).isEqualTo(200);
        assertThat(other.log()).containsOnlyOnce("the session's \"a\" cannot be read");
        redis.command(
                "EVAL",
                "for _, k in ipairs(redis.call('KEYS', 'holdfast:session:*')) do if redis.call('HGET', k, '@a') then"
                        + " redis.call('DEL', k) redis.call('SET', k, 'garbage', 'PX', 60000) end end",
                "0");
        assertThat(browser.ask(other, "/user/userget?dora=a")).isEqualTo("null");
        browser.ask(other, "/user/userset?dora=a=2");
        assertThat(browser.ask(one, "/user/userget?dora=a")).isEqualTo("2");
    }

    @Test
    void without_redis_a_method_denies_or_goes_on_and_pays_later() throws Exception {
        try (RedisServer own = RedisServer.start();
                Server node = new Server("-Dholdfast.redis=" + own.url(), "-Dholdfast.redis.timeout=500ms");
                Server fresh = new Server("-Dholdfast.redis=" + own.url(), "-Dholdfast.redis.timeout=500ms")) {
            Browser browser = new Browser();
            browser.ask(node, "/share/set?a=1");
            own.pause();
            assertThat(browser.ask(node, "/strict/get?a")).isEqualTo("{\"error\":\"Service Unavailable\"}");
            assertThat(browser.status).isEqualTo(503);
            assertThat(browser.ask(node, "/share/get?a")).isEqualTo("1");
            browser.ask(node, "/share/set?b=2");
            assertThat(browser.ask(node, "/share/get?b")).isEqualTo("2");
            browser.ask(node, "/usershare/userset?zoe=x=1");
            assertThat(browser.status).isEqualTo(200);
            own.resume();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> browser.ask(fresh, "/strict/get?b").equals("2"));
            assertThat(browser.ask(fresh, "/strict/get?a")).isEqualTo("1");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> browser.ask(fresh, "/user/userget?zoe=x").equals("1"));

            own.kill();
            browser.ask(node, "/share/set?c=3");
            assertThat(browser.ask(node, "/share/get?a")).isEqualTo("1");
            own.restart(); // with nothing in it
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> browser.ask(fresh, "/strict/get?c").equals("3"));
            assertThat(browser.ask(fresh, "/strict/get?a")).isEqualTo("1");
        }
    }

    @Test
    void in_one_jvm_it_needs_no_redis() throws Exception {
        try (Server alone = new Server()) {
            Browser browser = new Browser();
            for (int i = 1; i <= 20; i++) {
                assertThat(browser.ask(alone, "/strict/count?n")).isEqualTo(String.valueOf(i));
            }
            String cookie = browser.cookie;
            browser.ask(alone, "/strict/logout");
            assertThat(new Browser(cookie).ask(alone, "/strict/names")).isEqualTo("[]");
        }
    }
}
