package dev.holdfast.runtime.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.SessionConflictException;
import dev.holdfast.SessionUnavailableException;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.LocalStore;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.SessionStore;
import dev.holdfast.runtime.session.store.StoreUnavailableException;
import dev.holdfast.runtime.time.VirtualTime;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One attempt within another, over HTTP. */
final class OpenSessionTest {

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final LocalStore store = new LocalStore(time, time.epochMillis());
    private final Sessions sessions = new Sessions(store, null, () -> 1_000_000, time);
    private final Terms terms = terms(false);

    private static Terms terms(boolean failsOnConflict) {
        return new Terms(
                "Shop.visit()",
                null,
                "HSESSION",
                true,
                new Lifetime(1_800_000, 43_200_000),
                false,
                failsOnConflict,
                true,
                new Codec(MethodHandles.lookup(), Set.<String>of()::contains, () -> 1_000_000),
                ExceptionType.in(null, "SessionConflictException"),
                ExceptionType.in(null, "SessionUnavailableException", Throwable.class));
    }

    /** A store as it is, but that ends nothing while it is away, and may keep to itself what others have made of a session, as one does that is asked for little. */
    private static final class Ending extends StoreBehind {

        private final AtomicBoolean away;
        private final boolean tellsLittle;

        Ending(SessionStore behind, AtomicBoolean away, boolean tellsLittle) {
            super(behind);
            this.away = away;
            this.tellsLittle = tellsLittle;
        }

        @Override
        void ask() {
            // it answers
        }

        @Override
        public Committed commit(SessionKey key, Change change, Lifetime lifetime) throws StoreUnavailableException {
            Committed committed = super.commit(key, change, lifetime);
            return tellsLittle && committed instanceof Committed.Stored stored
                    ? new Committed.Stored(
                            stored.version(), stored.generation(), stored.before(), null, stored.renewed())
                    : committed;
        }

        @Override
        public void invalidate(SessionKey key, long mark, Set<Long> doubtful, Lifetime lifetime)
                throws StoreUnavailableException {
            if (away.get()) {
                throw new StoreUnavailableException("it is away");
            }
            super.invalidate(key, mark, doubtful, lifetime);
        }
    }

    /** A request, and what is told to its client. */
    private static final class Browser implements HttpSide {

        private final List<String> told = new ArrayList<>();
        private final List<String> cookies;
        private final @Nullable OpenSession around;

        Browser(List<String> cookies, @Nullable OpenSession around) {
            this.cookies = cookies;
            this.around = around;
        }

        @Override
        public @Nullable OpenSession around() {
            return around;
        }

        @Override
        public List<String> cookies(String name) {
            return cookies;
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public boolean hasBegun() {
            return false;
        }

        @Override
        public void setCookie(String name, String header) {
            told.add(header.substring(name.length() + 1, header.indexOf(';')));
        }

        @Override
        public @Nullable Object[] everything(OpenSession session) {
            return new Object[0];
        }

        @Override
        public void release() {}

        @Override
        public void discard() {}
    }

    private OpenSession open(Browser browser) {
        return new OpenSession(sessions, terms, null, browser, browser.around());
    }

    @Test
    void takes_away_with_an_inner_one_that_ends_it_also_what_was_never_stored() {
        Browser request = new Browser(List.of(), null);
        OpenSession outer = open(request);
        outer.set("lost", 1);
        OpenSession inner = open(new Browser(List.of(), outer));
        assertThat(inner.get("lost")).isEqualTo(1);
        inner.invalidate();
        inner.set("again", 2);
        inner.commit();
        assertThat(outer.names()).containsExactly("again");
        outer.commit();
        assertThat(request.told).hasSize(1);

        OpenSession next = open(new Browser(List.of(requireNonNull(request.told.get(0))), null));
        assertThat(next.names()).containsExactly("again");
    }

    @Test
    void leaves_nothing_of_a_session_that_an_inner_one_has_ended_before_it_was_stored() {
        Browser request = new Browser(List.of(), null);
        OpenSession outer = open(request);
        outer.set("lost", 1);
        OpenSession inner = open(new Browser(List.of(), outer));
        inner.invalidate();
        inner.commit();
        assertThat(outer.exists()).isFalse();
        outer.commit();
        assertThat(request.told).isEmpty();
    }

