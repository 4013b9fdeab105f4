package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.redis.JedisRedis;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.redis.Script;
import dev.holdfast.runtime.time.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis:?stream=name}, in the Redis that the nodes share, and {@code redis://host:port/?stream=name}. A stream of entries with the fields
 * {@code id} and {@code event}; all letters at once, so none is in there without those before it. The stream is kept to about
 * {@code maxLength} entries, as nobody else would.
 */
public final class RedisChannel implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("redis", "rediss", "redis-cluster", "redis-sentinel");
        }

        @Override
        public String form() {
            return "redis:?stream=name, or redis://host:port/?stream=name, each with &maxLength=100000 if need be";
        }

        @Override
        public List<String> faults(Address address) {
            Need need = new Need(address).parameter(STREAM).onlyParameters(STREAM, MAX_LENGTH, MASTER);
            if (!isShared(address)) {
                try {
                    address(address);
                } catch (IllegalArgumentException malformed) {
                    need.fault(String.valueOf(malformed.getMessage()));
                }
            }
            String length = address.parameter(MAX_LENGTH);
            if (length != null && !length.matches("[1-9]\\d{0,11}")) {
                need.fault("has a " + MAX_LENGTH + " that is no whole number, 1 or more");
            }
            return need.faults();
        }

        @Override
        public Channel open(Address address) {
            return in(address(address), address);
        }
    };

    private static final String STREAM = "stream";
    private static final String MAX_LENGTH = "maxLength";
    private static final String MASTER = "master";
    private static final String USUAL_LENGTH = "100000";

    /** Nobody waits for it, so it may take longer than a limit may. */
    private static final long TIMEOUT_NANOS = 2_000_000_000L;

    private static final Script ADD = Script.of("""
            for i = 2, #ARGV, 2 do
              redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'id', ARGV[i], 'event', ARGV[i + 1])
            end
            return #ARGV
            """);

    private final RedisAddress address;
    private final byte[] stream;
    private final byte[] maxLength;

    /** Made at the first use, and good for as long as the channel is: it connects again by itself. */
    private @Nullable JedisRedis redis;

    private RedisChannel(RedisAddress address, String stream, String maxLength) {
        this.address = address;
        this.stream = stream.getBytes(UTF_8);
        this.maxLength = maxLength.getBytes(UTF_8);
    }

    /** Whether an address means a stream in the Redis that the nodes share. */
    public static boolean isShared(Address address) {
        return address.scheme().equals("redis") && address.typed().equals("redis:");
    }

    /** A stream in that Redis. */
    public static Channel in(RedisAddress redis, Address address) {
        String length = address.parameter(MAX_LENGTH);
        return new RedisChannel(
                redis, String.valueOf(address.parameter(STREAM)), length == null ? USUAL_LENGTH : length);
    }

    private static RedisAddress address(Address address) {
        String typed = address.typed();
        String master = address.parameter(MASTER);
        return RedisAddress.of((typed.endsWith("/") ? typed.substring(0, typed.length() - 1) : typed)
                + (master == null ? "" : "?" + MASTER + "=" + WebhookChannel.encode(master)));
    }

    @Override
    public int most() {
        return 64;
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(maxLength);
        for (Letter letter : letters) {
            arguments.add(letter.id().getBytes(UTF_8));
            arguments.add(letter.text().getBytes(UTF_8));
        }
        try {
            redis().eval(ADD, List.of(stream), arguments);
        } catch (RedisUnavailableException away) {
            throw new IOException(away.getMessage(), away);
        }
    }

    private Redis redis() {
        JedisRedis made = redis;
        if (made == null) {
            made = JedisRedis.connect(address, TIMEOUT_NANOS, "holdfast:", Time.SYSTEM);
            redis = made;
        }
        return made;
    }

    @Override
    public void close() {
        // The client connects again by itself, and is kept for the next letter.
    }

    /** Or its connections would stay, and where that Redis is away, its looking for it, for as long as the process lives. */
    @Override
    public void end() {
        JedisRedis made = redis;
        redis = null;
        if (made != null) {
            made.close();
        }
    }
}
