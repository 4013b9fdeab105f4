package dev.holdfast.samples.cluster;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same users, where Redis is more than one server. The shop runs in Tomcat here. */
final class FailoverIT {

    private static final int USERS = 12;
    private static final int THINK_MILLIS = 100;
    private static final int CLICKS = 100;
    private static final long SECONDS = 4;
    private static final long PATIENCE_SECONDS = 30;

    @TempDir
    Path folder;

    @BeforeEach
    void look() {
        ClusterIT.assumeNginx();
    }

    @Test
    void users_notice_nothing_when_a_replica_takes_over() throws Exception {
        play(Redis.Kind.SENTINEL);
    }

    @Test
    void users_notice_nothing_when_a_master_of_three_is_killed() throws Exception {
        play(Redis.Kind.CLUSTER);
    }

    private void play(Redis.Kind redis) throws Exception {
        try (Stage stage = new Stage(ClusterIT.settings(folder, redis, "", true), ClusterIT::say)) {
            Play play = new Play(stage, ClusterIT::say);
            play.run(
                    USERS,
                    THINK_MILLIS,
                    SECONDS,
                    3,
                    () -> {
                        play.awaitRequests(CLICKS);
                        play.faults().inject(Fault.REDIS_KILL);
                        play.awaitRequests(CLICKS);
                    },
                    PATIENCE_SECONDS);
            ClusterIT.assertKept(play, checks -> {});
        }
    }
}
