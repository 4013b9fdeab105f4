package dev.holdfast.runtime.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.Span;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class ValuesTest {

    private final Codec codec = new Codec(
            MethodHandles.lookup(),
            name -> name.startsWith(ValuesTest.class.getName()) && !name.endsWith("Stranger"),
            () -> 1_000_000);

    /** What was told of changes of which only one can be kept. */
    private final List<String> twice = new ArrayList<>();

    /** Has another form whenever it is written. */
    private static class Unsteady implements Serializable {

        private static final long serialVersionUID = 1L;

        private static long now;

        int amount = 1;

        void writeNoise(ObjectOutputStream out) throws IOException {
            out.writeLong(now++);
            out.writeLong(UUID.randomUUID().getLeastSignificantBits());
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            writeNoise(out);
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
        }
    }

    /** As long as it likes, but knows what it is equal to. */
    private static final class Growing extends Unsteady {

        private static final long serialVersionUID = 1L;

        private static int length;

        @Override
        void writeNoise(ObjectOutputStream out) throws IOException {
            out.write(new byte[++length]);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Growing growing && amount == growing.amount;
        }

        @Override
        public int hashCode() {
            return Objects.hash(amount);
        }
    }

    /** In the order of hash codes that nobody has given. */
    private static final class Bag implements Serializable {

        private static final long serialVersionUID = 1L;

        final Set<Thing> things = new HashSet<>();

        @SuppressWarnings({"serial", "UnusedVariable"}) // some are not allowed
        @Nullable
        Object more;
    }

    @SuppressWarnings("UnusedVariable") // it is read by serialization
    private static final class Thing implements Serializable {

        private static final long serialVersionUID = 1L;

        final int number;

        Thing(int number) {
            this.number = number;
        }
    }

    private static final class Stranger implements Serializable {

        private static final long serialVersionUID = 1L;
    }

    private Values with(Object value) {
        Values values = new Values(
                codec,
                (name, reason, cause) -> {
                    throw new AssertionError(reason, cause);
                },
                (name, isOurs) -> twice.add(name + (isOurs ? " ours" : " theirs")));
        values.base(new Snapshot(
                1,
                1,
                0,
                0,
                0,
                false,
                new Span(1, 1, 1),
                Map.of("a", new Snapshot.Attribute(1, codec.encode(value).bytes()))));
        return values;
    }

    /** Whoever only reads must not undo what somebody else has written meanwhile. */
    @RepeatedTest(5)
    void are_not_changed_by_being_read_though_they_look_different_each_time() {
        for (Object value : new Object[] {new Unsteady(), new Growing(), bag()}) {
            Values values = with(value);
            assertThat(values.get("a")).isNotNull();
            assertThat(values.changes().isEmpty())
                    .as(value.getClass().getSimpleName())
                    .isTrue();
        }
    }

    private static Bag bag() {
        Bag bag = new Bag();
        for (int i = 0; i < 20; i++) {
            bag.things.add(new Thing(i));
        }
        return bag;
    }

    @Test
    void are_changed_in_place_though_they_look_different_each_time() {
        for (Unsteady value : new Unsteady[] {new Unsteady(), new Growing()}) {
            Values values = with(value);
            ((Unsteady) requireNonNull(values.get("a"))).amount = 2;
            assertThat(values.changes().set()).containsOnlyKeys("a");
        }
        Values values = with(bag());
        ((Bag) requireNonNull(values.get("a"))).things.add(new Thing(20));
        assertThat(values.changes().set()).containsOnlyKeys("a");
    }

    @Test
    void are_not_stored_once_they_were_changed_to_what_cannot_be_read() {
        Values values = with(bag());
        Bag bag = (Bag) requireNonNull(values.get("a"));
        bag.more = new Stranger();
        assertThatThrownBy(values::changes)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a\" was changed, and is of type " + Stranger.class.getName());
        bag.more = nested(100);
        assertThatThrownBy(values::changes)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a\" was changed, and is of type " + Bag.class.getName())
                .hasMessageContaining("nested deeper");
    }

    @Test
    void have_names_where_they_can_be_read_and_are_not_read_by_that() {
        List<String> told = new ArrayList<>();
        Values values = new Values(codec, (name, reason, cause) -> told.add(name), (name, isOurs) -> {});
        values.base(new Snapshot(
                1,
                1,
                0,
                0,
                0,
                false,
                new Span(1, 1, 1),
                Map.of(
                        "good",
                        new Snapshot.Attribute(1, codec.encode("Ann").bytes()),
                        "damaged",
                        new Snapshot.Attribute(1, new byte[] {99}))));
        assertThat(values.names()).containsExactly("good");
        assertThat(values.changes().touched()).isEmpty();
        assertThat(values.get("damaged")).isNull();
        assertThat(values.get("good")).isEqualTo("Ann");
        assertThat(values.names()).containsExactly("good");
        assertThat(told).containsExactly("damaged");
        assertThat(values.changes().touched()).containsExactlyInAnyOrder("good", "damaged");
    }

    private static Bag nested(int depth) {
        Bag bag = new Bag();
        for (int i = 0; i < depth; i++) {
            Bag outer = new Bag();
            outer.more = bag;
            bag = outer;
        }
        return bag;
    }

    private static Values.Changes set(Codec codec, Object value) {
        return new Values.Changes(Map.of("a", codec.encode(value).bytes()), Set.of(), Set.of("a"));
    }

    private Object saved(Values values) throws Exception {
        return requireNonNull(
                codec.decode(requireNonNull(values.changes().set().get("a"))).value());
    }

    /** The body may hold on to an object that it had got before. */
    @Test
    @SuppressWarnings("unchecked")
    void changed_in_place_after_an_inner_attempt_has_changed_them_too_are_kept_and_told() throws Exception {
        Values values = with(new ArrayList<>(List.of("first")));
        List<String> held = (List<String>) requireNonNull(values.get("a"));
        values.adopt(set(codec, new ArrayList<>(List.of("first", "inner"))));
        assertThat(saved(values)).isEqualTo(List.of("first", "inner"));
        assertThat(twice).isEmpty();

        held.add("outer");
        assertThat(saved(values)).isEqualTo(List.of("first", "outer"));
        assertThat(twice).containsExactly("a ours");
        assertThat(values.get("a")).isSameAs(held);

        held.add("again");
        assertThat(saved(values)).isEqualTo(List.of("first", "outer", "again"));
        assertThat(twice).hasSize(1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void are_those_that_were_got_anew_though_what_was_got_before_is_changed_as_well() throws Exception {
        Values values = with(new ArrayList<>(List.of("first")));
        List<String> held = (List<String>) requireNonNull(values.get("a"));
        values.adopt(set(codec, new ArrayList<>(List.of("first", "inner"))));
        ((List<String>) requireNonNull(values.get("a"))).add("anew");
        held.add("outer");
        assertThat(saved(values)).isEqualTo(List.of("first", "inner", "anew"));
        assertThat(twice).containsExactly("a theirs");
    }

    @Test
    @SuppressWarnings("unchecked")
    void that_were_set_after_an_inner_attempt_are_what_was_set() throws Exception {
        Values values = with(new ArrayList<>(List.of("first")));
        List<String> held = (List<String>) requireNonNull(values.get("a"));
        values.adopt(set(codec, new ArrayList<>(List.of("first", "inner"))));
        held.add("outer");
        values.set("a", held);
        assertThat(saved(values)).isEqualTo(List.of("first", "outer"));
        assertThat(twice).isEmpty();
    }
}
