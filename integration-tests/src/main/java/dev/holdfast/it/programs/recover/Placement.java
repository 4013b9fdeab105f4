package dev.holdfast.it.programs.recover;

import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Supplier;

/** Where an annotation may stand, and which one counts. */
public final class Placement {

    private final IOException failure = new IOException("down");

    /** How often a body runs when it always fails. */
    private int attempts(java.util.function.Consumer<Upstream> call) {
        Upstream upstream = new Upstream(failure);
        Expect.thrown(failure, () -> call.accept(upstream));
        return upstream.calls();
    }

    @Recover(attempts = 2, delay = "0s")
    static class OnClass {
        Object packagePrivate(Upstream upstream) {
            return upstream.call();
        }

        public Object publics(Upstream upstream) {
            return upstream.call();
        }

        protected Object protecteds(Upstream upstream) {
            return upstream.call();
        }

        static Object statics(Upstream upstream) {
            return upstream.call();
        }

        final Object finals(Upstream upstream) {
            return upstream.call();
        }

        private Object privates(Upstream upstream) {
            return upstream.call();
        }

        private static Object privateStatics(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 4, delay = "0s")
        private Object annotatedPrivate(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 3, delay = "0s")
        Object own(Upstream upstream) {
            return upstream.call();
        }

        /** The annotation of the class is replaced whole: no retry is left. */
        @Recover(maxConcurrent = 100)
        Object replacedWhole(Upstream upstream) {
            return upstream.call();
        }

        Supplier<Object> lambda(Upstream upstream) {
            return () -> upstream.call();
        }
    }

    @Case
    void on_a_class_it_holds_for_each_method_that_is_not_private() {
        OnClass target = new OnClass();
        Expect.equal(2, attempts(target::packagePrivate));
        Expect.equal(2, attempts(target::publics));
        Expect.equal(2, attempts(target::protecteds));
        Expect.equal(2, attempts(target::finals));
        Expect.equal(2, attempts(OnClass::statics));
        Expect.equal(1, attempts(target::privates));
        Expect.equal(1, attempts(OnClass::privateStatics));
    }

    @Case
    void one_on_the_method_replaces_it_whole() {
        OnClass target = new OnClass();
        Expect.equal(3, attempts(target::own));
        Expect.equal(1, attempts(target::replacedWhole));
        Expect.equal(4, attempts(target::annotatedPrivate));
    }

    @Case
    void a_lambdas_body_is_not_a_method_of_the_class() {
        Upstream upstream = new Upstream(failure);
        Supplier<Object> lambda = new OnClass().lambda(upstream);
        Expect.thrown(failure, lambda::get);
        Expect.equal(1, upstream.calls());
    }

    static class SubOfClass extends OnClass {
        @Override
        public Object publics(Upstream upstream) {
            return upstream.call();
        }

