package dev.holdfast.samples.cluster;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same users, where Redis is more than one server. The shop runs in Tomcat here. */
final class FailoverIT {

    private static final int USERS = 12;
    private static final int THINK_MILLIS = 100;
    private static final long PATIENCE_SECONDS = 30;

    @TempDir
    Path folder;

    @BeforeEach
    void look() {
        ClusterIT.assumeNginx();
    }

    @Test
    void users_notice_nothing_when_a_replica_takes_over() throws Exception {
        play(Redis.Kind.SENTINEL, 8);
    }

    @Test
    void users_notice_nothing_when_a_master_of_three_is_killed() throws Exception {
        play(Redis.Kind.CLUSTER, 7);
    }

    private void play(Redis.Kind redis, long seconds) throws Exception {
        try (Stage stage = new Stage(ClusterIT.settings(folder, redis, "", true), ClusterIT::say)) {
            Play play = new Play(stage, ClusterIT::say);
            play.run(
                    USERS,
                    THINK_MILLIS,
                    seconds,
                    3,
                    () -> {
                        TimeUnit.SECONDS.sleep(2);
                        play.faults().inject(Fault.REDIS_KILL);
                    },
                    PATIENCE_SECONDS);
            ClusterIT.assertKept(play, checks -> {});
        }
    }
}
