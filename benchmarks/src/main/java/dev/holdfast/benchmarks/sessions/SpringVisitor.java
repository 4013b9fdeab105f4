package dev.holdfast.benchmarks.sessions;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;

/** As {@code @EnableRedisHttpSession} sets it up, without the filter around it. */
final class SpringVisitor implements Visitor {

    private final LettuceConnectionFactory connections;
    private final RedisSessionRepository repository;
    private String id = "";

    SpringVisitor(String host, int port) {
        connections = new LettuceConnectionFactory(host, port);
        connections.afterPropertiesSet();
        connections.start();
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setConnectionFactory(connections);
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.afterPropertiesSet();
        repository = new RedisSessionRepository(template);
    }

    @Override
    public void make() {
        id = make(repository);
    }

    private static <S extends Session> String make(SessionRepository<S> repository) {
        S session = repository.createSession();
        session.setAttribute("user", "Ann");
        session.setAttribute("count", 1);
        session.setAttribute("roles", new ArrayList<>(List.of("a", "b", "c", "d", "e")));
        repository.save(session);
        return session.getId();
    }

    @Override
    public @Nullable Object load() {
        Session loaded = load(repository, id);
        return loaded.getAttribute("user");
    }

    private static <S extends Session> S load(SessionRepository<S> repository, String id) {
        S session = repository.findById(id);
        if (session == null) {
            throw new IllegalStateException("there is no session");
        }
        return session;
    }

    @Override
    public void save() {
        save(repository, id);
    }

    private static <S extends Session> void save(SessionRepository<S> repository, String id) {
        S session = load(repository, id);
        Integer count = session.getAttribute("count");
        session.setAttribute("count", count == null ? 1 : count + 1);
        repository.save(session);
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
