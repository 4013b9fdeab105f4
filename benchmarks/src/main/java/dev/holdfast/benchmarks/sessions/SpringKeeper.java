package dev.holdfast.benchmarks.sessions;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;

/** As {@code @EnableRedisHttpSession} sets it up, without the filter around it. */
final class SpringKeeper<C extends RedisConnectionFactory & DisposableBean> implements Keeper {

    private final C connections;
    private final RedisSessionRepository repository;

    private SpringKeeper(C connections) {
        this.connections = connections;
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setConnectionFactory(connections);
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.afterPropertiesSet();
        repository = new RedisSessionRepository(template);
    }

    /** As Spring Boot has it: all threads share one connection. */
    static Keeper overLettuce(String host, int port) {
        LettuceConnectionFactory connections = new LettuceConnectionFactory(host, port);
        connections.afterPropertiesSet();
        connections.start();
        return new SpringKeeper<>(connections);
    }

    /** With a connection for each client. */
    static Keeper overJedis(String host, int port, int clients) {
        GenericObjectPoolConfig<?> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(clients);
        pool.setMaxIdle(clients);
        JedisConnectionFactory connections = new JedisConnectionFactory(
                new RedisStandaloneConfiguration(host, port),
                JedisClientConfiguration.builder().usePooling().poolConfig(pool).build());
        connections.afterPropertiesSet();
        connections.start();
        return new SpringKeeper<>(connections);
    }

    @Override
    public Visitor visitor() {
        String id = make(repository);
        return new Visitor() {
            @Override
            public @Nullable Object load() {
                Session loaded = SpringKeeper.load(repository, id);
                return loaded.getAttribute("user");
            }

            @Override
            public void save() {
                SpringKeeper.save(repository, id);
            }
        };
    }

    private static <S extends Session> String make(SessionRepository<S> repository) {
        S session = repository.createSession();
        session.setAttribute("user", "Ann");
        session.setAttribute("count", 1);
        session.setAttribute("roles", new ArrayList<>(List.of("a", "b", "c", "d", "e")));
        repository.save(session);
        return session.getId();
    }

    private static <S extends Session> S load(SessionRepository<S> repository, String id) {
        S session = repository.findById(id);
        if (session == null) {
            throw new IllegalStateException("there is no session");
        }
        return session;
    }

    private static <S extends Session> void save(SessionRepository<S> repository, String id) {
        S session = load(repository, id);
        Integer count = session.getAttribute("count");
        session.setAttribute("count", count == null ? 1 : count + 1);
        repository.save(session);
    }

    @Override
    public void close() {
        try {
            connections.destroy();
        } catch (Exception unable) {
            throw new IllegalStateException("the connections cannot be closed", unable);
        }
    }
}
