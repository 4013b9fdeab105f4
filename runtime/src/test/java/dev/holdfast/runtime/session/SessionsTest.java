package dev.holdfast.runtime.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.LocalStore;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.SessionStore;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does while the store is away, and after. */
final class SessionsTest {

    private static final Lifetime HALF_AN_HOUR = new Lifetime(1_800_000, 43_200_000);

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final Flaky store = new Flaky(new LocalStore(time, 1_000_000));
    private final NearCopies near = new NearCopies("holdfast:", time);
    private final Sessions sessions = new Sessions(store, near, () -> 1_000_000, time);
    private final SessionKey key = SessionKey.issue().key();
    private final Terms shares = terms(false, false);
    private final Terms denies = terms(true, false);

    private static Terms terms(boolean denies, boolean near) {
        return terms(denies, near, HALF_AN_HOUR);
    }

    private static Terms lasting(Lifetime lifetime) {
        return terms(false, false, lifetime);
    }

    private static Terms terms(boolean denies, boolean near, Lifetime lifetime) {
        return new Terms(
                "Shop.visit()",
                null,
                null,
                true,
                lifetime,
                near,
                false,
                denies,
                new Codec(MethodHandles.lookup(), Set.<String>of()::contains, () -> 1_000_000),
                ExceptionType.in(null, "SessionConflictException"),
                ExceptionType.in(null, "SessionUnavailableException", Throwable.class));
    }

    private interface Meanwhile {
        void happens() throws StoreUnavailableException;
    }

    /** A store that may be away, and may lose its answers. */
    private static final class Flaky extends StoreBehind {

        private boolean away;
        private boolean losesAnswers;
        private int questions;
        private int wholes;
        private @Nullable Change last;

        /** What happens once, while a commit is on its way; and what does, while its answer is. */
        private Meanwhile meanwhile = () -> {};

        private Meanwhile beforeItsAnswer = () -> {};

        Flaky(SessionStore behind) {
            super(behind);
        }

        @Override
        void ask() throws StoreUnavailableException {
            questions++;
            if (away) {
                throw new StoreUnavailableException("it is away");
            }
        }

        @Override
        public @Nullable Snapshot read(SessionKey key, @Nullable Snapshot known, Lifetime lifetime)
                throws StoreUnavailableException {
            wholes += away ? 0 : 1;
            return super.read(key, known, lifetime);
        }

        @Override
        public Committed commit(SessionKey key, Change change, Lifetime lifetime) throws StoreUnavailableException {
            ask();
            last = change;
            Meanwhile first = meanwhile;
            meanwhile = () -> {};
            first.happens();
            Committed committed = behind.commit(key, change, lifetime);
            if (losesAnswers) {
                throw new StoreUnavailableException(new IOException("its answer is lost", new EOFException()));
            }
            Meanwhile then = beforeItsAnswer;
            beforeItsAnswer = () -> {};
            then.happens();
            return committed instanceof Committed.Stored stored && stored.version() != before(change) + 1
                    ? new Committed.Stored(stored.version(), stored.generation(), stored.before(), null, true)
                    : committed;
        }

        private static long before(Change change) {
            Snapshot base = change.base();
            return base == null ? 0 : base.version();
        }

        @Override
        public void invalidate(SessionKey key, long mark, Set<Long> doubtful, Lifetime lifetime)
                throws StoreUnavailableException {
            super.invalidate(key, mark, doubtful, lifetime);
            Meanwhile then = beforeItsAnswer;
            beforeItsAnswer = () -> {};
            then.happens();
        }
    }

    @BeforeEach
    void listen() {
        time.jump(1_000_000); // 0 is no time
        near.listening();
    }

    private static Change change(@Nullable Snapshot base, String... namesAndValues) {
        Map<String, byte[]> set = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            set.put(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
        }
        return new Change(base, set, Set.of(), Set.of(), null);
    }

    private static Map<String, String> values(@Nullable Snapshot snapshot) {
        Map<String, String> values = new HashMap<>();
        if (snapshot != null) {
            snapshot.attributes().forEach((name, attribute) -> values.put(name, new String(attribute.value(), UTF_8)));
        }
        return values;
    }

    private @Nullable Snapshot read() throws StoreUnavailableException {
        return sessions.read(key, null, shares);
    }

    private Snapshot made() throws StoreUnavailableException {
        sessions.commit(key, change(null, "a", "1"), shares);
        return requireNonNull(read());
    }

    private Map<String, String> stored() throws StoreUnavailableException {
        return values(store.behind.read(key, null, HALF_AN_HOUR));
    }

