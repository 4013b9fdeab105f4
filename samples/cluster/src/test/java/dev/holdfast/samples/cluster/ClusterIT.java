package dev.holdfast.samples.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users of a shop on three nodes behind Nginx, while one thing after the other goes wrong. All tests play on one stage, as it takes long to set. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClusterIT {

    private static final int USERS = 12;
    private static final int THINK_MILLIS = 100;
    private static final int CLICKS = 100;
    private static final long PATIENCE_SECONDS = 60;

    private static Stage stage;

    @BeforeAll
    static void set(@TempDir Path folder) throws Exception {
        assumeNginx();
        stage = new Stage(settings(folder, Redis.Kind.SINGLE, rabbitMq(), false), ClusterIT::say);
    }

    /** Into the log of the build. */
    static void say(String line) {
        System.out.println(line);
    }

    static void assumeNginx() {
        if (Nginx.executable().isEmpty()) {
            System.out.println("Nginx is not installed: the tests of the cluster are skipped (Debian: nginx-light).");
        }
        assumeTrue(Nginx.executable().isPresent(), "nginx is not installed");
    }

    private static String rabbitMq() {
        if (RabbitMq.executable().isEmpty()) {
            System.out.println("RabbitMQ is not installed: a stand-in takes its place (Debian: rabbitmq-server).");
        }
        return RabbitMq.executable().orElse("");
    }

    static Settings settings(Path folder, Redis.Kind redis, String rabbitMq, boolean servlet) {
        String agent = Path.of("../../agent/target/holdfast-agent.jar")
                .toAbsolutePath()
                .normalize()
                .toString();
        return new Settings(agent, folder, Nginx.Balance.ROUND_ROBIN, redis, rabbitMq, servlet, true, 0);
    }

    @AfterAll
    static void clear() {
        if (stage != null) {
            stage.close();
        }
    }

    @Order(1)
    @ParameterizedTest
    @EnumSource(Nginx.Balance.class)
    void requests_go_where_nginx_is_told_to_send_them(Nginx.Balance balance) throws Exception {
        stage.nginx().balance(balance);
        Play play = new Play(stage, ClusterIT::say);
        // With little to think about, as Nginx compares nodes by the requests that are under way.
        play.run(USERS, 20, 2, 1, () -> {}, PATIENCE_SECONDS);
        assertKept(play, checks -> play.checkBalance(checks, balance));
    }

    @Order(2)
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NODE", "REDIS_KILL", "REDIS_HANG", "BROKER"})
    void users_notice_nothing_of(Fault fault) throws Exception {
        stage.nginx().balance(Nginx.Balance.ROUND_ROBIN);
        Play play = new Play(stage, ClusterIT::say);
        play.run(
                USERS,
                THINK_MILLIS,
                4,
                2,
                () -> {
                    play.awaitRequests(CLICKS);
                    play.faults().inject(fault);
                    do { // users get on at a different pace: one of them is to pay before they leave
                        play.awaitRequests(CLICKS);
                    } while (play.ledger().paid().isEmpty());
                },
                PATIENCE_SECONDS);
        assertKept(play, checks -> assertThat(play.ledger().paid()).isNotEmpty());
    }

    /** The length is a property: {@code mvn verify -Dcluster.soak=30m}. */
    @Order(3)
    @Test
    void a_long_day_with_faults_at_random_leaves_nothing_behind() throws Exception {
        Duration length =
                Duration.parse("PT" + System.getProperty("cluster.soak", "2m").toUpperCase(Locale.ROOT));
        Soak soak = new Soak(stage, ClusterIT::say);
        soak.run(USERS, THINK_MILLIS, length.toSeconds(), Long.getLong("cluster.seed", 1), PATIENCE_SECONDS);
        soak.report().forEach(ClusterIT::say);
        Checks checks = new Checks();
        soak.check(checks);
        assertThat(checks.broken()).isEmpty();
    }

    /** More to look at than what every play is looked at for. */
    interface More {
        void look(Checks checks) throws Exception;
    }

    static void assertKept(Play play, More more) throws Exception {
        play.report().forEach(ClusterIT::say);
        Checks checks = new Checks();
        play.check(checks);
        more.look(checks);
        assertThat(checks.broken()).isEmpty();
        assertThat(play.ledger().of(Ledger.Count.REQUESTS)).isPositive();
    }
}
