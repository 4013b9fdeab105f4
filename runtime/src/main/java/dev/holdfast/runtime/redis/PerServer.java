package dev.holdfast.runtime.redis;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of each server of one Redis. Each server of a cluster has its own, as it may be away alone: of a key that of the one counts which has its slot
 * now, as far as the client knows. Thread-safe, without locks.
 */
final class PerServer<T> {

    private final Supplier<T> makes;
    private final ConcurrentHashMap<Object, T> byServer = new ConcurrentHashMap<>();

    /** Where there is one server, or nobody knows who has the slot. */
    private final T common;

    private volatile @Nullable IntFunction<@Nullable Object> servers;

    /** Of one server, until {@link #servers} says otherwise. */
    PerServer(Supplier<T> makes) {
        this.makes = makes;
        this.common = makes.get();
    }

    /** It is a cluster, and that says which server has a slot, null if none has. */
    void servers(IntFunction<@Nullable Object> servers) {
        this.servers = servers;
    }

    /** Of whoever has that key. */
    T of(byte[] key) {
        IntFunction<@Nullable Object> known = servers;
        Object server = known == null ? null : known.apply(Slots.of(key));
        return server == null ? common : byServer.computeIfAbsent(server, one -> makes.get());
    }
}
