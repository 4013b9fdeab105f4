package dev.holdfast.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A primary, a replica, and a sentinel that makes the replica the primary when the primary is gone. Not thread-safe. */
public final class RedisSentinel implements AutoCloseable {

    private static final String NAME = "holdfast";
    private static final long START_MILLIS = 20_000;

    private final RedisServer primary;
    private final RedisServer replica;
    private final RedisServer sentinel;

    private RedisSentinel(RedisServer primary, RedisServer replica, RedisServer sentinel) {
        this.primary = primary;
        this.replica = replica;
        this.sentinel = sentinel;
    }

    /** Starts them, and returns once the sentinel knows of the replica. */
    public static RedisSentinel start() {
        RedisServer primary = RedisServer.start();
        RedisServer replica =
                RedisServer.start("--replicaof", "127.0.0.1 " + primary.port(), "--repl-diskless-sync-delay", "0");
        RedisSentinel all = new RedisSentinel(primary, replica, sentinel(primary.port()));
        try {
            all.awaitReplica();
            return all;
        } catch (IOException failed) {
            all.close();
            throw new UncheckedIOException(failed);
        }
    }

    private static RedisServer sentinel(int primary) {
        try {
            int port = Ports.free();
            Path settings = Files.createTempFile("sentinel", ".conf");
            Files.write(
                    settings,
                    List.of(
                            "port " + port,
                            "bind 127.0.0.1",
                            "sentinel monitor " + NAME + " 127.0.0.1 " + primary + " 1",
                            "sentinel down-after-milliseconds " + NAME + " 300",
                            "sentinel failover-timeout " + NAME + " 2000"));
            return RedisServer.startWith(port, settings, "--sentinel");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void awaitReplica() throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        String known = "";
        while (!known.contains("slaves=1")
                || !replica.command("INFO", "replication").contains("master_link_status:up")) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("the sentinel did not find the replica:\n" + known);
            }
            Thread.onSpinWait();
            known = sentinel.command("INFO", "sentinel");
        }
    }

    /** As {@code holdfast.redis} takes it. */
    public String url() {
        return "redis-sentinel://127.0.0.1:" + sentinel.port() + "?master=" + NAME;
    }

    /** What was the primary at the start. */
    public RedisServer primary() {
        return primary;
    }

    /** What becomes the primary when that one is gone. */
    public RedisServer replica() {
        return replica;
    }

    /** Waits until the sentinel tells everybody that the replica is the primary now. */
    public void awaitFailover() throws IOException {
        String wanted = "address=127.0.0.1:" + replica.port() + ",";
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        String known = sentinel.command("INFO", "sentinel");
        while (!known.contains(wanted)) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("nobody has taken over:\n" + known);
            }
            Thread.onSpinWait();
            known = sentinel.command("INFO", "sentinel");
        }
    }

    @Override
    public void close() {
        sentinel.close();
        replica.close();
        primary.close();
    }
}
