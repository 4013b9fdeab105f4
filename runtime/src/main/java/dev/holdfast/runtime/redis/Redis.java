package dev.holdfast.runtime.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Redis, be it one server, a cluster, or what Sentinel says is the primary. Thread-safe. */
public interface Redis {

    /**
     * Runs a script where its keys lie. It may run twice: where a connection breaks, nobody knows whether it has run before, and it is sent
     * again.
     *
     * @param keys at least one; all with the same hash tag
     * @param again called before it is sent again
     * @return what Redis makes of the script's result: Long, byte[], a list of these, or null
     * @throws RedisUnavailableException if there is no answer, in time or at all; at once while Redis is known to be away
     */
    @Nullable
    Object eval(Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again)
            throws RedisUnavailableException;

    /** The same for who need not know how often it was sent. */
    default @Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> arguments)
            throws RedisUnavailableException {
        return eval(script, keys, arguments, () -> {});
    }

    /** Whether commands on that key are sent at all now, rather than refused for Redis is known to be away. */
    boolean isAvailable(byte[] key);
}
