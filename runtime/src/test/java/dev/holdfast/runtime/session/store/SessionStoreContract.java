package dev.holdfast.runtime.session.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.session.store.Committed.Conflicting;
import dev.holdfast.runtime.session.store.Committed.Gone;
import dev.holdfast.runtime.session.store.Committed.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of sessions does. */
abstract class SessionStoreContract {

    static final Lifetime HALF_AN_HOUR = new Lifetime(1_800_000, 43_200_000);

    final SessionKey key = SessionKey.issue().key();

    abstract SessionStore store();

    static Change change(@Nullable Snapshot base, Map<String, String> set, String... removed) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        set.forEach((name, value) -> bytes.put(name, value.getBytes(UTF_8)));
        return new Change(base, bytes, Set.of(removed), Set.of(), null);
    }

    static Change guarded(Change change, String... names) {
        return new Change(change.base(), change.set(), change.removed(), Set.of(names), change.renewed());
    }

    static Map<String, String> values(@Nullable Snapshot snapshot) {
        Map<String, String> values = new HashMap<>();
        if (snapshot != null) {
            snapshot.attributes().forEach((name, attribute) -> values.put(name, new String(attribute.value(), UTF_8)));
        }
        return values;
    }

    Snapshot stored(Change change) throws Exception {
        assertThat(store().commit(key, change, HALF_AN_HOUR)).isInstanceOf(Stored.class);
        return read();
    }

    Snapshot read() throws Exception {
        Snapshot read = store().read(key, null, HALF_AN_HOUR);
        if (read == null) {
            throw new AssertionError("there is no session");
        }
        return read;
    }

    @Test
    void has_nothing_that_was_not_stored() throws Exception {
        assertThat(store().read(key, null, HALF_AN_HOUR)).isNull();
        store().invalidate(key, HALF_AN_HOUR);
        assertThat(store().read(key, null, HALF_AN_HOUR)).isNull();
    }

    @Test
    void makes_a_session_with_the_first_change() throws Exception {
        Snapshot made = stored(change(null, Map.of("user", "ann", "empty", "")));
        assertThat(values(made)).isEqualTo(Map.of("user", "ann", "empty", ""));
        assertThat(made.version()).isEqualTo(1);
        assertThat(made.createdMillis()).isEqualTo(made.lastUsedMillis());
    }

    @Test
    void keeps_bytes_as_they_are() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        store().commit(key, new Change(null, Map.of("a b\n:@é", all), Set.of(), Set.of(), null), HALF_AN_HOUR);
        assertThat(read().attributes()).hasEntrySatisfying("a b\n:@é", attribute -> assertThat(attribute.value())
                .isEqualTo(all));
    }

    @Test
    void tells_who_knows_a_session_that_it_is_as_it_was() throws Exception {
        Snapshot made = stored(change(null, Map.of("user", "ann")));
        assertThat(store().read(key, made, HALF_AN_HOUR)).isSameAs(made);
        store().commit(key, change(made, Map.of("user", "bob")), HALF_AN_HOUR);
        assertThat(values(store().read(key, made, HALF_AN_HOUR))).isEqualTo(Map.of("user", "bob"));
    }

    @Test
    void gives_back_what_a_change_has_made_of_the_session() throws Exception {
        Snapshot made = stored(change(null, Map.of("a", "1", "b", "2")));
        Committed committed = store().commit(key, change(made, Map.of("c", "3"), "a"), HALF_AN_HOUR);
        assertThat(committed).isInstanceOfSatisfying(Stored.class, stored -> {
            assertThat(values(stored.snapshot())).isEqualTo(Map.of("b", "2", "c", "3"));
        });
        assertThat(store().read(key, ((Stored) committed).snapshot(), HALF_AN_HOUR))
                .isSameAs(((Stored) committed).snapshot());
        assertThat(values(read())).isEqualTo(Map.of("b", "2", "c", "3"));
    }

    @Test
    void finds_a_session_whose_id_was_renewed_more_than_once() throws Exception {
        Snapshot made = stored(change(null, Map.of("user", "ann")));
        SessionKey second = renewed(key, made);
        SessionKey third = renewed(second, store().read(second, null, HALF_AN_HOUR));

        assertThat(store().commit(key, change(made, Map.of("late", "1")), HALF_AN_HOUR))
                .isInstanceOf(Stored.class);
        assertThat(values(store().read(third, null, HALF_AN_HOUR))).isEqualTo(Map.of("user", "ann", "late", "1"));

        store().invalidate(key, HALF_AN_HOUR);
        for (SessionKey one : List.of(key, second, third)) {
            assertThat(store().read(one, null, HALF_AN_HOUR)).isNull();
        }
    }

    @Test
    void makes_way_for_another_one_though_its_id_was_renewed_more_than_once() throws Exception {
        Snapshot made = stored(change(null, Map.of("user", "ann")));
        SessionKey second = renewed(key, made);
        SessionKey third = renewed(second, store().read(second, null, HALF_AN_HOUR));

        Change another = change(null, Map.of("user", "bob"));
        store().commit(
                        key,
                        new Change(null, another.set(), Set.of(), Set.of(), null, Change.Onto.REPLACES),
                        HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("user", "bob"));
        for (SessionKey one : List.of(second, third)) {
            assertThat(store().read(one, null, HALF_AN_HOUR)).isNull();
        }
    }

    private SessionKey renewed(SessionKey from, @Nullable Snapshot session) throws Exception {
        return renewed(store(), from, session);
    }

    static SessionKey renewed(SessionStore store, SessionKey from, @Nullable Snapshot session) throws Exception {
        SessionKey to = from.renew().key();
        assertThat(store.commit(from, new Change(session, Map.of(), Set.of(), Set.of(), to), HALF_AN_HOUR))
                .isInstanceOf(Stored.class);
        return to;
    }

    @Test
    void changes_any_number_of_values_at_once() throws Exception {
        Snapshot last = stored(change(null, Map.of("a", "0")));
        for (int many = 1; many <= 9; many++) {
            Map<String, String> set = new HashMap<>();
            for (int i = 0; i < many; i++) {
                set.put("name" + i, many + " " + i);
            }
            last = stored(change(last, set));
            assertThat(last.version()).isEqualTo(many + 1);
            for (String name : set.keySet()) {
                assertThat(last.versionOf(name)).as(name).isEqualTo(many + 1);
            }
            set.put("a", "0");
            assertThat(values(last)).isEqualTo(set);
        }
        assertThat(last.versionOf("a")).isEqualTo(1);
    }

    /** Where others end at once, so that no clock is needed. */
    @Test
    void lets_a_session_say_itself_how_long_it_lives_without_use() throws Exception {
        Lifetime none = new Lifetime(0, 43_200_000);
        for (String own : new String[] {"60000", "0", "999999999999"}) {
            SessionKey key = SessionKey.issue().key();
            store().commit(key, change(null, Map.of(Snapshot.IDLE, own)), none);
            Snapshot made = store().read(key, null, none);
            assertThat(made).as(own).isNotNull();
            assertThat(store().commit(key, change(made, Map.of("a", "1")), none))
                    .as(own)
                    .isInstanceOf(Stored.class);
            assertThat(store().read(key, null, none)).as(own).isNotNull();
            store().commit(key, change(made, Map.of(), Snapshot.IDLE), none);
            assertThat(store().read(key, null, none)).as(own).isNull();
        }
        for (String damaged : new String[] {"", "-1", "1e9", "6 6", "99999999999999999999"}) {
            SessionKey key = SessionKey.issue().key();
            store().commit(key, change(null, Map.of(Snapshot.IDLE, damaged)), none);
            assertThat(store().read(key, null, none)).as(damaged).isNull();
            store().commit(key, change(null, Map.of(Snapshot.IDLE, damaged)), HALF_AN_HOUR);
            assertThat(store().read(key, null, HALF_AN_HOUR)).as(damaged).isNotNull();
        }
    }

    @Test
    void merges_changes_of_different_attributes() throws Exception {
        Snapshot base = stored(change(null, Map.of("a", "0", "b", "0")));
        store().commit(key, change(base, Map.of("a", "1")), HALF_AN_HOUR);
        store().commit(key, change(base, Map.of("b", "2")), HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void adds_to_a_session_that_somebody_else_has_just_made() throws Exception {
        store().commit(key, change(null, Map.of("a", "1")), HALF_AN_HOUR);
        store().commit(key, change(null, Map.of("b", "2")), HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(read().version()).isEqualTo(2);
    }

    @Test
    void changes_nothing_where_a_guarded_attribute_was_changed() throws Exception {
        Snapshot base = stored(change(null, Map.of("a", "0", "b", "0")));
        store().commit(key, change(base, Map.of("a", "1")), HALF_AN_HOUR);
        assertThat(store().commit(key, guarded(change(base, Map.of("b", "2")), "a", "b"), HALF_AN_HOUR))
                .isEqualTo(new Conflicting("a"));
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "0"));
        assertThat(store().commit(key, guarded(change(base, Map.of("b", "2")), "b"), HALF_AN_HOUR))
                .isInstanceOf(Stored.class);
    }

    @Test
    void guards_what_was_not_there_and_what_was_removed() throws Exception {
        Snapshot base = stored(change(null, Map.of("a", "0")));
        store().commit(key, change(base, Map.of("new", "1"), "a"), HALF_AN_HOUR);
        assertThat(store().commit(key, guarded(change(base, Map.of()), "new"), HALF_AN_HOUR))
                .isEqualTo(new Conflicting("new"));
        assertThat(store().commit(key, guarded(change(base, Map.of()), "a"), HALF_AN_HOUR))
                .isEqualTo(new Conflicting("a"));
        assertThat(store().commit(key, guarded(change(base, Map.of()), "never"), HALF_AN_HOUR))
                .isInstanceOf(Stored.class);
        assertThat(store().commit(key, guarded(change(null, Map.of("x", "1")), "new"), HALF_AN_HOUR))
                .isEqualTo(new Conflicting("new"));
    }

    @Test
    void never_brings_a_session_back() throws Exception {
        Snapshot base = stored(change(null, Map.of("user", "ann")));
        store().invalidate(key, HALF_AN_HOUR);
        assertThat(store().commit(key, change(base, Map.of("late", "1")), HALF_AN_HOUR))
                .isEqualTo(new Gone());
        assertThat(store().read(key, null, HALF_AN_HOUR)).isNull();
        assertThat(store().read(key, base, HALF_AN_HOUR)).isNull();
    }

    @Test
    void does_not_take_another_session_of_the_same_key_for_the_one_that_is_gone() throws Exception {
        Snapshot base = stored(change(null, Map.of("user", "ann")));
        store().invalidate(key, HALF_AN_HOUR);
        store().commit(key, change(null, Map.of("user", "bob")), HALF_AN_HOUR);
        assertThat(store().commit(key, change(base, Map.of("late", "1")), HALF_AN_HOUR))
                .isEqualTo(new Gone());
        assertThat(values(read())).isEqualTo(Map.of("user", "bob"));
        assertThat(values(store().read(key, base, HALF_AN_HOUR))).isEqualTo(Map.of("user", "bob"));
    }

    @Test
    void ends_late_what_was_there_then_and_nothing_that_was_made_since() throws Exception {
        Snapshot base = stored(change(null, Map.of("user", "ann")));
        long earlier = base.createdMillis() - SessionStore.CLOCKS_DIFFER_MILLIS - 1;
        store().invalidateLate(key, Change.newMark(), earlier, base.generation() + 1, false, Set.of(), HALF_AN_HOUR);
        assertThat(values(read())).as("another one").isEqualTo(Map.of("user", "ann"));
        store().invalidateLate(key, Change.newMark(), earlier, base.generation(), false, Set.of(), HALF_AN_HOUR);
        assertThat(store().read(key, null, HALF_AN_HOUR)).as("that one").isNull();
        stored(change(null, Map.of("user", "bob")));
        store().invalidateLate(key, Change.newMark(), earlier, 0, false, Set.of(), HALF_AN_HOUR);
        assertThat(values(read())).as("made since").hasSize(1);
        store().invalidateLate(key, Change.newMark(), read().createdMillis(), 0, false, Set.of(), HALF_AN_HOUR);
        assertThat(store().read(key, null, HALF_AN_HOUR)).as("made before").isNull();
    }

    @Test
    void moves_a_session_to_a_new_id() throws Exception {
        Snapshot base = stored(change(null, Map.of("user", "ann")));
        SessionKey renewed = key.renew().key();
        Change moving = new Change(base, Map.of("role", "admin".getBytes(UTF_8)), Set.of(), Set.of(), renewed);
        assertThat(store().commit(key, moving, HALF_AN_HOUR)).isInstanceOf(Stored.class);
        assertThat(store().read(key, null, HALF_AN_HOUR)).as("the old id").isNull();
        assertThat(values(store().read(renewed, null, HALF_AN_HOUR))).isEqualTo(Map.of("user", "ann", "role", "admin"));
        // A call that began before goes on with the session where it is now.
        assertThat(store().commit(key, change(base, Map.of("late", "1")), HALF_AN_HOUR))
                .isInstanceOf(Stored.class);
        assertThat(values(store().read(renewed, null, HALF_AN_HOUR)))
                .isEqualTo(Map.of("user", "ann", "role", "admin", "late", "1"));
        assertThat(store().read(key, null, HALF_AN_HOUR)).as("the old id").isNull();
        store().invalidate(key, HALF_AN_HOUR);
        assertThat(store().read(renewed, null, HALF_AN_HOUR))
                .as("ended by the old id")
                .isNull();
    }

    @Test
    void makes_a_session_of_an_old_id_anew_for_who_knows_no_session() throws Exception {
        Snapshot base = stored(change(null, Map.of("user", "ann")));
        SessionKey renewed = key.renew().key();
        store().commit(key, new Change(base, Map.of(), Set.of(), Set.of(), renewed), HALF_AN_HOUR);
        store().commit(key, change(null, Map.of("user", "eve")), HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("user", "eve"));
        assertThat(values(store().read(renewed, null, HALF_AN_HOUR))).isEqualTo(Map.of("user", "ann"));
    }

    @Test
    void lets_a_session_make_way_for_a_new_one() throws Exception {
        Snapshot base = stored(change(null, Map.of("user", "ann")));
        Change replacing =
                new Change(null, Map.of("user", "bob".getBytes(UTF_8)), Set.of(), Set.of(), null, Change.Onto.REPLACES);
        assertThat(store().commit(key, replacing, HALF_AN_HOUR)).isInstanceOf(Stored.class);
        assertThat(values(read())).isEqualTo(Map.of("user", "bob"));
        assertThat(store().commit(key, change(base, Map.of("late", "1")), HALF_AN_HOUR))
                .isEqualTo(new Gone());
    }

    @Test
    void says_that_a_session_is_not_where_it_was_to_go_if_another_call_has_moved_it() throws Exception {
        Snapshot base = stored(change(null, Map.of("user", "ann")));
        SessionKey first = key.renew().key();
        SessionKey second = key.renew().key();
        assertThat(store().commit(key, new Change(base, Map.of(), Set.of(), Set.of(), first), HALF_AN_HOUR))
                .isInstanceOfSatisfying(
                        Stored.class, stored -> assertThat(stored.renewed()).isTrue());
        assertThat(store().commit(key, new Change(base, Map.of(), Set.of(), Set.of(), second), HALF_AN_HOUR))
                .isInstanceOfSatisfying(
                        Stored.class, stored -> assertThat(stored.renewed()).isFalse());
        assertThat(values(store().read(first, null, HALF_AN_HOUR))).isEqualTo(Map.of("user", "ann"));
        assertThat(store().read(second, null, HALF_AN_HOUR)).isNull();
    }

    @Test
    void loses_no_change_of_threads_that_write_different_attributes() throws Exception {
        stored(change(null, Map.of("x", "0")));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writing = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String name = "n" + thread;
                writing.add(threads.submit(() -> {
                    Snapshot known = null;
                    for (int i = 1; i <= 500; i++) {
                        known = store().read(key, known, HALF_AN_HOUR);
                        assertThat(values(known).getOrDefault(name, "0")).isEqualTo(String.valueOf(i - 1));
                        store().commit(key, change(known, Map.of(name, String.valueOf(i))), HALF_AN_HOUR);
                    }
                    return null;
                }));
            }
            for (Future<?> one : writing) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(values(read())).isEqualTo(Map.of("x", "0", "n0", "500", "n1", "500", "n2", "500", "n3", "500"));
    }

    @Test
    void raises_nothing_from_the_dead_however_late_it_is_saved() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Random random = new Random(7);
            for (int i = 0; i < 500; i++) {
                SessionKey one = SessionKey.issue().key();
                store().commit(one, change(null, Map.of("user", "ann")), HALF_AN_HOUR);
                Snapshot base = store().read(one, null, HALF_AN_HOUR);
                boolean renews = random.nextBoolean();
                SessionKey next = one.renew().key();
                Future<?> saving = threads.submit(() -> store().commit(
                                one,
                                renews
                                        ? new Change(base, Map.of(), Set.of(), Set.of(), next)
                                        : change(base, Map.of("late", "1")),
                                HALF_AN_HOUR));
                Future<?> ending = threads.submit(() -> {
                    store().invalidate(one, HALF_AN_HOUR);
                    return null;
                });
                saving.get();
                ending.get();
                assertThat(store().read(one, null, HALF_AN_HOUR)).isNull();
                assertThat(store().read(next, null, HALF_AN_HOUR)).isNull();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
