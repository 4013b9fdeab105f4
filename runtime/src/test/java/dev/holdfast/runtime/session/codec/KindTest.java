package dev.holdfast.runtime.session.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("JdkObsolete") // what a program may have
final class KindTest {

    private final Codec codec = new Codec(MethodHandles.lookup(), Set.<String>of()::contains, () -> 1_000_000);

    private enum Size {
        SMALL,
        LARGE
    }

    @SuppressWarnings("NonApiType")
    private record All(
            Queue<String> queue,
            Deque<String> deque,
            LinkedList<String> linked,
            ArrayDeque<String> array,
            ConcurrentMap<String, Integer> concurrent,
            CopyOnWriteArrayList<String> copied,
            Vector<String> vector,
            EnumSet<Size> sizes,
            EnumMap<Size, Integer> counts,
            SortedSet<String> sorted,
            NavigableMap<String, Integer> navigable,
            TreeMap<String, Integer> tree,
            Properties properties,
            Collection<String> any) {}

    private record Skipping(ConcurrentNavigableMap<String, Integer> map) {}

    private static final class Cart extends ArrayList<String> {

        private static final long serialVersionUID = 1L;
    }

    private static final class Basket extends HashMap<String, String> {

        private static final long serialVersionUID = 1L;
    }

    static Stream<Object> collections() {
        return Stream.of(
                new ArrayList<>(List.of("b", "a")),
                new LinkedList<>(List.of("b", "a")),
                new Vector<>(List.of("b", "a")),
                stack(),
                new CopyOnWriteArrayList<>(List.of("b", "a")),
                new ArrayDeque<>(List.of("b", "a")),
                new ConcurrentLinkedQueue<>(List.of("b", "a")),
                new ConcurrentLinkedDeque<>(List.of("b", "a")),
                new CopyOnWriteArraySet<>(List.of("b", "a")),
                keys(),
                new ConcurrentSkipListSet<>(List.of("b", "a")),
                new TreeSet<>(List.of("b", "a")),
                reversed(new TreeSet<>(Collections.reverseOrder())),
                reversed(new TreeSet<>(String.CASE_INSENSITIVE_ORDER)),
                new TreeSet<>(String.CASE_INSENSITIVE_ORDER),
                reversed(new ConcurrentSkipListSet<>(Comparator.reverseOrder())),
                new Hashtable<>(Map.of("a", 1)),
                properties(),
                new TreeMap<>(Map.of("a", 1, "b", 2)),
                new ConcurrentHashMap<>(Map.of("a", 1, "b", List.of())),
                new ConcurrentSkipListMap<>(Map.of("a", 1)),
                EnumSet.of(Size.LARGE),
                EnumSet.noneOf(Size.class),
                EnumSet.allOf(Size.class),
                new EnumMap<>(Map.of(Size.LARGE, 1)),
                new EnumMap<Size, Integer>(Size.class));
    }

    private static Stack<String> stack() {
        Stack<String> stack = new Stack<>();
        stack.push("x");
        return stack;
    }

    private static Set<String> keys() {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        keys.add("x");
        return keys;
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("a", "b");
        return properties;
    }

    private static SortedSet<String> reversed(SortedSet<String> set) {
        Collections.addAll(set, "a", "c", "b");
        return set;
    }

    @ParameterizedTest
    @MethodSource("collections")
    void comes_back_as_it_was(Object value) throws Exception {
        byte[] bytes = codec.encode(value).bytes();
        Object read = requireNonNull(codec.decode(bytes).value());
        assertThat(read).hasSameClassAs(value).hasToString(value.toString());
        if (!(value instanceof Queue)) {
            assertThat(read).isEqualTo(value);
        }
        assertThat(codec.encode(read).bytes()).isEqualTo(bytes);
    }

    @Test
    void can_be_used_as_what_it_is() throws Exception {
        @SuppressWarnings("unchecked")
        Set<Size> none = (Set<Size>) again(EnumSet.noneOf(Size.class));
        none.add(Size.LARGE);
        assertThat(none).containsExactly(Size.LARGE);
        @SuppressWarnings("unchecked")
        Set<String> back = (Set<String>) again(reversed(new TreeSet<>(Collections.reverseOrder())));
        back.add("d");
        assertThat(back).containsExactly("d", "c", "b", "a");
    }

    @Test
    void fits_the_component_of_a_record_that_is_declared_as_it() throws Exception {
        All all = new All(
                new LinkedList<>(List.of("a")),
                new LinkedList<>(List.of("b")),
                new LinkedList<>(List.of("c")),
                new ArrayDeque<>(List.of()),
                new ConcurrentHashMap<>(Map.of("a", 1)),
                new CopyOnWriteArrayList<>(List.of("a")),
                new Vector<>(List.of("a")),
                EnumSet.of(Size.SMALL),
                new EnumMap<>(Map.of(Size.SMALL, 1)),
                Collections.unmodifiableSortedSet(new TreeSet<>(Set.of("a"))),
                new ConcurrentSkipListMap<>(Map.of("a", 1)),
                new TreeMap<>(Map.of("a", 1)),
                properties(),
                List.of("a"));
        assertThat(again(all)).hasToString(all.toString());
    }

    private Object again(Object value) throws Exception {
        return requireNonNull(codec.decode(codec.encode(value).bytes()).value());
    }

    static Stream<Arguments> others() {
        Properties defaults = new Properties(properties());
        return Stream.of(
                Arguments.of(new Cart(), "holdfast.session.allow=" + Cart.class.getName()),
                Arguments.of(new Basket(), "holdfast.session.allow=" + Basket.class.getName()),
                Arguments.of(List.of(new Cart()), "holdfast.session.allow=" + Cart.class.getName()),
                Arguments.of(new LinkedHashMap<String, String>() {}, "holdfast.session.allow="),
                Arguments.of(new IdentityHashMap<>(), "java.util.IdentityHashMap"),
                Arguments.of(new WeakHashMap<>(), "java.util.WeakHashMap"),
                Arguments.of(defaults, "defaults"),
                Arguments.of(new TreeMap<String, String>(Comparator.comparing(String::length)), "comparator"),
                Arguments.of(
                        new Skipping(new ConcurrentSkipListMap<>(Map.of("a", 1)).headMap("b")),
                        "whose map is declared as java.util.concurrent.ConcurrentNavigableMap"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void is_refused_if_it_could_not_come_back(Object value, String named) {
        assertThatThrownBy(() -> codec.encode(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void can_be_changed_where_the_value_could_not() throws Exception {
        for (Object fixed : Arrays.<@Nullable Object>asList(
                List.of(1), Set.of(1), Map.of(1, 2), Collections.emptySortedSet(), Collections.singletonMap(1, 2))) {
            Object read = again(requireNonNull(fixed));
            if (read instanceof Collection<?> several) {
                several.clear();
                assertThat(several).isEmpty();
            } else {
                ((Map<?, ?>) read).clear();
                assertThat((Map<?, ?>) read).isEmpty();
            }
        }
        assertThat(again(new HashSet<>(Set.of(1)))).isInstanceOf(HashSet.class);
        assertThat((SortedMap<?, ?>) again(new TreeMap<>(Map.of(1, 2)).descendingMap()))
                .hasSize(1);
    }
}
