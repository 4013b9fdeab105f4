package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** For which receivers the woven method is only the {@code super} of another one. */
@SuppressWarnings({"UnusedMethod", "EffectivelyPrivate"}) // found by reflection
final class OverridingTest {

    private static boolean governed(Class<?> owner, String method, String descriptor, Class<?> receiver) {
        return new Overriding(owner, method, descriptor).governs(receiver);
    }

    private static boolean governed(Class<?> owner, String method, Class<?> receiver) {
        return governed(owner, method, "()Ljava/lang/Object;", receiver);
    }

    static class Base {

        public Object open() {
            return "base";
        }

        Object near() {
            return "base";
        }

        private Object own() {
            return "base";
        }

        static Object shared() {
            return "base";
        }
    }

    static class Inherits extends Base {}

    static class Overrides extends Base {

        @Override
        public Object open() {
            return "overridden";
        }

        @Override
        Object near() {
            return "overridden";
        }

        private Object own() {
            return "another";
        }

        static Object shared() {
            return "another";
        }
    }

    static final class Below extends Overrides {}

    static final class Overloads extends Base {

        Object open(int other) {
            return "another";
        }
    }

    static final class Narrows extends Base {

        @Override
        public String open() { // and a bridge with the inherited result
            return "overridden";
        }
    }

    @Test
    void an_override_governs_itself_and_what_inherits_it() {
        assertThat(governed(Base.class, "open", Overrides.class)).isTrue();
        assertThat(governed(Base.class, "near", Overrides.class)).isTrue();
        assertThat(governed(Base.class, "open", Below.class)).isTrue();
        assertThat(governed(Base.class, "open", Narrows.class)).isTrue();
        assertThat(governed(Overrides.class, "open", Below.class)).isFalse();
    }

    @Test
    void what_is_inherited_stays_governed_by_its_own() {
        assertThat(governed(Base.class, "open", Base.class)).isFalse();
        assertThat(governed(Base.class, "open", Inherits.class)).isFalse();
        assertThat(governed(Base.class, "open", Overloads.class)).isFalse();
    }

    @Test
    void private_and_static_methods_are_not_overridden() {
        assertThat(governed(Base.class, "own", Overrides.class)).isFalse();
        assertThat(governed(Base.class, "shared", Overrides.class)).isFalse();
    }

    @Test
    void a_method_without_a_modifier_is_not_overridden_from_another_package() {
        assertThat(governed(dev.holdfast.runtime.time.Neighbour.class, "near", FromAfar.class))
                .isFalse();
        assertThat(governed(dev.holdfast.runtime.time.Neighbour.class, "open", FromAfar.class))
                .isTrue();
        assertThat(governed(dev.holdfast.runtime.time.Neighbour.class, "guarded", FromAfar.class))
                .isTrue();
    }

    static final class FromAfar extends dev.holdfast.runtime.time.Neighbour {

        Object near() {
            return "another";
        }

        @Override
        protected Object guarded() {
            return "overridden";
        }

        @Override
        public Object open() {
            return "overridden";
        }
    }

    interface Source {

        default Object open() {
            return "default";
        }
    }

    interface Narrower extends Source {

        @Override
        default Object open() {
            return "overridden";
        }
    }

    static final class Plain implements Source {}

    static final class Own implements Source {
        @Override
        public Object open() {
            return "overridden";
        }
    }

    static final class ByInterface implements Narrower {}

    /** The method of the superclass wins over the default one. */
    static final class BySuperclass extends Base implements Source {}

    @Test
    void a_default_method_is_overridden_by_classes_interfaces_and_superclasses() {
        assertThat(governed(Source.class, "open", Plain.class)).isFalse();
        assertThat(governed(Source.class, "open", Own.class)).isTrue();
        assertThat(governed(Source.class, "open", ByInterface.class)).isTrue();
        assertThat(governed(Source.class, "open", BySuperclass.class)).isTrue();
        assertThat(governed(Base.class, "open", BySuperclass.class)).isFalse();
    }

    static class Proxied$$Enhanced extends Base {
        @Override
        public Object open() {
            return super.open();
        }
    }

    static final class Behind$$Enhanced extends Overrides {
        @Override
        public Object open() {
            return super.open();
        }
    }

    @Test
    void of_a_class_that_was_generated_the_one_behind_it_counts() {
        assertThat(governed(Base.class, "open", Proxied$$Enhanced.class)).isFalse();
        assertThat(governed(Base.class, "open", Behind$$Enhanced.class)).isTrue();
        Callable<Object> lambda = () -> "synthetic";
        assertThat(governed(Callable.class, "call", lambda.getClass())).isFalse();
    }

    /** Its compiler puts a bridge to the inherited method into a public class whose superclass is not. */
    public static class Exposes extends Hidden {}

    static class Hidden {
        public Object open() {
            return "hidden";
        }
    }

    @Test
    void a_bridge_to_the_inherited_method_does_not_override_it() throws Exception {
        assertThat(Exposes.class.getDeclaredMethod("open").isBridge()).isTrue();
        assertThat(governed(Hidden.class, "open", Exposes.class)).isFalse();
    }
}