    private void comesBack() {
        store.away = false;
        time.advance(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void tells_of_a_damaged_value_again_after_a_minute() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(told, true, UTF_8));
        try {
            sessions.unreadable(shares, "cart", "it ends too early", null);
            sessions.unreadable(shares, "cart", "it ends too early", null);
            assertThat(told.toString(UTF_8)).containsOnlyOnce("the session's \"cart\" cannot be read");
            time.advance(TimeUnit.MINUTES.toNanos(1));
            told.reset();
            sessions.unreadable(shares, "cart", "it ends too early", null);
            assertThat(told.toString(UTF_8)).containsOnlyOnce("the session's \"cart\" cannot be read");
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void asks_for_the_whole_of_a_session_only_if_it_was_heard_to_have_changed_or_its_use_is_to_be_noted()
            throws Exception {
        Terms strict = terms(true, false);
        Snapshot made = made();
        store.wholes = 0;
        assertThat(sessions.read(key, null, strict)).isSameAs(made);
        assertThat(store.wholes).isZero();

        store.behind.commit(key, change(made, "a", "2"), HALF_AN_HOUR);
        assertThat(values(sessions.read(key, null, strict)))
                .as("though nothing was heard")
                .containsEntry("a", "2");
        assertThat(store.wholes).isEqualTo(1);

        near.heard(new String(key.redisKey("holdfast:"), UTF_8) + " 9 " + made.generation());
        store.questions = 0;
        sessions.read(key, null, strict);
        assertThat(store.questions).as("in one step").isEqualTo(1);
        assertThat(store.wholes).isEqualTo(2);

        time.advance(TimeUnit.SECONDS.toNanos(29));
        sessions.read(key, null, strict);
        assertThat(store.wholes).isEqualTo(2);
        time.advance(TimeUnit.SECONDS.toNanos(2));
        sessions.read(key, null, strict);
        assertThat(store.wholes).isEqualTo(3);

        near.deaf();
        sessions.read(key, null, strict);
        assertThat(store.wholes).isEqualTo(4);
    }

    /** It was asked for its mark alone, which says nothing of its end where it was made for longer. */
    @Test
    void is_over_for_a_method_that_gives_it_less_time_than_the_one_that_has_made_it() throws Exception {
        Lifetime brief = new Lifetime(1_800_000, 2_000);
        made();
        time.advance(TimeUnit.MILLISECONDS.toNanos(1_500));
        assertThat(sessions.read(key, null, terms(true, false, brief))).isNotNull();
        time.advance(TimeUnit.MILLISECONDS.toNanos(600));
        assertThat(sessions.read(key, null, denies)).isNotNull();
        assertThat(sessions.read(key, null, terms(true, true, brief))).isNull();
        assertThat(sessions.read(key, null, denies)).isNotNull();
        assertThat(sessions.read(key, null, terms(true, false, brief))).isNull();
    }

    @Test
    void asks_for_the_whole_of_a_session_that_was_to_be_kept_for_less_time_or_noted_less_often() throws Exception {
        for (boolean isNear : new boolean[] {false, true}) {
            Terms brief = terms(true, isNear, new Lifetime(2_000, 43_200_000));
            sessions.commit(key, change(null, "a", "1"), brief);
            store.wholes = 0;
            assertThat(sessions.read(key, null, brief)).isNotNull();
            assertThat(store.wholes).isZero();
            sessions.read(key, null, terms(true, isNear));
            assertThat(store.wholes).isEqualTo(1);
            sessions.read(key, null, terms(true, isNear));
            sessions.read(key, null, brief);
            assertThat(store.wholes).isEqualTo(1);
            time.advance(TimeUnit.MILLISECONDS.toNanos(150));
            sessions.read(key, null, terms(true, isNear));
            assertThat(store.wholes).isEqualTo(2);
            sessions.invalidate(key, brief);
        }
    }

    @Test
    void says_that_the_store_is_away_to_who_wants_to_hear_it() throws Exception {
        Snapshot base = made();
        store.away = true;
        assertThatThrownBy(() -> sessions.read(key, null, denies)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sessions.commit(key, change(base, "a", "2"), denies))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sessions.invalidate(key, denies)).isInstanceOf(StoreUnavailableException.class);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void goes_on_with_its_copy_and_pays_later() throws Exception {
        made();
        store.away = true;
        Snapshot copy = read();
        assertThat(values(copy)).isEqualTo(Map.of("a", "1"));
        assertThat(sessions.commit(key, change(copy, "b", "2"), shares)).isInstanceOf(Committed.Stored.class);
        sessions.commit(key, change(read(), "b", "3", "c", "4"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "3", "c", "4"));
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "3", "c", "4"));
        assertThat(values(read())).isEqualTo(stored());
    }

