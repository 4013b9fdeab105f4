package dev.holdfast.runtime.session.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class CodecTest {

    private final Codec codec = new Codec(MethodHandles.lookup(), Set.<String>of()::contains, () -> 1_000_000);

    private enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "very large";
            }
        }
    }

    private record Item(String name, int count, @Nullable BigDecimal price) {}

    private record Cart(List<Item> items, Map<Size, Set<String>> notes) {}

    private record Nothing() {}

    private record Picky(int wanted) {

        private static Runnable check = () -> {};

        Picky {
            check.run();
        }
    }

    static Stream<Object> values() {
        return Stream.of(
                "",
                "text",
                "Grüße, 世界 🌍",
                "half a character: \ud83c",
                true,
                false,
                (byte) -1,
                (short) -300,
                'ß',
                0,
                -1,
                Integer.MAX_VALUE,
                Integer.MIN_VALUE,
                0L,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                1.5f,
                Float.NaN,
                -0.0,
                Double.MIN_VALUE,
                new BigInteger("-123456789012345678901234567890"),
                new BigDecimal("12.3400"),
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                Instant.MIN,
                Instant.parse("2026-11-28T07:30:45.123456789Z"),
                Duration.ofMillis(-1),
                LocalDate.MIN,
                LocalDate.of(2026, 11, 28),
                LocalTime.MAX,
                LocalDateTime.MAX,
                OffsetDateTime.of(LocalDateTime.of(2026, 3, 29, 2, 30), ZoneOffset.ofHoursMinutes(-3, -30)),
                OffsetTime.MIN,
                ZonedDateTime.ofLocal(
                        LocalDateTime.of(2026, 10, 25, 2, 30), ZoneId.of("Europe/Berlin"), ZoneOffset.ofHours(1)),
                Period.of(1, -2, 3),
                Year.of(-44),
                YearMonth.of(2026, 2),
                MonthDay.of(2, 29),
                ZoneId.of("Europe/Berlin"),
                ZoneOffset.UTC,
                DayOfWeek.FRIDAY,
                Size.SMALL,
                Size.LARGE,
                new Nothing(),
                new Item("apple", 3, new BigDecimal("0.30")),
                new Item("pear", 0, null),
                List.of(),
                Arrays.asList(1, null, "x", List.of(Size.LARGE, Size.LARGE)),
                new ArrayList<>(List.of(new Item("a", 1, null), new Item("b", 2, null), new Item("a", 1, null))),
                Set.of("one"),
                new TreeSet<>(Set.of(3, 1, 2)),
                Collections.singletonMap(null, null),
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                new Cart(List.of(new Item("apple", 1, null)), Map.of(Size.SMALL, Set.of("ripe"))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void gives_back_what_it_was_given(Object value) throws Exception {
        Codec.Encoded encoded = codec.encode(value);
        Codec.Decoded decoded = codec.decode(encoded.bytes());
        assertThat(decoded.value()).isEqualTo(value);
        assertThat(decoded.fixed()).isEqualTo(encoded.fixed());
        if (!(value instanceof Map || value instanceof Set || value instanceof List)) {
            assertThat(requireNonNull(decoded.value()).getClass()).isEqualTo(value.getClass());
        }
    }

    @Test
    void gives_back_bytes() throws Exception {
        byte[] bytes = {0, -1, 127};
        assertThat(codec.decode(codec.encode(bytes).bytes()).value()).isEqualTo(bytes);
    }

    @Test
    void is_compact() {
        assertThat(codec.encode("text").bytes()).hasSize(6);
        assertThat(codec.encode(7).bytes()).hasSize(2);
        assertThat(codec.encode(true).bytes()).hasSize(1);
        List<Item> one = List.of(new Item("apple", 1, null));
        List<Item> ten = Collections.nCopies(10, new Item("apple", 1, null));
        assertThat(codec.encode(ten).bytes().length - codec.encode(one).bytes().length)
                .as("of nine more of a record that is known")
                .isEqualTo(9 * 12);
    }

    @Test
    void keeps_the_order_of_sets_and_maps_and_lets_them_be_changed() throws Exception {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", new ArrayList<>());
        map.put("a", new HashSet<>(Set.of(1)));
        @SuppressWarnings("unchecked")
        Map<String, Object> read = requireNonNull(
                (Map<String, Object>) codec.decode(codec.encode(map).bytes()).value());
        assertThat(read.keySet()).containsExactly("z", "a");
        read.put("m", 1);
        read.remove("z");
        assertThat(read).hasSize(2);
        byte[] bytes = codec.encode(read).bytes();
        assertThat(codec.encode(requireNonNull(codec.decode(bytes).value())).bytes())
                .isEqualTo(bytes);
    }

    @Test
    void knows_what_can_be_changed() {
        assertThat(codec.encode(new Item("a", 1, null)).fixed()).isTrue();
        assertThat(codec.encode(new Cart(List.of(), Map.of())).fixed()).isFalse();
        assertThat(codec.encode(new byte[1]).fixed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void refuses_what_it_does_not_know_and_names_the_remedy(Object value, String named) {
        assertThatThrownBy(() -> codec.encode(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holdfast.session.allow=" + named);
    }

    static Stream<Arguments> strangers() {
        return Stream.of(
                Arguments.of(new Object(), "java.lang.Object and a class that is Serial"),
                Arguments.of(new BitSet(), "java.util.BitSet"),
                Arguments.of(List.of(new BitSet()), "java.util.BitSet"),
                Arguments.of(new int[1], "int"),
                Arguments.of(new Bean("x"), Bean.class.getName()));
    }

    @Test
    void refuses_what_contains_itself() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        assertThatThrownBy(() -> codec.encode(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lies in itself");
    }

    @Test
    void reads_nothing_that_is_damaged_and_survives_it() throws Exception {
        Random random = new Random(11);
        List<Object> all = values().filter(one -> !(one instanceof Nothing)).toList();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = codec.encode(all.get(random.nextInt(all.size()))).bytes();
            int changes = 1 + random.nextInt(3);
            for (int j = 0; j < changes; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 2));
            for (byte[] damaged : List.of(bytes, cut)) {
                try {
                    codec.decode(damaged);
                } catch (UnreadableException damage) {
                    assertThat(damage.getMessage()).isNotEmpty();
                }
            }
        }
        assertThatThrownBy(() -> codec.decode(new byte[0])).isInstanceOf(UnreadableException.class);
        assertThatThrownBy(() -> codec.decode(new byte[] {40, -1, -1, -1, -1, 7}))
                .as("a list of many")
                .isInstanceOf(UnreadableException.class);
    }

    // Java's serialization

    private static final class Bean implements Serializable {

        private static final long serialVersionUID = 1L;

        final String name;
        final List<BitSet> bits = new ArrayList<>();
        final Map<String, Integer> counts = new HashMap<>();

        Bean(String name) {
            this.name = name;
        }
    }

    @SuppressWarnings("UnusedVariable") // it is read by serialization
    private static final class Holder implements Serializable {

        private static final long serialVersionUID = 1L;

        final Object held;

        Holder(Object held) {
            this.held = held;
        }
    }

    /** Says when it comes to life. */
    private static final class Gadget implements Serializable {

        private static final long serialVersionUID = 1L;

        static boolean alive;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            alive = true;
            in.defaultReadObject();
        }
    }

    private static Codec allowing(Class<?>... classes) {
        Set<String> names = new HashSet<>();
        for (Class<?> one : classes) {
            names.add(one.getName());
        }
        return new Codec(MethodHandles.lookup(), names::contains, () -> 1_000_000);
    }

    @Test
    void serializes_classes_that_were_named() throws Exception {
        Codec allowing = allowing(Bean.class);
        Bean bean = new Bean("x");
        bean.bits.add(BitSet.valueOf(new long[] {7}));
        bean.counts.put("a", 1);
        Codec.Encoded encoded = allowing.encode(List.of(bean));
        assertThat(encoded.fixed()).isFalse();
        Bean read = (Bean)
                ((List<?>) requireNonNull(allowing.decode(encoded.bytes()).value())).get(0);
        assertThat(read.name).isEqualTo("x");
        assertThat(read.bits).containsExactly(BitSet.valueOf(new long[] {7}));
        assertThat(read.counts).isEqualTo(Map.of("a", 1));
        assertThatThrownBy(() -> codec.decode(encoded.bytes()))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("holdfast.session.allow");
    }

    @Test
    void refuses_to_write_what_it_would_refuse_to_read() {
        assertThatThrownBy(() -> allowing(Holder.class).encode(new Holder(new Bean("x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holdfast.session.allow=" + Bean.class.getName())
                .hasMessageContaining("inside of " + Holder.class.getName());
        assertThatCode(() -> allowing(Holder.class, Bean.class).encode(new Holder(new Bean("x"))))
                .doesNotThrowAnyException();
    }

    private static byte[] payload(Object value) throws IOException {
        ByteArrayOutputStream serialized = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(serialized)) {
            out.writeObject(value);
        }
        Output output = new Output(1_000_000);
        output.one(Form.SERIALIZED);
        output.sized(serialized.toByteArray());
        return output.toBytes();
    }

    @Test
    void lets_nothing_of_a_hostile_payload_come_to_life() throws Exception {
        Gadget.alive = false;
        List<Object> hostile = List.of(
                new Gadget(),
                new Holder(new Gadget()),
                new Holder(new ArrayList<>(List.of(new Gadget()))),
                new Gadget[] {new Gadget()},
                new ArrayList<>(List.of("harmless, but nobody has named it")));
        for (Object one : hostile) {
            byte[] payload = payload(one);
            assertThatThrownBy(() -> allowing(Holder.class).decode(payload)).isInstanceOf(UnreadableException.class);
        }
        assertThat(Gadget.alive).isFalse();
    }

    @Test
    void lets_nothing_grow_beyond_measure() throws Exception {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> other = new HashSet<>();
        for (int i = 0; i < 100; i++) { // whoever reads it whole computes 2^100 hash codes
            Set<Object> next = new HashSet<>();
            Set<Object> beside = new HashSet<>();
            next.add("x");
            one.add(next);
            one.add(beside);
            other.add(next);
            other.add(beside);
            one = next;
            other = beside;
        }
        byte[] payload = payload(new Holder(root));
        assertThatThrownBy(() -> allowing(Holder.class).decode(payload)).isInstanceOf(UnreadableException.class);
    }

    // Other versions of a class

    @Test
    void reads_a_record_of_another_version(@TempDir Path folder) throws Exception {
        Codec before = codecOf(folder.resolve("1"), "public record User(String name, int age, String gone) {}");
        Codec after = codecOf(
                folder.resolve("2"), "public record User(long age, String name, Integer more, boolean flag) {}");
        Object user = make(folder.resolve("1"), "Ann", 42, "x");
        Object read = requireNonNull(after.decode(before.encode(user).bytes()).value());
        assertThat(read.toString()).isEqualTo("User[age=42, name=Ann, more=null, flag=false]");
        assertThat(requireNonNull(before.decode(after.encode(read).bytes()).value())
                        .toString())
                .isEqualTo("User[name=Ann, age=42, gone=null]");
    }

    private static Object make(Path folder, Object... components) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            return loader.loadClass("User")
                    .getConstructor(String.class, int.class, String.class)
                    .newInstance(components);
        }
    }

    @SuppressWarnings("resource") // as long as the test
    private static Codec codecOf(Path folder, String source) throws Exception {
        Path file = Files.createDirectories(folder).resolve("User.java");
        Files.writeString(file, source);
        Files.writeString(
                folder.resolve("Here.java"),
                "public class Here { public static java.lang.invoke.MethodHandles.Lookup lookup() {"
                        + " return java.lang.invoke.MethodHandles.lookup(); } }");
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        file.toString(),
                        folder.resolve("Here.java").toString());
        assertThat(status).isZero();
        URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
        return new Codec(
                (MethodHandles.Lookup) requireNonNull(
                        loader.loadClass("Here").getMethod("lookup").invoke(null)),
                Set.<String>of()::contains,
                () -> 1_000_000);
    }

    @Test
    void finds_no_value_where_the_code_of_its_class_fails_but_hides_no_fault_of_the_jvm() throws Exception {
        byte[] written = codec.encode(new Picky(3)).bytes();
        try {
            for (Error failure : List.of(new AssertionError("no"), new StackOverflowError(), new LinkageError())) {
                Picky.check = () -> {
                    throw failure;
                };
                assertThatThrownBy(() -> codec.decode(written)).isInstanceOf(UnreadableException.class);
            }
            Picky.check = () -> {
                throw new OutOfMemoryError("a test");
            };
            assertThatThrownBy(() -> codec.decode(written)).isInstanceOf(OutOfMemoryError.class);
        } finally {
            Picky.check = () -> {};
        }
        assertThat(codec.decode(written).value()).isEqualTo(new Picky(3));
    }

    @Test
    void says_what_is_missing() {
        byte[] strange = new byte[] {50, 0, 1, 'X', 0, 1, 'Y'};
        assertThatThrownBy(() -> codec.decode(strange))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("there is no class X");
        byte[] noEnum = codec.encode(Size.SMALL).bytes();
        byte[] other = new String(noEnum, java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("SMALL", "SMELL")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> codec.decode(other))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("has no constant SMELL");
    }

    /** The same list is written as often as it is met, so a few small ones may take more than there is. */
    @Test
    void gives_up_at_once_what_takes_more_than_it_may() {
        List<Object> shared = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            shared = new ArrayList<>(List.of(shared, shared));
        }
        for (Object large : new Object[] {
            shared,
            Collections.nCopies(Integer.MAX_VALUE, 1),
            List.of(new byte[600_000], new byte[600_000]),
            Map.of("a", "x".repeat(600_000), "b", "x".repeat(600_000)),
            new BigInteger(new byte[1_000_000]).setBit(8_000_000)
        }) {
            assertThatThrownBy(() -> codec.encode(large))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("takes more than the 1000000 bytes that a session may take; expected: less in it,"
                            + " such as keys of what lies elsewhere, or a greater holdfast.session.limit");
        }
        assertThat(codec.encode(new byte[900_000]).bytes()).hasSizeGreaterThan(900_000);
    }

    /** Or else an unchanged value would be taken for a changed one where the limit has become less since it was stored. */
    @Test
    void compares_what_was_allowed_to_take_more() {
        byte[] before = new byte[1_200_000];
        assertThat(codec.sketch(before, 1_200_004)).hasSizeGreaterThan(1_200_000);
    }
}
