package dev.holdfast.runtime.notify.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArgumentTextTest {

    @Test
    void shows_values_of_types_that_it_knows() {
        assertThat(text(null)).isEqualTo("null");
        assertThat(text("a\"b")).isEqualTo("\"a\"b\"");
        assertThat(text(17)).isEqualTo("17");
        assertThat(text(TimeUnit.DAYS)).isEqualTo("DAYS");
        assertThat(text(Duration.ofSeconds(5))).isEqualTo("PT5S");
        assertThat(text(Optional.of(1))).isEqualTo("Optional(1)");
        assertThat(text(new int[] {1, 2})).isEqualTo("[1, 2]");
        assertThat(text(new byte[3])).isEqualTo("byte[](3 bytes)");
        assertThat(text(new TreeMap<>(Map.of("a", List.of(1, "x"))))).isEqualTo("{\"a\"=[1, \"x\"]}");
    }

    @Test
    void shows_of_the_applications_own_the_type_alone() {
        assertThat(text(new Account())).isEqualTo(Account.class.getTypeName());
        assertThat(text(List.of(new Account()))).isEqualTo("[" + Account.class.getTypeName() + "]");
        assertThat(text(new ArrayList<>() {
                    @Override
                    public int size() {
                        throw new AssertionError("called");
                    }
                }))
                .startsWith(ArgumentTextTest.class.getName());
    }

    @Test
    void redacts_by_name_and_by_looks() {
        assertThat(ArgumentText.of("password", "hunter2")).isEqualTo("***");
        assertThat(text(Map.of("apiKey", "abc"))).isEqualTo("{\"apiKey\"=***}");
        assertThat(text("https://u:p@host/")).isEqualTo("\"https://***@host/\"");
    }

    @Test
    void is_bounded() {
        assertThat(text("x".repeat(1_000))).hasSize(255).endsWith("…");
        assertThat(text(Collections.nCopies(1_000_000, 1))).hasSizeLessThanOrEqualTo(255);
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        assertThat(text(circle)).isEqualTo("[[[[… 1 more]]]]");
        Map<Object, Object> map = new HashMap<>();
        map.put(1, map);
        assertThat(text(map)).isEqualTo("{1={1={1={… 1 more}}}}");
    }

    @Test
    @SuppressWarnings({"JavaUtilDate", "UnnecessaryStringBuilder"}) // applications have them
    void shows_what_is_as_good_as_a_text() {
        assertThat(text(new StringBuilder("ann"))).isEqualTo("\"ann\"");
        assertThat(text(new StringBuilder("x".repeat(1_000_000)))).hasSizeBetween(200, 255);
        assertThat(text(new Date(0))).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(text(URI.create("/quotes"))).isEqualTo("/quotes");
        assertThat(text(new AtomicLong(7))).isEqualTo("7");
    }

    private static String text(@Nullable Object value) {
        return ArgumentText.of("value", value);
    }

    private static final class Account {
        @Override
        public String toString() {
            throw new AssertionError("called");
        }
    }

    private record Login(String user, String password, Inner inner) {}

    private record Inner(List<Integer> numbers) {}

    /** Its accessor is asked for its value. */
    record Broken(int value) {

        @Override
        public int value() {
            throw new IllegalStateException("no value");
        }
    }

    @Test
    void shows_the_components_of_records_but_on_another_thread() {
        Login login = new Login("ann", "sesame", new Inner(List.of(1, 2)));
        String text = "Login[user=\"ann\", password=***, inner=Inner[numbers=[1, 2]]]";
        assertThat(ArgumentText.taken(login)).isSameAs(login);
        assertThat(ArgumentText.finished(ArgumentText.asked(login))).isEqualTo(text);
        assertThat(ArgumentText.unasked(login)).isEqualTo(Login.class.getTypeName());
        assertThat(ArgumentText.asked(new Broken(1))).isEqualTo("Broken[value=?]");
    }

    @Test
    void shows_records_among_others_as_these_were_when_it_was_taken() {
        List<Object> changing = new ArrayList<>(List.of("first", new Inner(List.of(1)), "last"));
        Object taken = ArgumentText.taken(new Object[] {changing, new Inner(List.of(2))});
        assertThat(taken).as("nobody was asked").isNotInstanceOf(String.class);
        assertThat(ArgumentText.whom(taken)).isEqualTo(Inner.class);
        changing.clear();
        assertThat(ArgumentText.asked(taken))
                .isEqualTo("[[\"first\", Inner[numbers=[… 1 more]], \"last\"], Inner[numbers=[2]]]");
        String name = Inner.class.getTypeName();
        assertThat(ArgumentText.unasked(taken)).isEqualTo("[[\"first\", " + name + ", \"last\"], " + name + "]");
        assertThat(text(Optional.of(new Broken(1)))).isEqualTo("Optional(Broken[value=?])");
        List<Inner> many = Collections.nCopies(100_000, new Inner(List.of(1)));
        assertThat(text(new ArrayList<>(many))).hasSizeLessThanOrEqualTo(255);
    }
}
