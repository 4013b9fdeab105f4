package dev.holdfast.benchmarks.sessions;

import dev.holdfast.Consistency;
import dev.holdfast.Session;
import dev.holdfast.SharedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Woven. */
@SuppressWarnings("UnusedVariable") // the id of a session is read by its template
final class HoldfastVisitor implements Visitor {

    private final boolean strict;
    private final String id = UUID.randomUUID().toString();

    HoldfastVisitor(boolean strict) {
        this.strict = strict;
    }

    @Override
    public void make() {
        make(id);
    }

    @SharedSession(id = "{id}")
    private static void make(String id) {
        Session session = Session.current();
        session.set("user", "Ann");
        session.set("count", 1);
        session.set("roles", new ArrayList<>(List.of("a", "b", "c", "d", "e")));
    }

    @Override
    public @Nullable Object load() {
        return strict ? loadStrict(id) : loadNear(id);
    }

    @SharedSession(id = "{id}")
    private static @Nullable Object loadStrict(String id) {
        return Session.current().get("user");
    }

    @SharedSession(id = "{id}", consistency = Consistency.NEAR)
    private static @Nullable Object loadNear(String id) {
        return Session.current().get("user");
    }

    @Override
    public void save() {
        if (strict) {
            saveStrict(id);
        } else {
            saveNear(id);
        }
    }

    @SharedSession(id = "{id}")
    private static void saveStrict(String id) {
        count();
    }

    @SharedSession(id = "{id}", consistency = Consistency.NEAR)
    private static void saveNear(String id) {
        count();
    }

    private static void count() {
        Session session = Session.current();
        Integer count = session.get("count", Integer.class);
        session.set("count", count == null ? 1 : count + 1);
    }

    @Override
    public void close() {}
}
