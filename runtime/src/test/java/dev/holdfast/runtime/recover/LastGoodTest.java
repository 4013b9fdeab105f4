package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.VirtualTime;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LastGoodTest {

    private static final long AGE = TimeUnit.MILLISECONDS.toNanos(500);

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final LastGood lastGood = new LastGood(AGE, time);
    private final Object receiver = new Object();

    @Test
    void finds_the_last_result_for_equal_arguments() {
        put("first", "ACME", 1L);
        put("second", "ACME", 1L);
        put("other", "ACME", 2L);
        assertThat(found(new String("ACME"), Long.valueOf(1))).isEqualTo("second");
        assertThat(found("ACME", 2L)).isEqualTo("other");
        assertThat(found("acme", 1L)).isEqualTo("none");
        assertThat(found("ACME")).isEqualTo("none");
        assertThat(found()).isEqualTo("none");
    }

    @Test
    void gives_the_very_object_back() {
        Object result = new Object();
        put(result, 1);
        assertThat(found(1)).isSameAs(result);
    }

    @Test
    void a_null_result_is_a_result_and_a_null_argument_an_argument() {
        put(null, "ACME");
        put("of null", (Object) null);
        assertThat(found("ACME")).isNull();
        assertThat(found((Object) null)).isEqualTo("of null");
    }

    @Test
    void is_found_up_to_its_age() {
        put("result", 1);
        time.advance(AGE);
        assertThat(found(1)).isEqualTo("result");
        time.advance(1);
        assertThat(found(1)).isEqualTo("none");
    }

    @Test
    void another_age_holds_for_what_it_remembers() {
        put("result", 1);
        lastGood.age(10 * AGE);
        time.advance(10 * AGE);
        assertThat(found(1)).isEqualTo("result");
        lastGood.age(AGE);
        assertThat(found(1)).isEqualTo("none");
    }

    @Test
    void its_age_counts_from_the_last_result_however_soon_that_came_after_the_one_before() {
        for (int i = 1; i <= 20; i++) {
            put("result " + i, 1);
            time.advance(AGE / 5);
        }
        time.advance(AGE - AGE / 5);
        assertThat(found(1)).isEqualTo("result 20");
        time.advance(1);
        assertThat(found(1)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, Long.MAX_VALUE})
    void takes_any_age(long age) {
        LastGood any = new LastGood(age, time);
        any.put(any.key(receiver, new Object[] {1}), "result");
        time.advance(1);
        assertThat(any.find(any.key(receiver, new Object[] {1}))).isNotNull();
    }

    @Test
    void the_receiver_counts_by_identity() {
        record Equal(int value) {}
        Equal one = new Equal(1);
        Equal other = new Equal(1);
        lastGood.put(lastGood.key(one, new Object[0]), "of one");
        assertThat(lastGood.find(lastGood.key(one, new Object[0]))).isNotNull();
        assertThat(lastGood.find(lastGood.key(other, new Object[0]))).isNull();
        assertThat(lastGood.find(lastGood.key(null, new Object[0]))).isNull();
    }

    @Test
    void a_static_method_has_no_receiver() {
        lastGood.put(lastGood.key(null, new Object[] {"a"}), "static");
        assertThat(lastGood.find(lastGood.key(null, new Object[] {"a"}))).isNotNull();
        assertThat(lastGood.find(lastGood.key(null, new Object[] {"b"}))).isNull();
    }

    static Stream<Arguments> arrays() {
        return Stream.<Object>of(
                        new byte[] {1, 2},
                        new short[] {1, 2},
                        new int[] {1, 2},
                        new long[] {1, 2},
                        new float[] {1, 2},
                        new double[] {1, 2},
                        new char[] {'a', 'b'},
                        new boolean[] {true, false},
                        new String[] {"a", "b"},
                        new int[][] {{1}, {2, 3}},
                        new Object[] {new Object[] {new long[] {7}}, "a", null})
                .map(array -> Arguments.of(array));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void arrays_count_by_their_content_however_deep(Object array) {
        put("result", copyOf(array));
        assertThat(found(array)).isEqualTo("result");
        change(array);
        assertThat(found(array)).isEqualTo("none");
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void arrays_are_copied_as_the_application_may_change_them(Object array) {
        Object asPassed = copyOf(array);
        LastGood.Key key = key(array);
        change(array);
        lastGood.put(key, "result");
        assertThat(found(asPassed)).isEqualTo("result");
        assertThat(found(array)).isEqualTo("none");
    }

    @Test
    void the_arguments_themselves_are_copied_and_not_changed() {
        int[] inner = {1};
        Object[] arguments = {inner, "a"};
        LastGood.Key key = lastGood.key(receiver, arguments);
        assertThat(arguments[0]).isSameAs(inner);
        arguments[1] = "b";
        lastGood.put(key, "result");
        assertThat(found(inner, "a")).isEqualTo("result");
    }

    @Test
    void an_argument_that_cannot_be_hashed_has_no_result() {
        Object unhashable = new Object() {
            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash today");
            }
        };
        put("result", unhashable);
        assertThat(found(unhashable)).isEqualTo("none");
        assertThat(lastGood.sizeAfterCleanUp()).isZero();
    }

    @Test
    void an_argument_that_cannot_be_compared_has_no_result_and_harms_no_other() {
        record Incomparable(int value) {
            @Override
            public boolean equals(@Nullable Object other) {
                throw new IllegalStateException("no comparison today");
            }

            @Override
            public int hashCode() {
                return 7;
            }
        }
        for (int i = 0; i < 100; i++) {
            put("result " + i, new Incomparable(i));
        }
        assertThat(found(new Incomparable(3))).isEqualTo("none");
        assertThat(lastGood.sizeAfterCleanUp()).isEqualTo(100);
        time.advance(AGE + TimeUnit.SECONDS.toNanos(2));
        assertThat(lastGood.sizeAfterCleanUp()).as("they go like all others").isZero();
        put("other", "ACME");
        assertThat(found("ACME")).isEqualTo("other");
    }

    @Test
    void an_argument_that_contains_itself_has_no_result() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        put("result", list);
        assertThat(found(list)).isEqualTo("none");

        Object[] array = new Object[1];
        array[0] = array;
        put("result", (Object) array);
        assertThat(found((Object) array)).isEqualTo("none");
    }

    @Test
    void keeps_a_bounded_number_of_results() {
        for (int i = 0; i < 3 * LastGood.MOST; i++) {
            put("result", i);
        }
        assertThat(lastGood.sizeAfterCleanUp()).isEqualTo(LastGood.MOST);
    }

    @Test
    void lets_go_of_what_is_too_old() {
        for (int i = 0; i < 100; i++) {
            put("result", i);
        }
        time.advance(AGE + TimeUnit.SECONDS.toNanos(2));
        put("result", "new");
        assertThat(lastGood.sizeAfterCleanUp()).isEqualTo(1);
    }

    @Test
    void does_not_keep_a_receiver_alive() {
        WeakReference<Object> gone = new WeakReference<>(putOfSomebody());
        await().untilAsserted(() -> {
            System.gc();
            assertThat(gone.get()).isNull();
        });
        assertThat(lastGood.sizeAfterCleanUp()).isEqualTo(1);
        time.advance(AGE + TimeUnit.SECONDS.toNanos(2));
        assertThat(lastGood.sizeAfterCleanUp()).isZero();
    }

    private Object putOfSomebody() {
        Object somebody = new Object();
        lastGood.put(lastGood.key(somebody, new Object[] {1}), "result");
        return somebody;
    }

    @Test
    void starts_no_thread() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        keeps_a_bounded_number_of_results();
        time.advance(AGE + TimeUnit.SECONDS.toNanos(2));
        put("result", "new");
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName)
                        .collect(Collectors.toSet()))
                .noneMatch(name -> name.startsWith("ForkJoinPool") || name.startsWith("Caffeine"));
    }

    private void put(@Nullable Object result, @Nullable Object... arguments) {
        lastGood.put(key(arguments), result);
    }

    /** The result or "none". */
    private @Nullable Object found(@Nullable Object... arguments) {
        LastGood.Kept kept = lastGood.find(key(arguments));
        return kept == null ? "none" : kept.result();
    }

    private LastGood.@Nullable Key key(@Nullable Object... arguments) {
        return lastGood.key(receiver, arguments);
    }

    private static Object copyOf(Object array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        for (int i = 0; i < length; i++) {
            Object element = Array.get(array, i);
            boolean nested = element != null && element.getClass().isArray();
            Array.set(copy, i, nested ? copyOf(element) : element);
        }
        return copy;
    }

    /** Somewhere in its depth. */
    private static void change(Object array) {
        Object first = Array.get(array, 0);
        if (first.getClass().isArray()) {
            change(first);
        } else {
            Array.set(array, 0, Array.get(newLike(array), 0));
        }
    }

    /** Of the same type with other content: zeros and nulls. */
    private static Object newLike(Object array) {
        return Array.newInstance(array.getClass().getComponentType(), 1);
    }
}
