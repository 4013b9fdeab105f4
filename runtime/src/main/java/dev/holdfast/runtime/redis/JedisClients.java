package dev.holdfast.runtime.redis;

import dev.holdfast.runtime.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.Pool;

/**
 * Builds Jedis' clients so that a call through them never lasts long: its own defaults turn a Redis that hangs into stalls of many seconds.
 */
final class JedisClients {

    /** To a server, beside those that are shared or subscribed. */
    static final int CONNECTIONS = 32;

    /** Until a server has let in who connects. */
    static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Of a connection that is subscribed, and is sent something now and then: longer than these moments lie apart. */
    private static final int BLOCKING_MILLIS = 15_000;

    /** One redirection, which a cluster that moves its slots answers with; what breaks is repeated by us. */
    private static final int CLUSTER_ATTEMPTS = 2;

    private JedisClients() {}

    /**
     * Of one server connects to nothing yet; of the others it asks who the servers are.
     *
     * @throws redis.clients.jedis.exceptions.JedisException if nobody could be asked
     */
    static UnifiedJedis make(RedisAddress address, long timeoutNanos) {
        return make(address, timeoutNanos, servers -> {});
    }

    /**
     * The same.
     *
     * @param cluster told of a cluster's slots which server has them, as far as the client knows at the time that it is asked
     */
    static UnifiedJedis make(RedisAddress address, long timeoutNanos, Consumer<IntFunction<@Nullable Object>> cluster) {
        int timeoutMillis = millis(timeoutNanos);
        JedisClientConfig config = config(address, timeoutMillis).build();
        return switch (address.kind()) {
            case STANDALONE ->
                RedisClient.builder()
                        .hostAndPort(hosts(address).iterator().next())
                        .clientConfig(config)
                        .poolConfig(pool())
                        .build();
            case CLUSTER -> {
                ClusterConnectionProvider servers = new ClusterConnectionProvider(hosts(address), config, pool());
                cluster.accept(servers::getNode);
                yield RedisClusterClient.builder()
                        .nodes(hosts(address))
                        .clientConfig(config)
                        .connectionProvider(servers)
                        .maxAttempts(CLUSTER_ATTEMPTS)
                        .maxTotalRetriesDuration(Duration.ofMillis(timeoutMillis))
                        .build();
            }
            case SENTINEL ->
                RedisSentinelClient.builder()
                        .masterName(String.valueOf(address.master()))
                        .sentinels(hosts(address))
                        .clientConfig(config)
                        .sentinelClientConfig(base(address, timeoutMillis).build())
                        .poolConfig(pool())
                        .build();
        };
    }

    private static int millis(long timeoutNanos) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(timeoutNanos)));
    }

    /**
     * Connects to a server that a client of that address sends to.
     *
     * @throws redis.clients.jedis.exceptions.JedisException if that is not possible
     */
    static Line line(HostAndPort server, RedisAddress address, long timeoutNanos, Time time) {
        return new Line(server, config(address, millis(timeoutNanos)).build(), timeoutNanos, time);
    }

    /** Where that client sends all commands now; null if it depends on their keys. */
    static @Nullable HostAndPort server(UnifiedJedis client, RedisAddress address) {
        if (client instanceof RedisSentinelClient sentinel) {
            for (Object primary : sentinel.getPrimaryNodesConnectionMap().keySet()) {
                return primary instanceof HostAndPort server ? server : null;
            }
        }
        RedisAddress.Node only = address.nodes().get(0);
        return client instanceof RedisClient ? new HostAndPort(only.host(), only.port()) : null;
    }

    private static DefaultJedisClientConfig.Builder config(RedisAddress address, int timeoutMillis) {
        DefaultJedisClientConfig.Builder config = base(address, timeoutMillis).database(address.database());
        if (address.password() != null) {
            config.password(address.password());
        }
        if (address.user() != null) {
            config.user(address.user());
        }
        return config;
    }

    private static DefaultJedisClientConfig.Builder base(RedisAddress address, int timeoutMillis) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(millis(CONNECT_NANOS))
                .socketTimeoutMillis(timeoutMillis)
                .blockingSocketTimeoutMillis(BLOCKING_MILLIS)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .resp2();
        if (address.tls()) {
            // Certificate and host name; either alone is none.
            config.sslOptions(
                    SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
        }
        return config;
    }

    /** Nobody ever waits in there, where an interrupt would end that: it is who sends that has to be let in. */
    private static ConnectionPoolConfig pool() {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(-1);
        pool.setMaxIdle(CONNECTIONS);
        pool.setTestWhileIdle(false);
        pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1)); // no thread of the pool's
        pool.setJmxEnabled(false);
        return pool;
    }

    private static Set<HostAndPort> hosts(RedisAddress address) {
        Set<HostAndPort> hosts = new LinkedHashSet<>();
        for (RedisAddress.Node node : address.nodes()) {
            hosts.add(new HostAndPort(node.host(), node.port()));
        }
        return hosts;
    }

    /** Closes the connections that nobody uses now. */
    static void dropIdle(UnifiedJedis client) {
        for (Object pool : pools(client)) {
            ((Pool<?>) pool).clear();
        }
    }

    /**
     * Asks a cluster who has its slots now. Jedis does that by itself where a server refuses a connection or names another one, and does not where one
     * hangs, or cannot be reached.
     */
    static void refresh(UnifiedJedis client) {
        if (client instanceof RedisClusterClient cluster) {
            cluster.refreshClusterTopology();
        }
    }

    private static Collection<? extends Pool<Connection>> pools(UnifiedJedis client) {
        if (client instanceof RedisClient one) {
            return List.of(one.getPool());
        }
        if (client instanceof RedisSentinelClient sentinel) {
            return sentinel.getPrimaryNodesConnectionMap().values();
        }
        return client instanceof RedisClusterClient cluster
                ? cluster.getClusterNodes().values()
                : List.of();
    }
}