    @Test
    void owes_for_as_long_as_any_of_those_who_have_changed_it_gives_it() throws Exception {
        Terms brief = terms(false, false, new Lifetime(2_000, 43_200_000));
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), brief);
        sessions.commit(key, change(read(), "c", "3"), shares);
        time.advance(TimeUnit.SECONDS.toNanos(60));
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
    }

    @Test
    void sees_what_it_owes_though_a_copy_looks_fresh() throws Exception {
        Snapshot base = made();
        NearCopies.Question late = near.ask(key);
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        late.answered(base, true);
        assertThat(values(sessions.read(key, null, terms(false, true)))).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void pays_before_it_answers() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        store.away = false;
        assertThat(values(sessions.read(key, null, denies))).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void pays_nothing_where_somebody_else_has_changed_the_same() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "a", "mine"), shares);
        store.behind.commit(key, change(base, "a", "theirs"), HALF_AN_HOUR);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "theirs"));
        assertThat(values(read())).isEqualTo(Map.of("a", "theirs"));
    }

    @Test
    void pays_once_what_may_have_been_stored_already() throws Exception {
        Snapshot base = made();
        store.losesAnswers = true;
        sessions.commit(key, change(base, "a", "2"), shares);
        store.losesAnswers = false;
        store.away = true;
        sessions.commit(key, change(read(), "b", "3"), shares);
        comesBack();
        assertThat(stored()).containsEntry("a", "2");
    }

    @Test
    void goes_on_with_what_other_calls_on_this_node_have_stored_since_the_one_that_found_the_store_away()
            throws Exception {
        Snapshot base = made();
        sessions.commit(key, change(base, "b", "2"), shares);
        store.away = true;
        sessions.commit(key, change(base, "c", "3"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
        sessions.commit(key, change(read(), "b", "4"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "4", "c", "3"));
    }

    @Test
    void goes_on_with_what_is_stored_while_another_call_finds_the_store_away() throws Exception {
        Snapshot base = made();
        store.beforeItsAnswer = () -> {
            store.away = true;
            sessions.commit(key, change(base, "c", "3"), shares);
        };
        sessions.commit(key, change(base, "b", "2"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
        sessions.commit(key, change(read(), "b", "4"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "4", "c", "3"));
    }

    /** Answers come in another order than the changes, one of them after the first call has found the store away. */
    @Test
    void goes_on_with_what_it_hears_of_late_that_was_stored_before_what_it_has_heard_of() throws Exception {
        Snapshot base = made();
        store.behind.commit(key, change(base, "theirs", "0"), HALF_AN_HOUR);
        store.beforeItsAnswer = () -> {
            sessions.commit(key, change(base, "c", "3"), shares);
            store.away = true;
            Snapshot partial = requireNonNull(read());
            sessions.commit(key, change(partial, "d", "4"), shares);
        };
        sessions.commit(key, change(base, "b", "2"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "2", "c", "3", "d", "4"));
        sessions.commit(key, change(read(), "b", "5"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "theirs", "0", "b", "5", "c", "3", "d", "4"));
    }

    @Test
    void goes_on_with_a_session_that_another_call_makes_at_the_same_time() throws Exception {
        store.beforeItsAnswer = () -> {
            store.away = true;
            sessions.commit(key, change(null, "b", "2"), shares);
        };
        sessions.commit(key, change(null, "a", "1"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "2"));
        sessions.commit(key, change(read(), "a", "3"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "3", "b", "2"));
    }

    @Test
    void pays_upon_its_own_change_that_was_stored_unheard_and_followed_by_others() throws Exception {
        Snapshot base = made();
        store.meanwhile = () -> {
            store.losesAnswers = true;
            sessions.commit(key, change(base, "a", "2"), shares);
            store.losesAnswers = false;
        };
        sessions.commit(key, change(base, "b", "3"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "2", "b", "3"));
        store.meanwhile = () -> {
            store.losesAnswers = true;
            sessions.commit(key, change(read(), "a", "4"), shares);
            store.losesAnswers = false;
            store.away = true;
            sessions.commit(key, change(read(), "a", "5"), shares);
        };
        sessions.commit(key, change(read(), "b", "6"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "5", "b", "6"));
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "5", "b", "6"));
    }

    @Test
    void pays_upon_what_may_have_been_stored_of_calls_that_were_told_that_the_store_is_away() throws Exception {
        for (boolean isOwedBefore : new boolean[] {false, true}) {
            Snapshot base = made();
            Flaky behind = store;
            Meanwhile deny = () -> {
                behind.losesAnswers = true;
                assertThatThrownBy(() -> sessions.commit(key, change(base, "a", "2"), denies))
                        .isInstanceOf(StoreUnavailableException.class);
                behind.losesAnswers = false;
            };
            if (isOwedBefore) {
                store.meanwhile = () -> {
                    store.away = true;
                    sessions.commit(key, change(base, "b", "3"), shares);
                    store.away = false;
                };
            }
            deny.happens();
            store.away = true;
            sessions.commit(key, change(read(), "a", "4", "b", "5"), shares);
            comesBack();
            assertThat(stored()).isEqualTo(Map.of("a", "4", "b", "5"));
            sessions.invalidate(key, shares);
        }
    }

    /** A call that was told that the store is away, or whose change is owed, may still be stored after the next one. */
    @Test
    void sends_with_a_change_the_marks_of_those_that_may_come_later() throws Exception {
        Snapshot base = made();
        store.losesAnswers = true;
        Change failed = change(base, "a", "2");
        assertThatThrownBy(() -> sessions.commit(key, failed, denies)).isInstanceOf(StoreUnavailableException.class);
        store.losesAnswers = false;
        sessions.commit(key, change(read(), "a", "3"), denies);
        assertThat(requireNonNull(store.last).doubtful()).containsExactly(failed.mark());
    }

    /** Two calls make it at the same time, and the first one is not answered: of the other one it is known only what that has set. */
    @Test
    void pays_upon_what_it_has_added_to_a_session_that_it_did_not_know() throws Exception {
        store.behind.commit(key, change(null, "a", "1"), HALF_AN_HOUR);
        assertThat(sessions.commit(key, change(null, "b", "2"), shares)).isInstanceOf(Committed.Stored.class);
        store.away = true;
        assertThat(values(read())).isEqualTo(Map.of("b", "2"));
        sessions.commit(key, change(read(), "b", "3"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "3"));
    }

    @Test
    void pays_nothing_where_somebody_else_has_changed_what_a_call_has_read_that_wants_to_hear_of_it() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, guarding(base, "a", "b", "2"), shares);
        store.behind.commit(key, change(base, "a", "theirs"), HALF_AN_HOUR);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "theirs"));
    }

    private static Change guarding(Snapshot base, String guarded, String name, String value) {
        return new Change(
                base, Map.of(name, value.getBytes(UTF_8)), Set.of(), Set.copyOf(List.of(guarded, name)), null);
    }

    /** Each of two changes the same: the second is told of a conflict, but may be stored. */
    @Test
    void pays_upon_what_may_have_been_stored_of_a_call_that_was_told_of_a_conflict() throws Exception {
        Snapshot base = made();
        store.meanwhile = () -> {
            store.away = true;
            sessions.commit(key, guarding(base, "b", "a", "mine"), shares);
            store.away = false;
        };
        store.losesAnswers = true;
        assertThat(sessions.commit(key, guarding(base, "b", "a", "theirs"), shares))
                .isInstanceOf(Committed.Conflicting.class);
        store.losesAnswers = false;
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "mine"));
    }

    /** Calls begin while the session is owed, and end when it is paid. */
    @Test
    void is_the_same_session_before_and_after_it_is_paid() throws Exception {
        store.away = true;
        sessions.commit(key, change(null, "a", "1"), shares);
        Snapshot seen = requireNonNull(read());
        comesBack();
        assertThat(sessions.commit(key, change(seen, "b", "2"), shares)).isInstanceOf(Committed.Stored.class);
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "2"));

        store.away = true;
        sessions.invalidate(key, shares);
        sessions.commit(key, change(null, "c", "3"), shares);
        Snapshot next = requireNonNull(read());
        comesBack();
        assertThat(sessions.commit(key, change(next, "d", "4"), shares)).isInstanceOf(Committed.Stored.class);
        assertThat(stored()).isEqualTo(Map.of("c", "3", "d", "4"));
    }

    /** One is stored as the store goes away, and the other, which has not seen it, is owed by then. */
    @Test
    void tells_one_of_two_calls_of_a_conflict_of_which_the_other_is_owed() throws Exception {
        Snapshot base = made();
        store.beforeItsAnswer = () -> {
            store.away = true;
            assertThat(sessions.commit(key, guarding(base, "a", "a", "2"), shares))
                    .isInstanceOf(Committed.Stored.class);
        };
        assertThat(sessions.commit(key, guarding(base, "a", "a", "3"), shares))
                .isEqualTo(new Committed.Conflicting("a"));
        assertThat(values(read())).isEqualTo(Map.of("a", "2"));
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "2"));
    }

    /** Both of the same value, so that what is stored of the one looks as what may be stored of the other. */
    @Test
    void pays_upon_nothing_that_a_call_under_way_may_have_stored() throws Exception {
        for (String owed : List.of("2", "3")) {
            Snapshot base = made();
            store.beforeItsAnswer = () -> {
                store.losesAnswers = true;
                assertThat(sessions.commit(key, guarding(base, "a", "a", owed), shares))
                        .isInstanceOf(Committed.Stored.class);
                store.losesAnswers = false;
                comesBack();
                assertThat(values(read())).isEqualTo(Map.of("a", owed));
            };
            assertThat(sessions.commit(key, guarding(base, "a", "a", "2"), shares))
                    .isEqualTo(new Committed.Conflicting("a"));
            comesBack();
            assertThat(stored()).isEqualTo(Map.of("a", owed));
            assertThat(sessions.commit(key, guarding(requireNonNull(read()), "a", "a", "4"), shares))
                    .isInstanceOf(Committed.Stored.class);
            assertThat(stored()).isEqualTo(Map.of("a", "4"));
            sessions.invalidate(key, shares);
        }
    }

    /** This node had nothing of it, so that it took it for a new one. */
    @Test
    void goes_on_with_the_session_that_was_there_when_the_one_was_paid_that_began_while_the_store_was_away()
            throws Exception {
        store.behind.commit(key, change(null, "a", "1"), HALF_AN_HOUR);
        store.away = true;
        sessions.commit(key, change(null, "b", "2"), shares);
        Snapshot seen = requireNonNull(read());
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(sessions.isSame(key, seen, requireNonNull(read()))).isTrue();
        assertThat(sessions.commit(key, guarding(seen, "b", "c", "3"), shares)).isInstanceOf(Committed.Stored.class);
        assertThat(sessions.commit(key, guarding(seen, "a", "c", "4"), shares))
                .isInstanceOf(Committed.Conflicting.class);
        store.away = true;
        assertThat(sessions.commit(key, change(seen, "d", "4"), shares)).isInstanceOf(Committed.Stored.class);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "2", "c", "3", "d", "4"));

        sessions.invalidate(key, denies);
        assertThat(sessions.commit(key, change(seen, "e", "5"), shares)).isInstanceOf(Committed.Gone.class);
        assertThat(stored()).isEmpty();
    }

    @Test
    void pays_what_has_nothing_to_do_with_what_somebody_else_has_changed() throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(told, true, UTF_8));
        try {
            made();
            store.away = true;
            sessions.commit(key, change(read(), "own", "1"), shares);
            sessions.commit(key, change(read(), "with", "2", "same", "2"), shares);
            sessions.commit(key, guarding(requireNonNull(read()), "with", "guards", "3"), shares);
            sessions.commit(key, change(read(), "own", "4", "other", "4"), shares);
            store.behind.commit(
                    key, change(store.behind.read(key, null, HALF_AN_HOUR), "same", "theirs"), HALF_AN_HOUR);
            comesBack();
            assertThat(stored()).isEqualTo(Map.of("a", "1", "own", "4", "other", "4", "same", "theirs"));
            assertThat(values(read())).isEqualTo(stored());
            assertThat(told.toString(UTF_8))
                    .containsOnlyOnce(
                            "while Redis was away is dropped as far as it has to do with \"same\", which others"
                                    + " have changed");
        } finally {
            System.setErr(before);
        }
    }

    /** The other one has read what it has stored. */
    @Test
    void tells_of_no_conflict_with_a_call_that_came_behind() throws Exception {
        Snapshot base = made();
        sessions.commit(key, change(base, "b", "0"), shares);
        Snapshot first = requireNonNull(read());
        store.beforeItsAnswer = () -> {
            store.away = true;
            near.heard(new String(key.redisKey("holdfast:"), UTF_8) + " 9 " + base.generation());
            near.ask(key).answered(store.behind.read(key, null, HALF_AN_HOUR), true);
            sessions.commit(key, guarding(requireNonNull(read()), "a", "a", "3"), shares);
        };
        assertThat(sessions.commit(key, guarding(first, "a", "a", "2"), shares)).isInstanceOf(Committed.Stored.class);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "3", "b", "0"));
    }

    /** The store was away for a moment, in which another call was owed. */
    @Test
    void gives_way_to_a_call_that_is_heard_to_be_stored_after_the_one_that_is_owed() throws Exception {
        for (boolean isHeardLate : new boolean[] {false, true}) {
            Snapshot base = made();
            store.beforeItsAnswer = () -> {
                store.away = true;
                sessions.commit(key, change(base, "a", "2", "b", "2"), shares);
                store.away = false;
                time.advance(isHeardLate ? TimeUnit.SECONDS.toNanos(1) : 0);
            };
            assertThat(sessions.commit(key, change(base, "a", "3"), denies)).isInstanceOf(Committed.Stored.class);
            comesBack();
            assertThat(stored()).isEqualTo(Map.of("a", "3", "b", "2"));
            assertThat(values(read())).isEqualTo(stored());
            sessions.invalidate(key, denies);
        }
    }

    /** Two calls make the session, and only the second one is heard of: what it has set is no other node's. */
    @Test
    void pays_upon_what_another_call_has_stored_in_a_session_that_was_not_known() throws Exception {
        store.beforeItsAnswer = () -> {
            store.losesAnswers = true;
            sessions.commit(key, change(null, "x", "2"), shares);
            store.losesAnswers = false;
        };
        store.behind.commit(key, change(null, "y", "0"), HALF_AN_HOUR);
        sessions.commit(key, change(null, "x", "1", "z", "1"), shares);
        store.away = true;
        Snapshot seen = requireNonNull(read());
        sessions.commit(key, change(seen, "x", "3", "z", "3"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("x", "3", "y", "0", "z", "3"));
    }

    /** One that began with the session as the node has made it up. */
    @Test
    void goes_on_with_a_session_that_is_heard_to_be_of_another_generation_while_it_is_owed() throws Exception {
        store.behind.commit(key, change(null, "y", "0"), HALF_AN_HOUR);
        Snapshot[] seen = new Snapshot[1];
        store.beforeItsAnswer = () -> {
            store.away = true;
            sessions.commit(key, change(null, "x", "2"), shares);
            seen[0] = requireNonNull(read());
        };
        sessions.commit(key, change(null, "z", "1"), shares);
        assertThat(sessions.commit(key, change(seen[0], "w", "3"), shares)).isInstanceOf(Committed.Stored.class);
        comesBack();
        assertThat(sessions.commit(key, change(seen[0], "v", "4"), shares)).isInstanceOf(Committed.Stored.class);
        assertThat(stored()).isEqualTo(Map.of("v", "4", "w", "3", "x", "2", "y", "0", "z", "1"));
    }

    @Test
    void goes_on_with_nothing_that_was_owed_of_a_session_which_the_store_has_ended() throws Exception {
        Snapshot base = made();
        store.beforeItsAnswer = () -> {
            store.away = true;
            sessions.commit(key, change(base, "a", "2"), shares);
            store.away = false;
        };
        sessions.commit(key, change(base, "a", "3"), denies); // to which the other one gives way
        sessions.invalidate(key, shares);
        store.away = true;
        assertThat(read()).isNull();
        sessions.commit(key, change(null, "b", "1"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("b", "1"));

        Snapshot next = requireNonNull(read());
        store.beforeItsAnswer = () -> {
            store.away = true;
            sessions.commit(key, change(next, "b", "2"), shares);
        };
        sessions.invalidate(key, shares);
        assertThat(read()).isNull();
        sessions.commit(key, change(null, "c", "1"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("c", "1"));
    }

    /** He may have read before it was owed. */
    @Test
    void pays_before_it_does_anything_for_who_does_not_go_by_what_is_owed() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "a", "2", "b", "2"), shares);
        assertThatThrownBy(() -> sessions.commit(key, change(base, "a", "3"), denies))
                .isInstanceOf(StoreUnavailableException.class);
        store.away = false;
        assertThat(sessions.commit(key, change(base, "a", "3"), denies)).isInstanceOf(Committed.Stored.class);
        assertThat(stored()).isEqualTo(Map.of("a", "3", "b", "2"));

        store.away = true;
        sessions.invalidate(key, shares);
        store.away = false;
        sessions.commit(key, change(null, "c", "1"), denies);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("c", "1"));

        store.away = true;
        sessions.commit(key, change(read(), "c", "2"), shares);
        store.meanwhile = () -> {
            throw new StoreUnavailableException("it is away for a moment");
        };
        store.away = false;
        sessions.invalidate(key, shares);
        store.away = true;
        assertThat(read()).isNull();
        sessions.commit(key, change(null, "d", "1"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("d", "1"));
    }

    /** What is owed was done upon what the other one has stored, though that hears of it later. */
    @Test
    void gives_way_to_no_call_upon_which_the_one_was_done_that_is_owed() throws Exception {
        Snapshot base = made();
        sessions.commit(key, change(base, "b", "0"), shares);
        Snapshot first = requireNonNull(read());
        store.beforeItsAnswer = () -> {
            store.away = true;
            near.heard(new String(key.redisKey("holdfast:"), UTF_8) + " 9 " + base.generation());
            near.ask(key).answered(store.behind.read(key, null, HALF_AN_HOUR), true);
            sessions.commit(key, change(read(), "a", "3"), shares);
        };
        assertThat(sessions.commit(key, change(first, "a", "2"), shares)).isInstanceOf(Committed.Stored.class);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "3", "b", "0"));
    }

    @Test
    void goes_on_with_a_session_that_was_in_conflict_last() throws Exception {
        Snapshot base = made();
        sessions.commit(key, change(base, "a", "2"), shares);
        assertThat(sessions.commit(key, guarding(base, "a", "b", "1"), shares))
                .isInstanceOf(Committed.Conflicting.class);
        store.away = true;
        assertThat(values(read())).isEqualTo(Map.of("a", "2"));
    }

    /** The one that is stored first may have read what the other has changed since: in that order, nobody has missed anything. */
    @Test
    void tells_of_no_conflict_with_a_call_that_may_have_come_behind() throws Exception {
        Snapshot base = made();
        store.beforeItsAnswer = () -> {
            store.away = true;
            sessions.commit(key, change(base, "a", "2"), shares);
        };
        assertThat(sessions.commit(key, guarding(base, "a", "b", "3"), shares)).isInstanceOf(Committed.Stored.class);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "2", "b", "3"));
    }

    @Test
    void pays_a_new_session_without_a_value_in_place_of_one_that_was_ended() throws Exception {
        made();
        store.away = true;
        sessions.invalidate(key, shares);
        sessions.commit(key, change(null), shares);
        Snapshot seen = requireNonNull(read());
        comesBack();
        assertThat(sessions.commit(key, change(seen, "b", "2"), shares)).isInstanceOf(Committed.Stored.class);
        assertThat(stored()).isEqualTo(Map.of("b", "2"));
    }

    /** The store has done what nobody was told of. */
    @Test
    void goes_on_under_a_new_id_that_the_store_has_given_unheard() throws Exception {
        Snapshot base = made();
        SessionKey renewed = key.renew().key();
        store.losesAnswers = true;
        sessions.commit(key, new Change(base, Map.of("b", "2".getBytes(UTF_8)), Set.of(), Set.of(), renewed), shares);
        store.losesAnswers = false;
        store.away = true;
        sessions.commit(renewed, change(sessions.read(renewed, null, shares), "c", "3"), shares);
        comesBack();
        assertThat(values(store.behind.read(renewed, null, HALF_AN_HOUR)))
                .isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
        assertThat(stored()).isEmpty();
    }

    /** The one that finds the store away has made room for what it owes, and has not put it there yet. */
    @Test
    void keeps_what_is_in_doubt_where_nothing_is_owed_any_more() throws Exception {
        Snapshot base = made();
        store.losesAnswers = true;
        assertThatThrownBy(() -> sessions.commit(key, change(base, "a", "2"), denies))
                .isInstanceOf(StoreUnavailableException.class);
        store.losesAnswers = false;
        store.away = true;
        assertThat(sessions.commit(key, guarding(requireNonNull(read()).usedAt(1), "a", "b", "1"), shares))
                .isInstanceOf(Committed.Stored.class);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "2", "b", "1"));
    }

    /** By the one or the other: a call under way that ends in an outage does not go on with it. */
    @Test
    void does_not_go_on_under_an_id_that_the_session_has_left() throws Exception {
        Snapshot base = made();
        SessionKey renewed = key.renew().key();
        sessions.commit(key, new Change(base, Map.of(), Set.of(), Set.of(), renewed), shares);
        store.away = true;
        assertThat(sessions.commit(key, change(base, "b", "2"), shares)).isInstanceOf(Committed.Gone.class);
        assertThat(read()).isNull();
        assertThat(values(sessions.read(renewed, null, shares))).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void makes_no_session_of_what_was_refused() throws Exception {
        store.away = true;
        sessions.commit(key, change(null, "a", "1"), shares);
        Snapshot seen = requireNonNull(read());
        comesBack();
        store.behind.invalidate(key, HALF_AN_HOUR);
        near.forget(key);
        store.away = true;
        assertThat(sessions.commit(key, change(seen, "b", "2"), shares)).isInstanceOf(Committed.Gone.class);
        comesBack();
        assertThat(store.behind.read(key, null, HALF_AN_HOUR)).isNull();
    }

    @Test
    void goes_on_with_the_session_that_was_made_since_another_one_was_found_to_be_ended() throws Exception {
        Snapshot ended = made();
        sessions.invalidate(key, shares);
        sessions.commit(key, change(null, "b", "2"), shares);
        assertThat(sessions.commit(key, change(ended, "a", "2"), shares)).isInstanceOf(Committed.Gone.class);
        store.away = true;
        assertThat(values(read())).isEqualTo(Map.of("b", "2"));
    }

    /** Its versions were this node's own then. */
    @Test
    void tells_a_call_that_began_before_a_payment_of_no_conflict_with_that() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "a", "2"), shares);
        sessions.commit(key, change(read(), "a", "3"), shares);
        Snapshot seen = requireNonNull(read());
        comesBack();
        assertThat(sessions.commit(key, guarding(seen, "a", "b", "4"), shares)).isInstanceOf(Committed.Stored.class);
        assertThat(stored()).isEqualTo(Map.of("a", "3", "b", "4"));
        assertThat(sessions.commit(key, guarding(seen, "b", "a", "5"), shares))
                .isEqualTo(new Committed.Conflicting("b"));
    }

    /** A call that began in the one outage, and ends in the next. */
    @Test
    void pays_in_the_next_outage_for_a_call_that_began_in_the_one_before() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "a", "2"), shares);
        Snapshot seen = requireNonNull(read());
        sessions.commit(key, change(read(), "a", "3"), shares);
        comesBack();
        store.away = true;
        sessions.commit(key, change(seen, "b", "4"), shares);
        assertThat(values(read())).isEqualTo(Map.of("a", "3", "b", "4"));
        assertThat(sessions.commit(key, guarding(seen, "a", "c", "5"), shares))
                .isEqualTo(new Committed.Conflicting("a"));
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "3", "b", "4"));
    }

    @Test
    void pays_nothing_where_somebody_else_has_changed_the_same_before_its_own_change_that_was_stored_unheard()
            throws Exception {
        Snapshot base = made();
        store.behind.commit(key, change(base, "a", "theirs"), HALF_AN_HOUR);
        store.losesAnswers = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        store.losesAnswers = false;
        store.away = true;
        sessions.commit(key, change(read(), "a", "mine"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "theirs", "b", "2"));
    }

    @Test
    void goes_on_with_what_it_has_paid_where_the_store_is_away_again_at_once() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        store.beforeItsAnswer = () -> store.away = true;
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(values(read())).isEqualTo(stored());
        sessions.commit(key, change(read(), "b", "3"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "3"));
    }

    /** Of a session of which it knew nothing. */
    @Test
    void goes_on_with_what_alone_it_knows_to_have_paid_where_the_store_is_away_again_at_once() throws Exception {
        store.behind.commit(key, change(null, "a", "1"), HALF_AN_HOUR);
        store.away = true;
        sessions.commit(key, change(null, "b", "2"), shares);
        store.beforeItsAnswer = () -> store.away = true;
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(values(read())).isEqualTo(Map.of("b", "2"));
        sessions.commit(key, change(read(), "b", "3"), shares);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("a", "1", "b", "3"));
        assertThat(values(read())).isEqualTo(stored());
    }

    @Test
    void does_not_go_on_with_what_was_ended_before_the_store_went_away() throws Exception {
        for (boolean isEndedHere : new boolean[] {false, true}) {
            Snapshot base = made();
            if (isEndedHere) {
                sessions.invalidate(key, shares);
            } else {
                store.behind.invalidate(key, HALF_AN_HOUR);
                near.heard(new String(key.redisKey("holdfast:"), UTF_8) + " 0 " + base.generation());
            }
            store.away = true;
            assertThat(sessions.commit(key, change(base, "b", "2"), shares)).isInstanceOf(Committed.Gone.class);
            assertThat(read()).isNull();
            comesBack();
        }
    }

    @Test
    void does_not_go_on_with_any_of_the_sessions_that_were_ended_in_an_outage_or_before() throws Exception {
        Snapshot first = made();
        sessions.invalidate(key, shares);
        made();
        sessions.invalidate(key, shares);
        store.away = true;
        sessions.commit(key, change(null, "a", "3"), shares);
        Snapshot third = requireNonNull(read());
        sessions.invalidate(key, shares);
        comesBack();
        store.away = true;
        for (Snapshot late : List.of(first, third)) {
            assertThat(sessions.commit(key, change(late, "b", "2"), shares)).isInstanceOf(Committed.Gone.class);
            assertThat(read()).isNull();
        }
    }

    @Test
    void does_not_bring_back_what_was_ended_elsewhere() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        store.behind.invalidate(key, HALF_AN_HOUR);
        near.heard(new String(key.redisKey("holdfast:"), UTF_8) + " 0 0");
        comesBack();
        assertThat(read()).isNull();
    }

    private void hears(SessionKey key, long version, long generation) {
        near.heard(new String(key.redisKey("holdfast:"), UTF_8) + " " + version + " " + generation);
    }

    /** What is told may come though answers do not. */
    @Test
    void does_not_go_on_with_what_is_owed_once_it_has_heard_that_others_have_ended_it() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        store.behind.invalidate(key, HALF_AN_HOUR);
        hears(key, 0, base.generation());
        assertThat(read()).isNull();
        assertThat(sessions.commit(key, change(base, "late", "1"), shares)).isInstanceOf(Committed.Gone.class);
        assertThat(sessions.commit(key, change(null, "new", "1"), shares)).isInstanceOf(Committed.Stored.class);
        assertThat(values(read())).isEqualTo(Map.of("new", "1"));
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("new", "1"));
    }

    /** It was this change itself that has ended it under the old id, and the client has to hear of the new one. */
    @Test
    void goes_on_under_a_new_id_of_which_it_has_heard_though_the_answer_was_lost() throws Exception {
        Snapshot base = made();
        SessionKey renewed = key.renew().key();
        store.losesAnswers = true;
        store.meanwhile = () -> {
            hears(key, -1, base.generation());
            hears(renewed, base.version() + 1, base.generation());
        };
        Change change = new Change(base, Map.of("b", "2".getBytes(UTF_8)), Set.of(), Set.of(), renewed);
        assertThat(sessions.commit(key, change, shares))
                .isInstanceOfSatisfying(Committed.Stored.class, stored -> assertThat(stored.renewed())
                        .isTrue());
        assertThat(values(sessions.read(renewed, null, shares))).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(read()).isNull();
        store.losesAnswers = false;
        comesBack();
        assertThat(values(store.behind.read(renewed, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(stored()).isEmpty();
    }

    /** As when somebody logs in there just after he was here. */
    @Test
    void lets_what_is_owed_go_along_with_a_session_that_others_have_given_another_id() throws Exception {
        Snapshot base = made();
        SessionKey renewed = key.renew().key();
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        store.behind.commit(key, new Change(base, Map.of(), Set.of(), Set.of(), renewed), HALF_AN_HOUR);
        hears(key, -1, base.generation());
        assertThat(read()).as("for who comes with the old one").isNull();
        comesBack();
        assertThat(values(store.behind.read(renewed, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(stored()).isEmpty();
    }

    @Test
    void does_not_go_on_under_a_new_id_where_another_node_has_ended_the_session() throws Exception {
        Snapshot base = made();
        SessionKey renewed = key.renew().key();
        store.away = true;
        hears(key, 0, base.generation());
        Change change = new Change(base, Map.of("b", "2".getBytes(UTF_8)), Set.of(), Set.of(), renewed);
        assertThat(sessions.commit(key, change, shares)).isInstanceOf(Committed.Gone.class);
    }

    @Test
    void ends_a_session_that_it_could_not_end_at_once() throws Exception {
        made();
        store.away = true;
        sessions.invalidate(key, shares);
        assertThat(read()).isNull();
        assertThat(sessions.commit(key, change(null, "new", "1"), shares)).isInstanceOf(Committed.Stored.class);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("new", "1"));
    }

    @Test
    void moves_a_session_to_a_new_id_without_the_store() throws Exception {
        Snapshot base = made();
        SessionKey renewed = key.renew().key();
        store.away = true;
        sessions.commit(key, new Change(base, Map.of("b", "2".getBytes(UTF_8)), Set.of(), Set.of(), renewed), shares);
        assertThat(read()).isNull();
        assertThat(values(sessions.read(renewed, null, shares))).isEqualTo(Map.of("a", "1", "b", "2"));
        comesBack();
        assertThat(stored()).isEmpty();
        assertThat(values(store.behind.read(renewed, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void is_used_by_who_reads_it_while_the_store_is_away() throws Exception {
        for (boolean writes : new boolean[] {false, true}) {
            sessions.commit(key, change(null, "a", "1"), shares);
            store.away = true;
            for (int minutes = 0; minutes < 60; minutes += 20) {
                Snapshot seen = read();
                assertThat(values(seen)).as("after " + minutes + " minutes").containsEntry("a", "1");
                if (writes && minutes == 40) {
                    sessions.commit(key, change(seen, "b", "2"), shares);
                }
                time.advance(TimeUnit.MINUTES.toNanos(20));
            }
            assertThat(read()).isNotNull();
            time.advance(TimeUnit.MINUTES.toNanos(32));
            assertThat(read()).as("without use").isNull();
            store.away = false;
            near.listening();
            time.advance(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void tells_the_store_that_a_session_was_read_while_that_was_away() throws Exception {
        Terms brief = lasting(new Lifetime(2_000, 43_200_000));
        sessions.commit(key, change(null, "a", "1"), brief);
        time.advance(TimeUnit.MILLISECONDS.toNanos(1_500));
        store.away = true;
        assertThat(sessions.read(key, null, brief)).isNotNull();
        comesBack();
        int questions = store.questions;
        time.advance(TimeUnit.MILLISECONDS.toNanos(1_200));
        assertThat(store.questions).as("once").isEqualTo(questions);
        assertThat(store.behind.read(key, null, brief.lifetime())).isNotNull();
    }

    @Test
    void ends_by_its_age_while_the_store_is_away_and_is_not_paid_for_then() throws Exception {
        Terms brief = lasting(new Lifetime(1_800_000, 600_000));
        sessions.commit(key, change(null, "a", "1"), brief);
        Snapshot made = requireNonNull(sessions.read(key, null, brief));
        store.away = true;
        time.advance(TimeUnit.MINUTES.toNanos(9));
        sessions.commit(key, change(made, "b", "2"), brief);
        time.advance(TimeUnit.SECONDS.toNanos(59));
        assertThat(sessions.read(key, null, brief)).isNotNull();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(told, true, UTF_8));
        try {
            time.advance(TimeUnit.SECONDS.toNanos(2));
            assertThat(sessions.read(key, null, brief)).isNull();
            comesBack();
        } finally {
            System.setErr(before);
        }
        assertThat(told.toString(UTF_8)).containsOnlyOnce("is dropped, as its time is over");
        assertThat(store.behind.read(key, null, HALF_AN_HOUR)).isNull();
        assertThat(time.scheduledTasks()).isZero();
    }

    @Test
    void is_as_old_as_it_was_when_it_is_paid_for() throws Exception {
        Snapshot base = made();
        store.away = true;
        time.advance(TimeUnit.MINUTES.toNanos(10));
        sessions.commit(key, change(base, "b", "2"), shares);
        store.behind.invalidate(key, HALF_AN_HOUR); // as if it had been lost
        comesBack();
        assertThat(requireNonNull(store.last).onto()).isEqualTo(Change.Onto.RESTORES);
        assertThat(requireNonNull(store.last).createdMillis()).isEqualTo(base.createdMillis());

        SessionKey own = SessionKey.issue().key();
        store.away = true;
        long made = time.epochMillis();
        sessions.commit(own, change(null, "a", "1"), shares);
        time.advance(TimeUnit.MINUTES.toNanos(10));
        SessionKey renewed = own.renew().key();
        sessions.commit(
                own, new Change(sessions.read(own, null, shares), Map.of(), Set.of(), Set.of(), renewed), shares);
        comesBack();
        assertThat(requireNonNull(store.behind.read(renewed, null, HALF_AN_HOUR))
                        .createdMillis())
                .isEqualTo(made);
    }

    /** In time that turns itself, as it waits for the store. */
    @Test
    void pays_before_the_jvm_ends_and_says_what_is_lost() throws Exception {
        VirtualTime turning = VirtualTime.turningItself();
        turning.jump(1_000_000);
        Flaky away = new Flaky(new LocalStore(turning, 1_000_000));
        Debts debts = new Debts(away, new NearCopies("holdfast:", turning), turning);
        away.away = true;
        debts.commit(key, change(null, "a", "1"), shares, new StoreUnavailableException("it is away"));
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(told, true, UTF_8));
        try {
            debts.end();
            assertThat(told.toString(UTF_8))
                    .containsOnlyOnce("what was done to 1 session while Redis was away is lost, as the JVM ends");
            assertThat(TimeUnit.NANOSECONDS.toMillis(turning.elapsed())).isBetween(900L, 1500L);
            told.reset();
            turning.schedule(TimeUnit.MILLISECONDS.toNanos(500), () -> away.away = false);
            debts.end();
        } finally {
            System.setErr(before);
        }
        assertThat(told.toString(UTF_8)).isEmpty();
        assertThat(values(away.behind.read(key, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void owes_nothing_for_ever() throws Exception {
        Snapshot base = made();
        store.away = true;
        sessions.commit(key, change(base, "b", "2"), shares);
        time.advance(TimeUnit.MINUTES.toNanos(Debts.MOST_MINUTES + 1));
        comesBack();
        assertThat(stored()).doesNotContainKey("b");
        assertThat(time.scheduledTasks()).isZero();
    }

    /** Who has logged out stays so. The store is away for five hours, and the session could live for ten. */
    @Test
    void ends_a_session_however_long_the_store_is_away() throws Exception {
        Lifetime long10Hours = new Lifetime(TimeUnit.HOURS.toMillis(9), TimeUnit.HOURS.toMillis(10));
        Terms longLived = lasting(long10Hours);
        sessions.commit(key, change(null, "a", "1"), longLived);
        requireNonNull(sessions.read(key, null, longLived));
        store.away = true;
        sessions.invalidate(key, longLived);
        sessions.commit(key, change(null, "new", "1"), longLived);
        time.advance(TimeUnit.HOURS.toNanos(5));
        assertThat(sessions.read(key, null, longLived))
                .as("is given up as ever")
                .isNull();
        store.away = false;
        near.listening();
        assertThat(sessions.read(key, null, denies)).as("before others look").isNull();
        comesBack();
        assertThat(store.behind.read(key, null, long10Hours)).isNull();
        assertThat(time.scheduledTasks()).isZero();
    }

    @Test
    void owes_the_end_of_a_session_for_no_longer_than_that_could_live() throws Exception {
        made();
        store.away = true;
        sessions.invalidate(key, shares);
        time.advance(TimeUnit.HOURS.toNanos(11));
        assertThat(time.scheduledTasks()).isOne();
        time.advance(TimeUnit.HOURS.toNanos(14));
        assertThat(time.scheduledTasks()).isZero();
    }

    /** The id is one of a template: who comes again after he has logged out has it as well. */
    @Test
    void does_not_end_another_session_of_the_same_id_that_began_after_it() throws Exception {
        made();
        store.away = true;
        sessions.invalidate(key, shares);
        store.behind.invalidate(key, HALF_AN_HOUR);
        time.advance(TimeUnit.HOURS.toNanos(1));
        store.behind.commit(key, change(null, "b", "2"), HALF_AN_HOUR);
        comesBack();
        assertThat(stored()).isEqualTo(Map.of("b", "2"));
    }

    @Test
    void asks_nobody_for_a_copy_that_is_fresh() throws Exception {
        made();
        int asked = store.questions;
        Terms nearby = terms(true, true);
        for (int i = 0; i < 10; i++) {
            assertThat(values(sessions.read(key, null, nearby))).isEqualTo(Map.of("a", "1"));
        }
        assertThat(store.questions).isEqualTo(asked);
        sessions.read(key, null, denies);
        assertThat(store.questions).isEqualTo(asked + 1);
        time.advance(TimeUnit.SECONDS.toNanos(1));
        sessions.read(key, null, nearby);
        assertThat(store.questions).isEqualTo(asked + 2);
    }
}