        Object declaredHere(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void a_subclass_inherits_methods_and_not_the_annotation() {
        SubOfClass sub = new SubOfClass();
        Expect.equal(2, attempts(sub::packagePrivate));
        Expect.equal(1, attempts(sub::publics));
        Expect.equal(1, attempts(sub::declaredHere));
    }

    @Recover(attempts = 3, delay = "0s")
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
    @interface Stubborn {}

    @Stubborn
    @Retention(RetentionPolicy.RUNTIME)
    @interface VeryStubborn {}

    /** Also one that comes back to itself. */
    @VeryStubborn
    @Circular
    @Retention(RetentionPolicy.RUNTIME)
    @interface Circular {}

    static class Composed {
        @Stubborn
        Object once(Upstream upstream) {
            return upstream.call();
        }

        @VeryStubborn
        Object twice(Upstream upstream) {
            return upstream.call();
        }

        @Circular
        Object circular(Upstream upstream) {
            return upstream.call();
        }

        @Stubborn
        @Recover(attempts = 2, delay = "0s")
        Object direct(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 2, delay = "0s")
        @VeryStubborn
        Object directFirst(Upstream upstream) {
            return upstream.call();
        }
    }

    @Stubborn
    static class ComposedOnClass {
        Object call(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 2, delay = "0s")
        Object own(Upstream upstream) {
            return upstream.call();
        }
    }

    @Recover(attempts = 2, delay = "0s")
    static class DirectOnClass {
        @Stubborn
        Object own(Upstream upstream) {
            return upstream.call();
        }
    }

    @Case
    void it_may_be_composed() {
        Composed composed = new Composed();
        Expect.equal(3, attempts(composed::once));
        Expect.equal(3, attempts(composed::twice));
        Expect.equal(3, attempts(composed::circular));
        Expect.equal(3, attempts(new ComposedOnClass()::call));
    }

    @Case
    void a_direct_one_beats_a_composed_one() {
        Composed composed = new Composed();
        Expect.equal(2, attempts(composed::direct));
        Expect.equal(2, attempts(composed::directFirst));
        Expect.equal(2, attempts(new ComposedOnClass()::own));
    }

    @Case
    void one_on_the_method_beats_one_on_the_class_whatever_its_form() {
        Expect.equal(3, attempts(new DirectOnClass()::own));
    }

    static class Base {
        @Recover(attempts = 3, delay = "0s")
        Object annotatedInBase(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 3, delay = "0s")
        Object annotatedInBoth(Upstream upstream) {
            return upstream.call();
        }

        Object annotatedInSub(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 3, delay = "0s")
        Object inherited(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 3, delay = "0s")
        Object calledBySuperFromElsewhere(Upstream upstream) {
            return upstream.call();
        }
    }

    static class Sub extends Base {
        @Override
        Object annotatedInBase(Upstream upstream) {
            return super.annotatedInBase(upstream);
        }

        @Override
        @Recover(attempts = 2, delay = "0s")
        Object annotatedInBoth(Upstream upstream) {
            return super.annotatedInBoth(upstream);
        }

        @Override
        @Recover(attempts = 2, delay = "0s")
        Object annotatedInSub(Upstream upstream) {
            return super.annotatedInSub(upstream);
        }

        Object elsewhere(Upstream upstream) {
            return super.calledBySuperFromElsewhere(upstream);
        }

        Object callsItself(Upstream upstream) {
            return this.inherited(upstream);
        }
    }

    @Case
    void an_override_is_governed_by_its_own_annotations_alone() {
        Sub sub = new Sub();
        Expect.equal(1, attempts(sub::annotatedInBase));
        Expect.equal(2, attempts(sub::annotatedInBoth));
        Expect.equal(2, attempts(sub::annotatedInSub));
        // The same through a reference of the superclass.
        Base base = sub;
        Expect.equal(1, attempts(base::annotatedInBase));
        Expect.equal(2, attempts(base::annotatedInBoth));
    }

    @Case
    void an_inherited_method_keeps_what_its_declaration_says() {
        Sub sub = new Sub();
        Expect.equal(3, attempts(sub::inherited));
        Expect.equal(3, attempts(sub::callsItself));
        Expect.equal(3, attempts(sub::elsewhere));
        Expect.equal(3, attempts(new Base()::annotatedInBase));
    }

    interface Default {
        @Recover(attempts = 3, delay = "0s")
        default Object call(Upstream upstream) {
            return upstream.call();
        }

        @Recover(attempts = 3, delay = "0s")
        default Object overridden(Upstream upstream) {
            return upstream.call();
        }
    }

    static class Implementing implements Default {
        @Override
        public Object overridden(Upstream upstream) {
            return Default.super.overridden(upstream);
        }
    }

    @Case
    void a_default_method_keeps_it_and_its_override_does_not() {
        Implementing implementing = new Implementing();
        Expect.equal(3, attempts(implementing::call));
        Expect.equal(1, attempts(implementing::overridden));
        Default lambda = new Default() {};
        Expect.equal(3, attempts(lambda::overridden));
    }

    @Case
    void self_calls_count() {
        class SelfCalling {
            Object publicly(Upstream upstream) {
                return call(upstream);
            }

            @Recover(attempts = 3, delay = "0s")
            private Object call(Upstream upstream) {
                return upstream.call();
            }
        }
        Expect.equal(3, attempts(new SelfCalling()::publicly));
    }

    abstract static class Template {
        final Object publicly(Upstream upstream) {
            return step(upstream);
        }

        abstract Object step(Upstream upstream);
    }

    @Case
    void an_anonymous_class_counts() {
        Template template = new Template() {
            @Override
            @Recover(attempts = 3, delay = "0s")
            Object step(Upstream upstream) {
                return upstream.call();
            }
        };
        Expect.equal(3, attempts(template::publicly));
    }
}
