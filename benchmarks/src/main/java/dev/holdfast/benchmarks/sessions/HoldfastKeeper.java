package dev.holdfast.benchmarks.sessions;

import dev.holdfast.Consistency;
import dev.holdfast.Session;
import dev.holdfast.SharedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Woven; the agent has the connections. */
@SuppressWarnings("UnusedVariable") // the id of a session is read by its template
final class HoldfastKeeper implements Keeper {

    private final boolean strict;

    HoldfastKeeper(boolean strict) {
        this.strict = strict;
    }

    @Override
    public Visitor visitor() {
        String id = UUID.randomUUID().toString();
        make(id);
        return strict ? new Strict(id) : new Near(id);
    }

    @SharedSession(id = "{id}")
    private static void make(String id) {
        Session session = Session.current();
        session.set("user", "Ann");
        session.set("count", 1);
        session.set("roles", new ArrayList<>(List.of("a", "b", "c", "d", "e")));
    }

    private static @Nullable Object user() {
        return Session.current().get("user");
    }

    private static void count() {
        Session session = Session.current();
        Integer count = session.get("count", Integer.class);
        session.set("count", count == null ? 1 : count + 1);
    }

    private record Strict(String id) implements Visitor {

        @Override
        public @Nullable Object load() {
            return load(id);
        }

        @SharedSession(id = "{id}")
        private static @Nullable Object load(String id) {
            return user();
        }

        @Override
        public void save() {
            save(id);
        }

        @SharedSession(id = "{id}")
        private static void save(String id) {
            count();
        }
    }

    private record Near(String id) implements Visitor {

        @Override
        public @Nullable Object load() {
            return load(id);
        }

        @SharedSession(id = "{id}", consistency = Consistency.NEAR)
        private static @Nullable Object load(String id) {
            return user();
        }

        @Override
        public void save() {
            save(id);
        }

        @SharedSession(id = "{id}", consistency = Consistency.NEAR)
        private static void save(String id) {
            count();
        }
    }

    @Override
    public void close() {}
}
