package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which method stands in, and that it is called as it is written. */
final class FallbackTest {

    private static Woven woven(String method, String definition) {
        return new Woven.Jvm(VirtualTime.turningItself()).method(Shop.LOOKUP, method, definition);
    }

    /** As the weaver leaves it. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static class Shop extends Base<String> implements Defaults {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        final List<Object> told = new ArrayList<>();

        private static AssertionError notCalled() {
            return new AssertionError("the wrapper is not called here");
        }

        Object find(String id, Throwable planned) {
            throw notCalled();
        }

        private Object find$holdfast(String id, Throwable planned) throws Throwable {
            throw planned;
        }

        // Named so that neither the order in the file nor that of the names is the right one.

        private Object byType(String id, Throwable planned, Exception failure) {
            return "exception " + id;
        }

        private Object byType(String id, Throwable planned, FileNotFoundException failure) {
            return "file " + id;
        }

        private Object byType(String id, Throwable planned) {
            return "any " + id;
        }

        private Object byType(String id, Throwable planned, IOException failure) {
            return failure == planned ? "io " + id : "another failure";
        }

        private static Object statically(String id, Throwable planned, Exception failure) {
            return "static " + id + " " + failure.getMessage();
        }

        private Object onlyChecked(String id, Throwable planned, IOException failure) {
            return "io";
        }

        int count(long from, double to, boolean planned) {
            throw notCalled();
        }

        private int count$holdfast(long from, double to, boolean planned) {
            throw new IllegalStateException();
        }

        private int fewer(long from, double to, boolean planned, IllegalStateException failure) {
            return (int) (from + to);
        }

        void tell(Object... what) {
            throw notCalled();
        }

        private void tell$holdfast(Object... what) {
            throw new IllegalStateException();
        }

        private void note(Object... what) {
            told.addAll(Arrays.asList(what));
        }

        static String name(String id) {
            throw notCalled();
        }

        private static String name$holdfast(String id) {
            throw new IllegalStateException();
        }

        private static String otherName(String id, RuntimeException failure) {
            return "other " + id;
        }
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // reached by handles
    private static class Base<T> {

        Object inherited(T id, Throwable planned) {
            return "inherited " + id;
        }
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // reached by handles
    private interface Defaults {

        default Object byDefault(String id, Throwable planned, IOException failure) {
            return "default " + id;
        }
    }

    private final Shop shop = new Shop();

    private Object find(String fallback, Throwable failure) throws Throwable {
        Object found = woven("find", "@Recover(fallback=\"" + fallback + "\")").call(shop, "7", failure);
        return found == null ? "nothing" : found;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void the_most_specific_one_stands_in(Throwable failure, String expected) throws Throwable {
        assertThat(find("byType", failure)).isEqualTo(expected);
    }

    static Object[][] failures() {
        return new Object[][] {
            {new FileNotFoundException(), "file 7"},
            {new IOException(), "io 7"},
            {new UncheckedIOException(new IOException()), "exception 7"},
            {new Exception(), "exception 7"},
        };
    }

    @Test
    void the_one_without_a_failure_stands_in_for_what_no_other_is_for() throws Throwable {
        Woven find = woven("find", "@Recover(fallback=\"byType\",on={java.lang.Throwable.class})");
        assertThat(find.call(shop, "7", new AssertionError("planned"))).isEqualTo("any 7");
    }

    @Test
    void none_stands_in_for_a_failure_that_none_is_for() {
        IllegalStateException failure = new IllegalStateException();
        assertThatThrownBy(() -> find("onlyChecked", failure)).isSameAs(failure);
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void may_be_static_where_the_method_is_not() throws Throwable {
        assertThat(find("statically", new IOException("why"))).isEqualTo("static 7 why");
    }

    @Test
    void may_be_inherited_from_a_class_or_an_interface() throws Throwable {
        assertThat(find("inherited", new IOException())).isEqualTo("inherited 7");
        assertThat(find("byDefault", new IOException())).isEqualTo("default 7");
    }

    @Test
    void an_override_stands_in_for_the_fallback_that_it_overrides() throws Throwable {
        Shop special = new Shop() {
            @Override
            public Object byDefault(String id, Throwable planned, IOException failure) {
                return "special " + id;
            }
        };
        Woven find = woven("find", "@Recover(fallback=\"byDefault\")");
        assertThat(find.call(special, "7", new IOException())).isEqualTo("special 7");
    }

    @Test
    void primitives_go_in_and_out() throws Throwable {
        Woven count = woven("count", "@Recover(fallback=\"fewer\")");
        assertThat(count.call(shop, 40L, 2.0, true)).isEqualTo(42);
    }

    @Test
    void a_variable_number_of_arguments_stays_one_array() throws Throwable {
        Woven tell = woven("tell", "@Recover(fallback=\"note\")");
        assertThat(tell.call(shop, new Object[] {"a", "b"})).isNull();
        assertThat(shop.told).containsExactly("a", "b");
    }

    @Test
    void a_static_method_has_a_static_one() throws Throwable {
        Woven name = woven("name", "@Recover(fallback=\"otherName\")");
        assertThat(name.call(null, "7")).isEqualTo("other 7");
    }
}