    /** The one in the middle had taken over the new id without the key that belongs to it, and what came after it was stored nowhere, or where no cookie led. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void finds_a_session_that_inner_ones_have_renewed_before_it_was_stored(boolean idIsKnown) {
        Browser request = new Browser(List.of(), null);
        OpenSession outer = open(request);
        outer.make();
        String first = idIsKnown ? outer.id() : "";
        OpenSession login = open(new Browser(List.of(), outer));
        login.id();
        String renewed = login.renewId();
        login.commit();
        assertThat(outer.id()).isEqualTo(renewed).isNotEqualTo(first);
        OpenSession audit = open(new Browser(List.of(), outer));
        assertThat(audit.id()).isEqualTo(renewed);
        audit.set("audited", 1);
        OpenSession innermost = open(new Browser(List.of(), audit));
        String last = innermost.renewId();
        innermost.commit();
        audit.commit();
        assertThat(outer.id()).isEqualTo(last);
        outer.commit();
        assertThat(request.told).containsExactly(last);

        assertThat(open(new Browser(List.of(last), null)).names()).containsExactly("audited");
        assertThat(open(new Browser(List.of(renewed), null)).exists()).isFalse();
    }

    @Test
    void keeps_its_id_where_an_inner_one_that_fails_has_renewed_it() {
        Browser request = new Browser(List.of(), null);
        OpenSession outer = open(request);
        outer.set("kept", 1);
        String id = outer.id();
        open(new Browser(List.of(), outer)).renewId();
        outer.commit();
        assertThat(request.told).containsExactly(id);
        assertThat(open(new Browser(List.of(id), null)).names()).containsExactly("kept");
    }

    private String begun() {
        Browser login = new Browser(List.of(), null);
        OpenSession first = open(login);
        first.set("user", "ann");
        first.set("count", 1);
        first.commitLast();
        return requireNonNull(login.told.get(0));
    }

    /** What was saved before the response streamed, or not, is not what is looked after in the end. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hears_of_a_conflict_also_with_what_it_has_read_before_it_was_saved_for_the_first_time(
            boolean storeTellsLittle) {
        Sessions sessions =
                new Sessions(new Ending(store, new AtomicBoolean(), storeTellsLittle), null, () -> 1_000_000, time);
        Browser request = new Browser(List.of(begun()), null);
        OpenSession call = new OpenSession(sessions, terms(true), null, request, null);
        int count = (int) requireNonNull(call.get("count"));
        call.set("page", 1);

        OpenSession other = open(request);
        other.set("theirs", 1);
        other.commitLast();
        call.commit();

        OpenSession another = open(request);
        another.set("count", 10);
        another.commitLast();
        assertThat(call.get("theirs")).isEqualTo(1);
        call.commit(); // as it has nothing to save
        call.set("count", count + 1);
        assertThatThrownBy(call::commit)
                .isInstanceOf(SessionConflictException.class)
                .hasMessageContaining("\"count\"");
        assertThat(open(request).get("count")).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void has_no_conflict_with_what_it_has_saved_itself(boolean storeTellsLittle) {
        Sessions sessions =
                new Sessions(new Ending(store, new AtomicBoolean(), storeTellsLittle), null, () -> 1_000_000, time);
        Browser request = new Browser(List.of(begun()), null);
        OpenSession call = new OpenSession(sessions, terms(true), null, request, null);
        for (int i = 0; i < 3; i++) {
            call.set("count", (int) requireNonNull(call.get("count")) + 1);
            call.remove("user");
            OpenSession other = open(request);
            other.set("theirs", i);
            other.commitLast();
            call.commit();
        }
        assertThat(open(request).get("count")).isEqualTo(4);
        assertThat(open(request).get("user")).isNull();
    }

    /** Or another attempt would go by that, and end it in place of the old one. */
    @Test
    void tells_nobody_of_another_session_before_the_old_one_is_ended() {
        AtomicBoolean away = new AtomicBoolean(true);
        Sessions sessions = new Sessions(new Ending(store, away, false), null, () -> 1_000_000, time);
        String old = begun();
        Browser request = new Browser(List.of(old), null);
        OpenSession call = new OpenSession(sessions, terms, null, request, null);
        call.invalidate();
        call.set("flash", "bye");
        assertThatThrownBy(call::commit).isInstanceOf(SessionUnavailableException.class);
        assertThat(request.told).isEmpty();

        away.set(false);
        call.commit();
        assertThat(request.told).hasSize(1).doesNotContain("", old);
        assertThat(open(request).exists()).isFalse();
        assertThat(open(new Browser(request.told, null)).names()).containsExactly("flash");
    }

    @Test
    void refuses_names_that_cannot_be_told_from_others_once_they_are_stored() {
        OpenSession call = open(new Browser(List.of(), null));
        assertThatThrownBy(() -> call.set("a\ud800", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("surrogate");
        call.set("\ud83d\ude00", 1);
        assertThat(call.names()).containsExactly("\ud83d\ude00");
    }
}
