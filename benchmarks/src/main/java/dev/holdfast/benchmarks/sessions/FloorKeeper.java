package dev.holdfast.benchmarks.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/** The round trips that there are in any case: one to read, one to write. */
final class FloorKeeper implements Keeper {

    private static final int BYTES = 120;

    private final RedisClient client;

    FloorKeeper(String host, int port, int clients) {
        client = client(host, port, clients);
    }

    /** With a connection for each. */
    static RedisClient client(String host, int port, int clients) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(clients);
        pool.setMaxIdle(clients);
        return RedisClient.builder().hostAndPort(host, port).poolConfig(pool).build();
    }

    static byte[] key() {
        return ("floor:" + UUID.randomUUID()).getBytes(UTF_8);
    }

    static byte[] value() {
        return new byte[BYTES];
    }

    @Override
    public Visitor visitor() {
        byte[] key = key();
        byte[] value = value();
        client.set(key, value);
        return new Visitor() {
            @Override
            public @Nullable Object load() {
                return client.get(key);
            }

            @Override
            public void save() {
                client.get(key);
                client.set(key, value);
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
