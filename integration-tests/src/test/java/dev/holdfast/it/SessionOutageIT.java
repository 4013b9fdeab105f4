package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.it.programs.session.OnAndOff;
import dev.holdfast.servers.Proxy;
import dev.holdfast.servers.RedisCluster;
import dev.holdfast.servers.RedisSentinel;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sessions of two nodes under load, while their Redis is killed, hangs, or makes way for another one. Each visitor counts in a session of his own, and
 * knows what he was told: a later answer may tell of what nobody acknowledged, never of less.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SessionOutageIT {

    private static final int VISITORS = 6;

    /** Of a call that is answered without Redis; a busy machine is not an outage. */
    private static final long SLOW_MILLIS = 2_500;

    private static final String[] TIMEOUT = {"-Dholdfast.redis.timeout=300ms"};

    private static SessionNode node(String url) throws IOException {
        return new SessionNode(TIMEOUT[0], "-Dholdfast.redis=" + url);
    }

    /** Visitors who count, each on both nodes in turn. */
    private static final class Load implements AutoCloseable {

        private final List<Visitor> visitors = new ArrayList<>();

        /** Shared by requests under way. */
        private final ReadWriteLock requests = new ReentrantReadWriteLock(true);

        private volatile boolean over;

        Load(String path, SessionNode... nodes) {
            for (int i = 0; i < VISITORS; i++) {
                Visitor visitor = new Visitor(path, nodes, i);
                visitors.add(visitor);
                visitor.start();
            }
        }

        private final class Visitor extends Thread {

            private final SessionBrowser browser = new SessionBrowser();
            private final List<String> faults = new ArrayList<>();
            private final String path;
            private final SessionNode[] nodes;
            private int turn;
            private volatile int told;
            private int unknown;
            private final AtomicInteger answers = new AtomicInteger();
            private final AtomicInteger refusals = new AtomicInteger();
            private volatile long slowestMillis;

            Visitor(String path, SessionNode[] nodes, int turn) {
                super("visitor-" + turn);
                setDaemon(true);
                this.path = path;
                this.nodes = nodes;
                this.turn = turn;
            }

            @Override
            public void run() {
                while (!over) {
                    requests.readLock().lock();
                    try {
                        ask();
                    } catch (IOException | RuntimeException broken) {
                        faults.add(String.valueOf(broken));
                        return;
                    } finally {
                        requests.readLock().unlock();
                    }
                }
            }

            private void ask() throws IOException {
                String before = browser.cookie;
                long began = System.nanoTime();
                String said = browser.ask(nodes[turn++ % nodes.length], path);
                slowestMillis = Math.max(slowestMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                if (browser.status == 503) {
                    refusals.incrementAndGet();
                    unknown++;
                    browser.cookie = before;
                    return;
                }
                if (browser.status != 200) {
                    faults.add(browser.status + " " + said);
                    return;
                }
                int count = Integer.parseInt(said);
                if (count <= told || count > told + 1 + unknown) {
                    faults.add(count + " after " + told + ", with " + unknown + " in doubt");
                }
                told = count;
                unknown = 0;
                answers.incrementAndGet();
            }
        }

        /** Lets no request begin until {@link #go}, and waits for those under way. */
        void hold() {
            requests.writeLock().lock();
        }

        void go() {
            requests.writeLock().unlock();
        }

        int refusals() {
            return visitors.stream().mapToInt(visitor -> visitor.refusals.get()).sum();
        }

        /** Waits until every visitor has got some more answers. */
        void awaitAnswers() {
            int[] before =
                    visitors.stream().mapToInt(visitor -> visitor.answers.get()).toArray();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> {
                        for (int i = 0; i < before.length; i++) {
                            assertThat(visitors.get(i).answers.get())
                                    .as("of visitor %s: %s", i, visitors.get(i).faults)
                                    .isGreaterThan(before[i] + 20);
                        }
                    });
        }

        void awaitRefusals() {
            int before = refusals();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> refusals() > before + 50);
        }

        void end() throws InterruptedException {
            over = true;
            for (Visitor visitor : visitors) {
                visitor.join();
                assertThat(visitor.faults).as(visitor.getName()).isEmpty();
                assertThat(visitor.slowestMillis).as("slowest answer").isLessThan(SLOW_MILLIS);
            }
        }

        @Override
        public void close() {
            over = true;
        }
    }

    /** Sessions that were ended, which nobody shall see again. */
    private static List<String> ended(SessionNode node) throws IOException {
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SessionBrowser browser = new SessionBrowser();
            browser.ask(node, "/strict/set?user=Ann");
            ended.add(browser.cookie);
            browser.ask(node, "/strict/logout");
        }
        return ended;
    }

    private static void stayEnded(List<String> ended, SessionNode... nodes) {
        for (String cookie : ended) {
            for (SessionNode node : nodes) {
                // On a busy machine an answer of Redis may come too late, and then nobody is told anything.
                String told = await().atMost(Duration.ofSeconds(20))
                        .until(
                                () -> new SessionBrowser(cookie).ask(node, "/strict/names"),
                                answer -> !answer.contains("Service Unavailable"));
                assertThat(told).isEqualTo("[]");
            }
        }
    }

    @Test
    void a_redis_that_is_killed_and_comes_back_with_its_log_has_lost_nothing_that_was_acknowledged() throws Exception {
        try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                SessionNode one = node(redis.url());
                SessionNode other = node(redis.url())) {
            List<String> ended = ended(one);
            try (Load load = new Load("/strict/count?n", one, other)) {
                load.awaitAnswers();
                redis.kill();
                load.awaitRefusals();
                redis.restart();
                load.awaitAnswers();
                load.end();
            }
            stayEnded(ended, one, other);
            assertThat(one.log().lines().filter(line -> line.contains("rejected, answers 503")))
                    .as("lines of the outage, which had many more refusals: %s", one.log())
                    .hasSizeBetween(1, 12);
            assertThat(one.log()
                            .lines()
                            .filter(line -> line.contains("SessionUnavailableException"))
                            .filter(line -> !line.contains("rejected")))
                    .as("stack traces")
                    .hasSizeBetween(1, 2);
        }
    }

    @Test
    void a_redis_that_hangs_makes_nobody_wait_for_long_and_loses_nothing() throws Exception {
        try (RedisServer redis = RedisServer.start();
                SessionNode one = node(redis.url());
                SessionNode other = node(redis.url())) {
            List<String> ended = ended(one);
            try (Load load = new Load("/strict/count?n", one, other)) {
                load.awaitAnswers();
                redis.pause();
                load.awaitRefusals();
                redis.resume();
                load.awaitAnswers();
                load.end();
            }
            stayEnded(ended, one, other);
        }
    }

    @Test
    void who_goes_on_without_redis_is_never_refused_and_writes_back_all_that_he_did() throws Exception {
        try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                SessionNode one = node(redis.url());
                SessionNode other = node(redis.url())) {
            List<String> ended = ended(one);
            try (Load load = new Load("/share/count?n", one)) {
                load.awaitAnswers();
                redis.pause();
                load.awaitAnswers();
                redis.resume();
                load.awaitAnswers();
                redis.kill();
                load.awaitAnswers();
                redis.restart();
                load.awaitAnswers();
                load.end();
                assertThat(load.refusals()).isZero();
                for (Load.Visitor visitor : load.visitors) {
                    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                                    new SessionBrowser(visitor.browser.cookie).ask(other, "/strict/get?n"))
                            .as("%s", one.log())
                            .isEqualTo(String.valueOf(visitor.told)));
                }
            }
            stayEnded(ended, one, other);
            what_is_owed_is_written_before_the_jvm_ends(redis, one, other);
        }
    }

    private static void what_is_owed_is_written_before_the_jvm_ends(
            RedisServer redis, SessionNode ending, SessionNode other) throws Exception {
        redis.pause();
        SessionBrowser browser = new SessionBrowser();
        for (int i = 0; i < 6; i++) { // of which the last ones are never sent, as Redis is known to be away
            assertThat(browser.ask(ending, "/share/set?last=" + i)).isEqualTo("set");
        }
        ending.askToEnd();
        assertThat(ending.endsWithin(200)).as("it waits for Redis").isFalse();
        redis.resume();
        assertThat(ending.endsWithin(10_000)).isTrue();
        assertThat(browser.ask(other, "/strict/get?last"))
                .as("%s", ending.log())
                .isEqualTo("5");
    }

    /** What one thread has sent before is heard of while what another one owes is paid, and the other way round. */
    @Test
    void a_redis_that_comes_and_goes_loses_nothing_that_many_threads_have_done_at_a_time() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Proxy proxy = Proxy.before(redis.port())) {
            Thread faults = new Thread(() -> comeAndGo(proxy, 150));
            faults.setDaemon(true);
            faults.start();
            Jvm.Run run = Jvm.of(Jdk.running())
                    .options("-Dholdfast.redis=redis://127.0.0.1:" + proxy.port(), "-Dholdfast.redis.timeout=50ms")
                    .run(OnAndOff.class.getName(), "5000");
            faults.join();
            assertThat(run.succeeds().lines()).containsExactly("seen");
            assertThat(run.err()).contains("is away").doesNotContain("is dropped");
        }
    }

    private static void comeAndGo(Proxy proxy, int times) {
        Random random = new Random(7);
        for (int i = 0; i < times && !Thread.currentThread().isInterrupted(); i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)));
            if (random.nextInt(3) == 0) {
                proxy.stall();
            } else {
                proxy.cut();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(20)));
            proxy.go();
        }
    }

    @Test
    void a_failover_by_sentinel_loses_nothing_that_was_replicated() throws Exception {
        try (RedisSentinel sentinel = RedisSentinel.start();
                SessionNode one = node(sentinel.url());
                SessionNode other = node(sentinel.url())) {
            List<String> ended = ended(one);
            try (Load load = new Load("/strict/count?n", one, other)) {
                load.awaitAnswers();
                load.hold();
                awaitReplication(sentinel);
                sentinel.primary().kill();
                load.go();
                load.awaitRefusals();
                sentinel.awaitFailover();
                load.awaitAnswers();
                load.end();
            }
            stayEnded(ended, one, other);
        }
    }

    private static void awaitReplication(RedisSentinel sentinel) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(offset(sentinel.replica(), "slave_repl_offset:"))
                        .isEqualTo(offset(sentinel.primary(), "master_repl_offset:")));
    }

    private static String offset(RedisServer server, String field) throws IOException {
        return server.command("INFO", "replication")
                .lines()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_dead_master_of_a_cluster_is_away_for_its_own_sessions_alone() throws Exception {
        try (RedisCluster cluster = RedisCluster.start("--appendonly", "yes", "--appendfsync", "always");
                SessionNode one = node(cluster.url());
                SessionNode other = node(cluster.url())) {
            RedisServer dead = cluster.masters().get(1);
            List<SessionBrowser> browsers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                SessionBrowser browser = new SessionBrowser();
                assertThat(browser.ask(one, "/share/set?n=" + i)).isEqualTo("set");
                browsers.add(browser);
            }
            dead.kill();
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            cluster.masters().get(0).command("CLUSTER", "INFO").contains("cluster_slots_fail:546"));
            List<SessionBrowser> ofDead = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                ofDead.clear();
                for (int i = 0; i < browsers.size(); i++) {
                    SessionBrowser browser = browsers.get(i);
                    String said = browser.ask(round % 2 == 0 ? other : one, "/strict/get?n");
                    if (browser.status == 503) {
                        ofDead.add(browser);
                    } else {
                        assertThat(said).isEqualTo(String.valueOf(i));
                    }
                }
                assertThat(ofDead).as("a third, by chance").hasSizeBetween(1, 25);
            }
            for (SessionBrowser browser : ofDead) {
                assertThat(browser.ask(one, "/share/set?back=yes")).isEqualTo("set");
                assertThat(browser.status).isEqualTo(200);
            }
            dead.restart();
            for (SessionBrowser browser : ofDead) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> browser.ask(other, "/strict/get?back").equals("yes"));
                assertThat(browser.ask(other, "/strict/get?n")).isEqualTo(String.valueOf(browsers.indexOf(browser)));
            }
        }
    }
}
