package dev.holdfast.benchmarks.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/** The same as {@link FloorVisitor}, by scripts that do no more: what an atomic step of more than one command takes at least. */
final class ScriptVisitor implements Visitor {

    private static final int BYTES = 120;

    private final RedisClient client;
    private final List<byte[]> keys = List.of(("floor:" + UUID.randomUUID()).getBytes(UTF_8));
    private final List<byte[]> value = List.of(new byte[BYTES]);
    private final byte[] read;
    private final byte[] write;

    ScriptVisitor(String host, int port) {
        client = RedisClient.create(host, port);
        read = client.scriptLoad("return redis.call('GET', KEYS[1])".getBytes(UTF_8), keys.get(0));
        write = client.scriptLoad("return redis.call('SET', KEYS[1], ARGV[1])".getBytes(UTF_8), keys.get(0));
    }

    @Override
    public void make() {
        client.evalsha(write, keys, value);
    }

    @Override
    public @Nullable Object load() {
        return client.evalsha(read, keys, List.of());
    }

    @Override
    public void save() {
        client.evalsha(read, keys, List.of());
        client.evalsha(write, keys, value);
    }

    @Override
    public void close() {
        client.close();
    }
}
