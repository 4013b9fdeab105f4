package dev.holdfast.samples.cluster;

import dev.holdfast.servers.RedisCluster;
import dev.holdfast.servers.RedisSentinel;
import dev.holdfast.servers.RedisServer;
import java.io.IOException;

/** Where the nodes keep what they share. */
interface Redis extends AutoCloseable {

    /** Which Redis it is. */
    enum Kind {
        SINGLE,
        /** A primary, a replica, and a sentinel. */
        SENTINEL,
        /** Three masters. */
        CLUSTER
    }

    /** As {@code holdfast.redis} takes it. */
    String url();

    /** Ends one of its servers at once. */
    void kill() throws IOException;

    /** Starts what was killed again, with the data that it has on disk. */
    void restart() throws IOException;

    /** Makes one of its servers take connections and answer nothing. */
    void hang() throws IOException;

    /** Ends that. */
    void resume() throws IOException;

    /** Whether that can be done, again. */
    default boolean again() {
        return true;
    }

    /** How many keys are there for ever; none where that is not looked at. */
    default long immortals() throws IOException {
        return 0;
    }

    @Override
    void close();

    static Redis start(Kind kind) {
        return switch (kind) {
            case SINGLE -> new Single();
            case SENTINEL -> new Failover();
            case CLUSTER -> new Sharded();
        };
    }

    /**
     * One server. It writes down each change before it answers, so it forgets nothing when it is killed. By its default it would not, where the disk is
     * busy: while it waits for what it has written to be on the disk, it answers without writing. Not to wait for that is enough where only the process ends.
     */
    final class Single implements Redis {

        private static final String IMMORTALS =
                "local n = 0 for _, key in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', key) == -1 then n = n + 1 end end return n";

        private final RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "no");

        @Override
        public String url() {
            return server.url();
        }

        @Override
        public void kill() {
            server.kill();
        }

        @Override
        public void restart() {
            server.restart();
        }

        @Override
        public void hang() {
            server.pause();
        }

        @Override
        public void resume() {
            server.resume();
        }

        @Override
        public long immortals() throws IOException {
            return Long.parseLong(server.command("EVAL", IMMORTALS, "0").substring(1));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** A primary that is not started again: its replica takes over, once. */
    final class Failover implements Redis {

        private final RedisSentinel servers = RedisSentinel.start();
        private boolean over;

        @Override
        public String url() {
            return servers.url();
        }

        @Override
        public void kill() throws IOException {
            once();
            servers.primary().kill();
        }

        @Override
        public void restart() {
            // The sentinel has found another by now, or does soon.
        }

        /** One that hangs is taken for dead. It must not wake up again: it would think that it still is the primary. */
        @Override
        public void hang() throws IOException {
            once();
            servers.primary().pause();
        }

        @Override
        public void resume() {
            servers.primary().kill();
        }

        @Override
        public boolean again() {
            return !over;
        }

        private void once() throws IOException {
            if (over) {
                throw new IOException("there is no other replica");
            }
            over = true;
        }

        @Override
        public void close() {
            servers.close();
        }
    }

    /** Three masters that keep what they have on disk. It is the last that things happen to; what the others have goes on. */
    final class Sharded implements Redis {

        private final RedisCluster servers = RedisCluster.start("--appendonly", "yes", "--appendfsync", "no");

        private RedisServer last() {
            return servers.masters().get(servers.masters().size() - 1);
        }

        @Override
        public String url() {
            return servers.url();
        }

        @Override
        public void kill() {
            last().kill();
        }

        @Override
        public void restart() {
            last().restart();
        }

        @Override
        public void hang() {
            last().pause();
        }

        @Override
        public void resume() {
            last().resume();
        }

        @Override
        public void close() {
            servers.close();
        }
    }
}
