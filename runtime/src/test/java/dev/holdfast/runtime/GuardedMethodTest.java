package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.definition.MethodKey;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // found by reflection
final class GuardedMethodTest {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static GuardedMethod method(Class<?> owner, String name, String descriptor) {
        return GuardedMethod.find(owner, name, descriptor);
    }

    private interface Source<T> {

        default T shared(T id) {
            return id;
        }
    }

    private static class Base {

        String inherited() {
            return "inherited";
        }
    }

    private static final class Shop extends Base implements Source<String> {

        String name = "shop";

        String of(String id, int page) {
            return name + " " + id + " " + page;
        }

        String of(String id, long page) {
            return "another";
        }

        static int sum(int a, long b) {
            return (int) (a + b);
        }

        String recovered(String id, int page, Throwable failure) {
            return name + " " + id + " " + page + " " + failure.getMessage();
        }

        static String statically(String id, int page, IOException failure) {
            return id + " " + page + " " + failure.getMessage();
        }

        CompletionStage<String> stage() {
            throw new AssertionError();
        }

        CompletableFuture<String> future() {
            throw new AssertionError();
        }

        Future<String> oldFuture() {
            throw new AssertionError();
        }
    }

    private static final String OF = "(Ljava/lang/String;I)Ljava/lang/String;";

    @Test
    void is_found_by_its_descriptor() {
        GuardedMethod method = method(Shop.class, "of", OF);
        assertThat(method.method().getParameterTypes()).containsExactly(String.class, int.class);
        assertThat(method.place()).isEqualTo(Shop.class.getName() + ".of(String, int)");
        assertThatThrownBy(() -> method(Shop.class, "of", "(Ljava/lang/String;F)Ljava/lang/String;"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(Shop.class.getName() + " has no method of(Ljava/lang/String;F)Ljava/lang/String;");
    }

    @Test
    void what_is_only_checked_cannot_be_called() {
        GuardedMethod method = method(Shop.class, "of", OF);
        assertThatThrownBy(method::lookup)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Shop.of(String, int) is not linked");
        assertThat(method.with(LOOKUP).lookup()).isSameAs(LOOKUP);
    }

    @Test
    void a_method_that_is_named_is_found_in_the_class_and_in_all_that_it_inherits_from() throws Exception {
        GuardedMethod method = method(Shop.class, "of", OF);
        for (var named : List.of(
                Shop.class.getDeclaredMethod("of", String.class, long.class),
                Base.class.getDeclaredMethod("inherited"),
                Source.class.getDeclaredMethod("shared", Object.class),
                Object.class.getDeclaredMethod("toString"))) {
            assertThat(method.find(ReflectedType.model(named).key())).isEqualTo(named);
        }
        MethodKey elsewhere =
                ReflectedType.model(String.class.getDeclaredMethod("length")).key();
        assertThatThrownBy(() -> method.find(elsewhere))
                .isInstanceOf(NoSuchMethodException.class)
                .hasMessage("java.lang.String.length()");
    }

    @Test
    void an_interface_has_the_methods_of_object() throws Exception {
        MethodKey hash =
                ReflectedType.model(Object.class.getDeclaredMethod("hashCode")).key();
        assertThat(GuardedMethod.find(hash, Source.class)).isEqualTo(Object.class.getDeclaredMethod("hashCode"));
    }

    @Test
    void lasts_until_completion_for_stages_and_for_nothing_else() {
        assertThat(Guarded.method(SHOP, "stage").isStaged()).isTrue();
        assertThat(Guarded.method(SHOP, "future").isStaged()).isTrue();
        assertThat(Guarded.method(SHOP, "oldFuture").isStaged()).isFalse();
    }

    private static final MethodHandles.Lookup SHOP = shopLookup();

    private static MethodHandles.Lookup shopLookup() {
        try {
            return MethodHandles.privateLookupIn(Shop.class, LOOKUP);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static MethodHandle handle(String name) throws IllegalAccessException {
        return LOOKUP.unreflect(Guarded.method(SHOP, name).method());
    }

    @Test
    void spreads_receiver_and_arguments() throws Throwable {
        GuardedMethod of = method(Shop.class, "of", OF);
        Object result = of.spread(LOOKUP.unreflect(of.method())).invoke(new Object[] {new Shop(), "a", 7});
        assertThat(result).isEqualTo("shop a 7");
        GuardedMethod sum = Guarded.method(SHOP, "sum");
        assertThat(sum.isStatic()).isTrue();
        Object five = (Object) sum.spread(handle("sum")).invokeExact(new Object[] {null, 2, 3L});
        assertThat(five).isEqualTo(5);
    }

    @Test
    void spreads_what_takes_the_failure_too_with_a_receiver_or_without() throws Throwable {
        GuardedMethod of = method(Shop.class, "of", OF);
        Object[] everything = {new Shop(), "a", 7};
        Throwable failure = new IOException("why");
        Object recovered = (Object) of.spreadWithFailure(handle("recovered")).invokeExact(everything, failure);
        assertThat(recovered).isEqualTo("shop a 7 why");
        Object statically = (Object) of.spreadWithFailure(handle("statically")).invokeExact(everything, failure);
        assertThat(statically).isEqualTo("a 7 why");
    }

    @Test
    void is_wide_where_a_handle_that_collects_it_would_be() {
        assertThat(GuardedMethod.isWide(of(Collections.nCopies(244, int.class))))
                .isFalse();
        assertThat(GuardedMethod.isWide(of(Collections.nCopies(245, int.class))))
                .isTrue();
        // Of these each takes two places.
        assertThat(GuardedMethod.isWide(of(Collections.nCopies(122, long.class))))
                .isFalse();
        assertThat(GuardedMethod.isWide(of(Collections.nCopies(123, double.class))))
                .isTrue();
    }

    private static MethodType of(List<Class<?>> parameters) {
        return MethodType.methodType(void.class, new ArrayList<>(parameters));
    }
}
