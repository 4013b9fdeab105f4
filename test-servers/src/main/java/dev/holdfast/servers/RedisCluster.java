package dev.holdfast.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/** A Redis Cluster of three masters, each with a third of the slots. Not thread-safe. */
public final class RedisCluster implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final long START_MILLIS = 20_000;

    private final List<RedisServer> masters;

    private RedisCluster(List<RedisServer> masters) {
        this.masters = masters;
    }

    /**
     * Starts one, and returns once all of its servers know of all slots.
     *
     * @param options of each server, as on the command line
     */
    public static RedisCluster start(String... options) {
        RedisCluster cluster = new RedisCluster(new ArrayList<>());
        try {
            for (int i = 0; i < MASTERS; i++) {
                List<String> all = new ArrayList<>(List.of(
                        "--cluster-enabled",
                        "yes",
                        "--cluster-node-timeout",
                        "1000",
                        "--cluster-require-full-coverage",
                        "no"));
                all.addAll(List.of(options));
                cluster.masters.add(RedisServer.startAt(Ports.freeWithBus(), all.toArray(new String[0])));
            }
            cluster.meet();
            cluster.awaitAgreement();
            return cluster;
        } catch (IOException failed) {
            cluster.close();
            throw new UncheckedIOException(failed);
        }
    }

    private void meet() throws IOException {
        for (int i = 0; i < MASTERS; i++) {
            List<String> add = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = i; slot < SLOTS; slot += MASTERS) {
                add.add(String.valueOf(slot));
            }
            expectOk(masters.get(i).command(add.toArray(new String[0])));
            if (i > 0) {
                expectOk(masters.get(0)
                        .command(
                                "CLUSTER",
                                "MEET",
                                "127.0.0.1",
                                String.valueOf(masters.get(i).port())));
            }
        }
    }

    private static void expectOk(String answer) throws IOException {
        if (!answer.equals("+OK")) {
            throw new IOException(answer);
        }
    }

    private void awaitAgreement() throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        for (RedisServer master : masters) {
            String info = master.command("CLUSTER", "INFO");
            while (!info.contains("cluster_state:ok") || !info.contains("cluster_slots_ok:" + SLOTS)) {
                if (System.nanoTime() - end > 0) {
                    throw new IOException("the cluster did not come together:\n" + info);
                }
                Thread.onSpinWait();
                info = master.command("CLUSTER", "INFO");
            }
        }
    }

    /** As {@code holdfast.redis} takes it. */
    public String url() {
        StringJoiner hosts = new StringJoiner(",", "redis-cluster://", "");
        for (RedisServer master : masters) {
            hosts.add("127.0.0.1:" + master.port());
        }
        return hosts.toString();
    }

    /** Its servers. */
    public List<RedisServer> masters() {
        return List.copyOf(masters);
    }

    @Override
    public void close() {
        masters.forEach(RedisServer::close);
    }
}
