package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.it.programs.session.OwnValues;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;
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
 * Sessions that two nodes share by way of a real Redis. With {@code -Dit.sessions.rounds=100} what is counted is counted in full: 10,000 requests to
 * alternating nodes, 2 × 100,000 writes, and 10,000 logouts against a late save.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init") // set before all
class SessionIT {

    private static final int ROUNDS = Integer.getInteger("it.sessions.rounds", 1);

    /** Long enough for a machine that has other things to do. */
    private static final String[] PATIENT = {"-Dholdfast.redis.timeout=5s"};

    private static RedisServer redis;
    private static SessionNode one;
    private static SessionNode other;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start();
        one = server();
        other = server();
    }

    private static SessionNode server(String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of(PATIENT));
        options.add("-Dholdfast.redis=" + redis.url());
        options.addAll(List.of(more));
        return new SessionNode(options.toArray(new String[0]));
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

    private static SessionNode node(int number) {
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
                SessionBrowser browser = new SessionBrowser();
                int stale = 0;
                for (int i = 1; i <= Math.max(250, 25 * ROUNDS); i++) {
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
        SessionBrowser browser = new SessionBrowser();
        for (int i = 1; i <= 20; i++) {
            assertThat(browser.ask(node(i), "/strict/add?apple")).isEqualTo(String.valueOf(i));
        }
        assertThat(browser.ask(one, "/strict/get?cart")).endsWith("Item[name=apple, count=20]]");
    }

    @Test
    void writes_of_different_values_at_the_same_time_are_all_there() throws Exception {
        SessionBrowser browser = new SessionBrowser();
        browser.ask(one, "/strict/set?user=Ann");
        String cookie = browser.cookie;
        List<Callable<String>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int number = writer;
            writers.add(() -> {
                SessionBrowser own = new SessionBrowser(cookie);
                String last = "";
                for (int i = 0; i < 250; i++) {
                    last = own.ask(node(number), "/strict/count?n" + number);
                }
                return last;
            });
        }
        assertThat(together(writers)).containsOnly("250");
        for (int writer = 0; writer < 4; writer++) {
            assertThat(browser.ask(node(writer), "/strict/get?n" + writer)).isEqualTo("250");
        }
    }

    /** As fast as two nodes can, with so many of them in a request that it is answered in seconds also where others want the processors. */
    @Test
    void thousands_of_writes_of_two_nodes_to_one_session_are_all_there() throws Exception {
        String each = String.valueOf(1000 * ROUNDS);
        List<Callable<String>> writers = List.of(() -> burst(one, "a"), () -> burst(other, "b"));
        assertThat(together(writers)).containsExactly(each, each);
        for (SessionNode node : List.of(one, other)) {
            assertThat(new SessionBrowser().ask(node, "/user/userget?bea=a")).isEqualTo(each);
            assertThat(new SessionBrowser().ask(node, "/user/userget?bea=b")).isEqualTo(each);
        }
    }

    private static String burst(SessionNode node, String name) throws IOException {
        String last = "";
        for (int round = 0; round < ROUNDS; round++) {
            last = new SessionBrowser().ask(node, "/burst/?bea&" + name + "&1000");
        }
        return last;
    }

    @Test
    void a_thread_sees_what_it_has_set_though_others_change_the_session_and_it_is_interrupted() {
        Jvm.Run run = Jvm.of(Jdk.all().get(Jdk.all().size() - 1))
                .options("-Dholdfast.redis=" + redis.url(), PATIENT[0])
                .run(OwnValues.class.getName());
        assertThat(run.succeeds().lines()).containsExactly("seen");
    }

    @Test
    void no_step_of_a_counter_is_lost_where_conflicts_fail_and_are_tried_again() throws Exception {
        SessionBrowser browser = new SessionBrowser();
        browser.ask(one, "/strict/set?user=Ann");
        String cookie = browser.cookie;
        List<Callable<Set<String>>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int number = writer;
            writers.add(() -> {
                SessionBrowser own = new SessionBrowser(cookie);
                Set<String> seen = new HashSet<>();
                for (int i = 0; i < 50; i++) {
                    seen.add(own.ask(node(number), "/retry/count?n"));
                }
                return seen;
            });
        }
        Set<String> all = new HashSet<>();
        together(writers).forEach(all::addAll);
        assertThat(all).hasSize(200);
        assertThat(browser.ask(one, "/strict/get?n")).isEqualTo("200");
    }

    @Test
    void a_session_that_was_ended_stays_so_however_late_another_call_saves() throws Exception {
        List<Callable<Integer>> racers = new ArrayList<>();
        for (int racer = 0; racer < 4; racer++) {
            racers.add(() -> raised(Math.max(40, 25 * ROUNDS)));
        }
        assertThat(together(racers)).containsOnly(0);
    }

    /** How many of so many sessions have come back. */
    private int raised(int races) throws Exception {
        int raised = 0;
        for (int i = 0; i < races; i++) {
            SessionBrowser browser = new SessionBrowser();
            browser.ask(node(i), "/strict/set?user=Ann");
            String cookie = browser.cookie;
            int wait = i % 4;
            Future<String> late = threads.submit(() -> new SessionBrowser(cookie).ask(other, "/slow/get?user=" + wait));
            new SessionBrowser(cookie).ask(one, "/strict/logout");
            late.get();
            for (SessionNode node : List.of(one, other)) {
                raised += new SessionBrowser(cookie).ask(node, "/strict/names").equals("[]") ? 0 : 1;
            }
        }
        return raised;
    }

    @Test
    void an_id_that_nobody_issued_is_not_taken() throws Exception {
        String forged = "AAAAAAAA." + "B".repeat(43);
        SessionBrowser browser = new SessionBrowser(forged);
        assertThat(browser.ask(one, "/strict/get?user")).isEqualTo("null");
        browser.ask(one, "/strict/set?user=Eve");
        assertThat(browser.cookie).isNotEqualTo(forged);
        assertThat(new SessionBrowser(forged).ask(other, "/strict/get?user")).isEqualTo("null");
        assertThat(browser.ask(other, "/strict/get?user")).isEqualTo("Eve");
    }

    @Test
    void a_new_id_takes_the_values_along_and_the_old_one_is_dead() throws Exception {
        SessionBrowser browser = new SessionBrowser();
        browser.ask(one, "/strict/set?cart=full");
        String before = browser.cookie;
        browser.ask(other, "/strict/login?Ann");
        assertThat(browser.cookie).isNotEqualTo(before);
        assertThat(browser.ask(one, "/strict/get?cart")).isEqualTo("full");
        assertThat(browser.ask(one, "/strict/get?user")).isEqualTo("Ann");
        assertThat(new SessionBrowser(before).ask(one, "/strict/names")).isEqualTo("[]");
        assertThat(new SessionBrowser(before).ask(other, "/strict/names")).isEqualTo("[]");
    }

    @Test
    void nothing_of_an_id_is_in_redis_or_in_a_log() throws Exception {
        SessionBrowser browser = new SessionBrowser();
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
        awaitListeners();
        SessionBrowser browser = new SessionBrowser();
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
    void a_near_copy_is_a_second_old_at_most_also_while_the_node_hears_nothing() throws Exception {
        awaitListeners();
        SessionBrowser browser = new SessionBrowser();
        browser.ask(one, "/near/set?n=0");
        for (int i = 1; i <= 3; i++) {
            assertThat(browser.ask(other, "/near/get?n")).isEqualTo(String.valueOf(i - 1));
            assertThat(redis.command("CLIENT", "KILL", "TYPE", "pubsub")).startsWith(":");
            browser.ask(one, "/near/set?n=" + i);
            String expected = String.valueOf(i);
            await().atMost(Duration.ofSeconds(1))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> browser.ask(other, "/near/get?n").equals(expected));
            awaitListeners();
        }
    }

    @Test
    void a_node_is_connected_before_its_first_visitor_comes() throws Exception {
        try (RedisServer own = RedisServer.start();
                SessionNode node = new SessionNode(PATIENT[0], "-Dholdfast.redis=" + own.url())) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(own.command("INFO", "commandstats"))
                    .as("%s", node.log())
                    .contains("cmdstat_eval", "cmdstat_subscribe"));
        }
    }

    private static void awaitListeners() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(redis.command(
                        "EVAL", "return '' .. redis.call('PUBSUB', 'NUMSUB', 'holdfast:sessions')[2]", "0"))
                .as("nodes that listen")
                .contains("2"));
    }

    @Test
    void a_value_of_a_class_that_another_node_does_not_have_is_absent_there_and_not_lost() throws Exception {
        Path classes = Javac.into(Jvm.work("extra"), 17)
                .compile("extra/Extra.java", "package extra; public record Extra(String name) {}");
        try (SessionNode newer = new SessionNode(List.of(classes), PATIENT[0], "-Dholdfast.redis=" + redis.url())) {
            SessionBrowser browser = new SessionBrowser();
            browser.ask(newer, "/strict/extra?thing=a");
            browser.ask(newer, "/strict/set?plain=b");
            for (int i = 0; i < 3; i++) {
                assertThat(browser.ask(one, "/strict/get?thing")).isEqualTo("null");
                assertThat(browser.status).isEqualTo(200);
                browser.ask(one, "/strict/set?plain=c" + i);
            }
            assertThat(browser.ask(newer, "/strict/get?thing")).isEqualTo("Extra[name=a]");
            assertThat(browser.ask(newer, "/strict/get?plain")).isEqualTo("c2");
            assertThat(one.log()).containsOnlyOnce("the session's \"thing\" cannot be read");
        }
    }

    @Test
    void what_is_damaged_is_no_error_page() throws Exception {
        SessionBrowser browser = new SessionBrowser();
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
                SessionNode node = new SessionNode("-Dholdfast.redis=" + own.url(), "-Dholdfast.redis.timeout=500ms");
                SessionNode fresh =
                        new SessionNode("-Dholdfast.redis=" + own.url(), "-Dholdfast.redis.timeout=500ms")) {
            SessionBrowser browser = new SessionBrowser();
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
        try (SessionNode alone = new SessionNode()) {
            SessionBrowser browser = new SessionBrowser();
            for (int i = 1; i <= 20; i++) {
                assertThat(browser.ask(alone, "/strict/count?n")).isEqualTo(String.valueOf(i));
            }
            String cookie = browser.cookie;
            browser.ask(alone, "/strict/logout");
            assertThat(new SessionBrowser(cookie).ask(alone, "/strict/names")).isEqualTo("[]");
        }
    }
}
