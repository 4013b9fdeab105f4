package dev.holdfast.runtime.redis;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The outages of one Redis. Each server of a cluster has its own, as it may be away alone: of a key that one counts which has its slot now, as far as
 * the client knows. Thread-safe, without locks.
 */
final class Outages {

    private final int failuresInRow;
    private final ConcurrentHashMap<Object, Outage> byServer = new ConcurrentHashMap<>();

    /** Where there is one server, or nobody knows who has the slot. */
    private final Outage common;

    private volatile @Nullable IntFunction<@Nullable Object> servers;

    /** Of one server, until {@link #servers} says otherwise. */
    Outages(int failuresInRow) {
        this.failuresInRow = failuresInRow;
        this.common = new Outage(failuresInRow);
    }

    /** It is a cluster, and that says which server has a slot, null if none has. */
    void servers(IntFunction<@Nullable Object> servers) {
        this.servers = servers;
    }

    /** Of whoever has that key. */
    Outage of(byte[] key) {
        IntFunction<@Nullable Object> known = servers;
        Object server = known == null ? null : known.apply(Slots.of(key));
        return server == null ? common : byServer.computeIfAbsent(server, one -> new Outage(failuresInRow));
    }
}
