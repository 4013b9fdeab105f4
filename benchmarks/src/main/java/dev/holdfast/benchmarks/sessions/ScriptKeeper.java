package dev.holdfast.benchmarks.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/** The same as {@link FloorKeeper}, by scripts that do no more: what an atomic step of more than one command takes at least. */
final class ScriptKeeper implements Keeper {

    private final RedisClient client;
    private final byte[] read;
    private final byte[] write;

    ScriptKeeper(String host, int port, int clients) {
        client = FloorKeeper.client(host, port, clients);
        read = client.scriptLoad("return redis.call('GET', KEYS[1])".getBytes(UTF_8), FloorKeeper.key());
        write = client.scriptLoad("return redis.call('SET', KEYS[1], ARGV[1])".getBytes(UTF_8), FloorKeeper.key());
    }

    @Override
    public Visitor visitor() {
        List<byte[]> keys = List.of(FloorKeeper.key());
        List<byte[]> value = List.of(FloorKeeper.value());
        client.evalsha(write, keys, value);
        return new Visitor() {
            @Override
            public @Nullable Object load() {
                return client.evalsha(read, keys, List.of());
            }

            @Override
            public void save() {
                client.evalsha(read, keys, List.of());
                client.evalsha(write, keys, value);
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
