package dev.holdfast.runtime.session.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies inside of a class that was named. */
@SuppressWarnings("JdkObsolete") // what a program may have
final class SerializationTest {

    private final Codec codec = new Codec(
            MethodHandles.lookup(),
            Set.of(
                    Holder.class.getName(),
                    Unstorable.class.getName(),
                    Throwing.class.getName(),
                    Odd.class.getName(),
                    Refusal.class.getName())::contains,
            () -> 10_000_000);

    private static final class Holder implements Serializable {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // some are, and some are not
        @Nullable
        Object held;

        Holder(@Nullable Object held) {
            this.held = held;
        }
    }

    /** As frameworks keep it for the page behind a login that has failed. */
    private static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refusal(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "very large";
            }
        }
    }

    private record Point(int x, List<Size> sizes) implements Serializable {}

    private record Secret(@SuppressWarnings("serial") Object inside) implements Serializable {}

    private record Plain(int x) {}

    private static final class Stranger implements Serializable {

        private static final long serialVersionUID = 1L;
    }

    private static final class Unstorable implements Serializable {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "UnusedVariable"}) // that is the fault
        final Object lock = new CodecTest();
    }

    private static final class Throwing implements Serializable {

        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new IOException("not today");
        }
    }

    /** Writes what it does not read. */
    private static final class Odd implements Serializable {

        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new IOException("what is this?");
        }
    }

    static Stream<Object> plain() {
        return Stream.of(
                LocalDate.EPOCH,
                LocalTime.NOON,
                LocalDateTime.MAX,
                ZonedDateTime.of(LocalDateTime.MIN, ZoneId.of("Europe/Paris")),
                OffsetDateTime.MAX,
                OffsetTime.MIN,
                Instant.EPOCH,
                Duration.ofSeconds(1),
                Period.ofDays(1),
                Year.of(1),
                YearMonth.of(2026, 2),
                MonthDay.of(2, 29),
                ZoneOffset.UTC,
                ZoneId.of("Europe/Paris"),
                DayOfWeek.MONDAY,
                "text",
                'c',
                1,
                1L,
                1.5,
                new BigInteger("5"),
                new BigDecimal("1.10"),
                new UUID(1, 2),
                URI.create("http://localhost"),
                List.of(),
                List.of(1),
                List.of(1, 2, 3),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3),
                Map.of(),
                Map.of(1, 2),
                Map.of(1, 2, 3, 4),
                Arrays.asList(1, null),
                Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                Collections.unmodifiableSet(new HashSet<>(Set.of(1))),
                Collections.unmodifiableMap(new TreeMap<>(Map.of(1, 2))),
                Collections.unmodifiableSortedSet(new TreeSet<>(Set.of(1))),
                Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))),
                Collections.emptyList(),
                Collections.emptySet(),
                Collections.emptyMap(),
                Collections.emptyNavigableMap(),
                Collections.singletonList(1),
                Collections.singleton(1),
                Collections.singletonMap(1, 2),
                Collections.nCopies(3, "x"),
                new TreeMap<>(Map.of(1, 2)),
                sorted(),
                new LinkedHashSet<>(Set.of(1)),
                new LinkedHashMap<>(Map.of(1, 2)),
                new LinkedList<>(List.of(1)),
                new Vector<>(List.of(1)),
                new Hashtable<>(Map.of(1, 2)),
                properties(),
                new ConcurrentHashMap<>(Map.of(1, 2)),
                new CopyOnWriteArrayList<>(List.of(1)),
                EnumSet.of(DayOfWeek.MONDAY),
                EnumSet.of(Size.LARGE),
                EnumSet.noneOf(Size.class),
                new EnumMap<>(Map.of(Size.SMALL, LocalDate.EPOCH)),
                Map.of("a", List.of(Set.of(Instant.EPOCH))),
                Size.SMALL,
                Size.LARGE,
                new Point(1, List.of(Size.LARGE)),
                IntStream.range(0, 100_000).boxed().collect(Collectors.toCollection(ArrayList::new)));
    }

    private static Set<String> sorted() {
        TreeSet<String> set = new TreeSet<>(Collections.reverseOrder());
        set.addAll(Set.of("a", "b"));
        return set;
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("a", "b");
        return properties;
    }

    @ParameterizedTest
    @MethodSource("plain")
    void gives_back_what_is_plain(Object held) throws Exception {
        assertThat(again(held)).isEqualTo(held).hasSameClassAs(held);
    }

    @Test
    void gives_back_what_has_no_equality() throws Exception {
        assertThat((byte[]) again(new byte[500_000])).hasSize(500_000);
        assertThat((String[]) again(new String[] {"a"})).containsExactly("a");
        assertThat((LocalDate[][]) again(new LocalDate[][] {{LocalDate.EPOCH}}))
                .isEqualTo(new LocalDate[][] {{LocalDate.EPOCH}});
        assertThat((Size[]) again(new Size[] {Size.LARGE})).containsExactly(Size.LARGE);
        assertThat(((ArrayDeque<?>) again(new ArrayDeque<>(List.of(1)))).peek()).isEqualTo(1);
        assertThat(((Map<?, ?>) again(new HashMap<>(1_000_000)))).isEmpty();
    }

    private Object again(Object held) throws Exception {
        Holder read = (Holder) requireNonNull(
                codec.decode(codec.encode(new Holder(held)).bytes()).value());
        return requireNonNull(read.held);
    }

    static Stream<Object> dangerous() throws Exception {
        return Stream.of(
                new Stranger(),
                new Secret(new Stranger()),
                List.of(new Stranger()),
                List.of((Object) new Stranger[0]),
                new PriorityQueue<>(List.of(1, 2)),
                URI.create("http://localhost").toURL(),
                (Runnable & Serializable) () -> {},
                Proxy.newProxyInstance(
                        SerializationTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, (Handler)
                                (proxy, method, arguments) -> null),
                new IllegalStateException("x"));
    }

    private interface Handler extends java.lang.reflect.InvocationHandler, Serializable {}

    @ParameterizedTest
    @MethodSource("dangerous")
    void refuses_all_else_before_it_is_stored(Object held) {
        assertThatThrownBy(() -> codec.encode(new Holder(held)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inside of " + Holder.class.getName())
                .hasMessageContaining("holdfast.session.allow=");
    }

    @Test
    void names_the_class_that_is_not_serializable() {
        assertThatThrownBy(() -> codec.encode(new Unstorable()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of type " + Unstorable.class.getName())
                .hasMessageContaining("it holds a " + CodecTest.class.getName() + ", which is not Serializable")
                .hasMessageContaining(
                        "expected: " + CodecTest.class.getName() + " that implements java.io.Serializable")
                .hasMessageNotContaining("NotSerializableException");
        assertThatThrownBy(() -> codec.encode(new Holder(new Plain(1))))
                .hasMessageContaining("it holds a " + Plain.class.getName() + ", which is not Serializable");
        assertThatThrownBy(() -> codec.encode(new Throwing()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of type " + Throwing.class.getName())
                .hasMessageContaining("not today");
    }

    @Test
    void refuses_to_write_what_its_own_code_cannot_read() {
        assertThatThrownBy(() -> codec.encode(new Odd()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of type " + Odd.class.getName())
                .hasMessageContaining("what is this?");
    }

    @Test
    void refuses_to_write_what_is_too_deep_to_be_read() throws Exception {
        assertThat(again(nested(25))).isInstanceOf(Holder.class);
        for (int depth : new int[] {40, 1_000, 100_000}) {
            assertThatThrownBy(() -> codec.encode(nested(depth)))
                    .as("%d", depth)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is of type " + Holder.class.getName())
                    .hasMessageContaining("is nested deeper than 32");
        }
    }

    private static Holder nested(int depth) {
        Holder holder = new Holder("leaf");
        for (int i = 0; i < depth; i++) {
            holder = new Holder(holder);
        }
        return holder;
    }

    @Test
    void gives_up_at_once_what_takes_more_than_it_may() {
        Holder holder = new Holder(new byte[20_000_000]);
        assertThatThrownBy(() -> codec.encode(holder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("takes more than the 10000000 bytes");
    }

    @Test
    void exceptions_that_are_allowed_come_back_with_message_cause_and_trace() throws Exception {
        Refusal refusal = new Refusal("bad password", new Refusal("no such user", null));
        refusal.addSuppressed(new Refusal("besides", null));
        Throwable back = (Throwable)
                requireNonNull(codec.decode(codec.encode(refusal).bytes()).value());
        assertThat(back).isInstanceOf(Refusal.class).hasMessage("bad password");
        assertThat(back.getCause()).hasMessage("no such user");
        assertThat(back.getSuppressed()).hasSize(1);
        assertThat(back.getStackTrace()).isEqualTo(refusal.getStackTrace());
        assertThatThrownBy(() -> codec.encode(new Refusal("", new IOException())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.io.IOException");
    }
}
