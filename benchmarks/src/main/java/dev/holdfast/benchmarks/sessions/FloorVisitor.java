package dev.holdfast.benchmarks.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/** The round trips that there are in any case: one to read, one to write. */
final class FloorVisitor implements Visitor {

    private static final int BYTES = 120;

    private final RedisClient client;
    private final byte[] key = ("floor:" + UUID.randomUUID()).getBytes(UTF_8);
    private final byte[] value = new byte[BYTES];

    FloorVisitor(String host, int port) {
        client = RedisClient.create(host, port);
    }

    @Override
    public void make() {
        client.set(key, value);
    }

    @Override
    public @Nullable Object load() {
        return client.get(key);
    }

    @Override
    public void save() {
        client.get(key);
        client.set(key, value);
    }

    @Override
    public void close() {
        client.close();
    }
}
