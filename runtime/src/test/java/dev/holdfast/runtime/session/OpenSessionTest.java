package dev.holdfast.runtime.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.LocalStore;
import dev.holdfast.runtime.time.VirtualTime;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One attempt within another, over HTTP. */
final class OpenSessionTest {

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final Sessions sessions =
            new Sessions(new LocalStore(time, time.epochMillis()), null, () -> 1_000_000, time);
    private final Terms terms = new Terms(
            "Shop.visit()",
            null,
            "HSESSION",
            true,
            new Lifetime(1_800_000, 43_200_000),
            false,
            false,
            true,
            new Codec(MethodHandles.lookup(), Set.<String>of()::contains, () -> 1_000_000),
            ExceptionType.in(null, "SessionConflictException"),
            ExceptionType.in(null, "SessionUnavailableException", Throwable.class));

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
}
