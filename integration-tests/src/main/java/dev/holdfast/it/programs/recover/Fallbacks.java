package dev.holdfast.it.programs.recover;

import dev.holdfast.CallTimeoutException;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which fallback is called, with what, and what comes of it. */
public final class Fallbacks {

    private final IOException failure = new IOException("down");

    static class Simple {
        Throwable seen;
        int calls;

        @Recover(attempts = 3, delay = "0s", fallback = "cached")
        String quote(String id, Upstream upstream) {
            return upstream.call();
        }

        private String cached(String id, Upstream upstream, Throwable failure) {
            seen = failure;
            calls++;
            return "cached " + id;
        }

        @Recover(fallback = "plain")
        String withoutFailure(String id, Upstream upstream) {
            return upstream.call();
        }

        private String plain(String id, Upstream upstream) {
            return "plain " + id;
        }
    }

    @Case
    void a_private_method_will_do_and_is_called_once_with_the_last_failure() {
        Simple simple = new Simple();
        Upstream upstream = new Upstream(new IOException("1"), new IOException("2"), failure);
        Expect.equal("cached a", simple.quote("a", upstream));
        Expect.same(failure, simple.seen);
        Expect.equal(1, simple.calls);
        Expect.equal(3, upstream.calls());
    }

    @Case(bare = true)
    void is_not_called_on_success() {
        Simple simple = new Simple();
        Expect.equal("x", simple.quote("a", new Upstream("x")));
        Expect.equal(0, simple.calls);
    }

    @Case
    void may_be_without_the_failure() {
        Expect.equal("plain a", new Simple().withoutFailure("a", new Upstream(failure)));
    }

    static class Specific {
        @Recover(on = Throwable.class, fallback = "instead")
        static String call(Upstream upstream) {
            return upstream.call();
        }

        static String instead(Upstream upstream, Throwable failure) {
            return "throwable";
        }

        static String instead(Upstream upstream, FileNotFoundException failure) {
            return "missing";
        }

        static String instead(Upstream upstream, IOException failure) {
            return "io";
        }

        static String instead(Upstream upstream) {
            return "without";
        }
    }

    @Case
    void the_most_specific_failure_type_wins() {
        class Gone extends FileNotFoundException {}
        Expect.equal("missing", Specific.call(new Upstream(new Gone())));
        Expect.equal("missing", Specific.call(new Upstream(new FileNotFoundException())));
        Expect.equal("io", Specific.call(new Upstream(failure)));
        Expect.equal("throwable", Specific.call(new Upstream(new IllegalStateException())));
        Expect.equal("throwable", Specific.call(new Upstream(new AssertionError())));
    }

    static class Last {
        @Recover(fallback = "instead")
        static String call(Upstream upstream) {
            return upstream.call();
        }

        static String instead(Upstream upstream) {
            return "without";
        }

        static String instead(Upstream upstream, FileNotFoundException failure) {
            return "missing";
        }
    }

    @Case
    void the_variant_without_failure_comes_last() {
        Expect.equal("without", Last.call(new Upstream(failure)));
        Expect.equal("missing", Last.call(new Upstream(new FileNotFoundException())));
    }

    static class Partial {
        @Recover(fallback = "instead")
        static String call(Upstream upstream) {
            return upstream.call();
        }

        static String instead(Upstream upstream, FileNotFoundException failure) {
            return "missing";
        }
    }

    @Case
    void where_none_takes_the_failure_it_comes_out_itself() {
        Expect.thrown(failure, () -> Partial.call(new Upstream(failure)));
    }

    static class Overloads {
        @Recover(fallback = "instead")
        static String call(Upstream upstream, Object key) {
            return upstream.call();
        }

        @Recover(fallback = "instead")
        static String call(Upstream upstream, String key) {
            return upstream.call();
        }

        @Recover(fallback = "instead")
        static String call(Upstream upstream, int key) {
            return upstream.call();
        }

        static String instead(Upstream upstream, Object key) {
            return "object";
        }

        static String instead(Upstream upstream, String key) {
            return "string";
        }

        static String instead(Upstream upstream, int key) {
            return "int";
        }

        static String instead(Upstream upstream, long key) {
            return "long";
        }
    }

    @Case
    void of_overloads_the_one_with_the_same_parameters_is_meant() {
        Expect.equal("object", Overloads.call(new Upstream(failure), (Object) "k"));
        Expect.equal("string", Overloads.call(new Upstream(failure), "k"));
        Expect.equal("int", Overloads.call(new Upstream(failure), 1));
    }

    static class FailureIsTheLast {
        @Recover(on = Throwable.class, fallback = "instead")
        static String call(Throwable argument, Upstream upstream) {
            return upstream.call();
        }

        static String instead(Throwable argument, Upstream upstream, Throwable failure) {
            return argument.getMessage() + " " + failure.getMessage();
        }
    }

    @Case
    void a_throwable_among_the_parameters_is_a_parameter() {
        Expect.equal("argument down", FailureIsTheLast.call(new Exception("argument"), new Upstream(failure)));
    }

    static class Parent {
        protected String inherited(Upstream upstream, IOException failure) {
            return "parent";
        }

        private String hidden(Upstream upstream) {
            return "hidden";
        }

        static String statics(Upstream upstream) {
            return "parent's static";
        }

        String overridden(Upstream upstream) {
            return "parent";
        }
    }

    static class Child extends Parent {
        @Recover(fallback = "inherited")
        String inherits(Upstream upstream) {
            return upstream.call();
        }

        @Recover(fallback = "hidden")
        String reaches(Upstream upstream) {
            return upstream.call();
        }

        @Recover(fallback = "statics")
        String toStatic(Upstream upstream) {
            return upstream.call();
        }

        @Recover(fallback = "statics")
        static String staticToStatic(Upstream upstream) {
            return upstream.call();
        }

        @Recover(fallback = "overridden")
        String virtual(Upstream upstream) {
            return upstream.call();
        }
    }

    static class Grandchild extends Child {
        @Override
        String overridden(Upstream upstream) {
            return "grandchild";
        }
    }

    @Case
    void a_superclass_may_have_it() {
        Expect.equal("parent", new Child().inherits(new Upstream(failure)));
        Expect.equal("parent", new Grandchild().inherits(new Upstream(failure)));
    }

    @Case
    void a_private_method_of_a_superclass_will_do() {
        Expect.equal("hidden", new Child().reaches(new Upstream(failure)));
    }

    @Case
    void an_instance_method_may_fall_back_to_a_static_one() {
        Expect.equal("parent's static", new Child().toStatic(new Upstream(failure)));
        Expect.equal("parent's static", Child.staticToStatic(new Upstream(failure)));
    }

    @Case
    void an_overridden_fallback_is_called_as_java_calls_it() {
        Expect.equal("parent", new Child().virtual(new Upstream(failure)));
        Expect.equal("grandchild", new Grandchild().virtual(new Upstream(failure)));
    }

    abstract static class GenericParent<K, V extends CharSequence> {
        V cached(K key, List<? extends K> more, Upstream upstream, Exception failure) {
            return instead();
        }

        abstract V instead();
    }

    static class GenericChild extends GenericParent<Integer, String> {
        @Recover(fallback = "cached")
        String find(Integer key, List<? extends Integer> more, Upstream upstream) {
            return upstream.call();
        }

        @Override
        String instead() {
            return "generic";
        }
    }

    abstract static class MiddleParent<A> extends GenericParent<A, String> {}

    static class GenericGrandchild extends MiddleParent<Long> {
        @Recover(fallback = "cached")
        String find(Long key, List<? extends Long> more, Upstream upstream) {
            return upstream.call();
        }

        @Override
        String instead() {
            return "generic";
        }
    }

    @Case
    void a_generic_superclass_may_have_it() {
        Expect.equal("generic", new GenericChild().find(1, List.of(), new Upstream(failure)));
        Expect.equal("generic", new GenericGrandchild().find(1L, List.of(), new Upstream(failure)));
    }

    static class GenericMethods {
        @Recover(fallback = "instead")
        <T extends Comparable<T>> T most(List<T> of, Upstream upstream) {
            return upstream.call();
        }

        <T extends Comparable<T>> T instead(List<T> of, Upstream upstream, Exception failure) {
            return of.get(0);
        }

        @Recover(fallback = "other")
        <T> List<T> named(T one, Upstream upstream) {
            return upstream.call();
        }

        <X> List<X> other(X one, Upstream upstream) {
            return new ArrayList<>(List.of(one));
        }
    }

    @Case
    void generic_methods_have_generic_fallbacks() {
        Expect.equal("a", new GenericMethods().most(List.of("a"), new Upstream(failure)));
        Expect.equal(List.of("a"), new GenericMethods().named("a", new Upstream(failure)));
    }

    static class Narrower {
        @Recover(fallback = "instead")
        CharSequence call(Upstream upstream) {
            return upstream.call();
        }

        String instead(Upstream upstream) {
            return "narrower";
        }

        @Recover(fallback = "nothing")
        void noResult(Upstream upstream) {
            upstream.call();
        }

        private int nothingCalled;

        void nothing(Upstream upstream) {
            nothingCalled++;
        }
    }

    @Case
    void its_result_may_be_a_subtype() {
        Expect.equal("narrower", new Narrower().call(new Upstream(failure)));
    }

    @Case
    void a_void_method_has_a_void_fallback() {
        Narrower narrower = new Narrower();
        narrower.noResult(new Upstream(failure));
        Expect.equal(1, narrower.nothingCalled);
    }

    static class Throwing {
        static RuntimeException fromFallback;

        @Recover(attempts = 2, delay = "0s", fallback = "instead")
        static String call(Upstream upstream) {
            return upstream.call();
        }

        static String instead(Upstream upstream) {
            throw fromFallback;
        }

        @Recover(fallback = "rethrow")
        static String rethrows(Upstream upstream) {
            return upstream.call();
        }

        static String rethrow(Upstream upstream, Exception failure) throws Exception {
            throw failure;
        }

        @Recover(fallback = "checked")
        static String checks(Upstream upstream) {
            return upstream.call();
        }

        static String checked(Upstream upstream, Exception failure) throws IOException {
            throw new FileNotFoundException("fallback");
        }
    }

    @Case
    void its_own_exception_goes_to_the_caller_with_the_failure_suppressed_on_it() {
        Throwing.fromFallback = new IllegalStateException("fallback");
        Expect.thrown(Throwing.fromFallback, () -> Throwing.call(new Upstream(new IOException("earlier"), failure)));
        Expect.equal(List.of(failure), List.of(Throwing.fromFallback.getSuppressed()));
        Expect.equal(null, Throwing.fromFallback.getCause());
    }

    @Case
    void it_may_throw_the_failure_itself() {
        Expect.thrown(failure, () -> Throwing.rethrows(new Upstream(failure)));
        Expect.equal(0, failure.getSuppressed().length);
    }

    @Case
    void its_checked_exception_comes_out_unwrapped() {
        FileNotFoundException thrown =
                Expect.thrown(FileNotFoundException.class, () -> Throwing.checks(new Upstream(failure)));
        Expect.equal(List.of(failure), List.of(thrown.getSuppressed()));
    }

    static class Excepted {
        @Recover(
                on = IOException.class,
                except = FileNotFoundException.class,
                attempts = 2,
                delay = "0s",
                fallback = "instead")
        static String call(Upstream upstream) {
            return upstream.call();
        }

        static String instead(Upstream upstream) {
            return "fallback";
        }
    }

    @Case
    void is_not_called_for_failures_that_are_let_through() {
        FileNotFoundException missing = new FileNotFoundException();
        Expect.thrown(missing, () -> Excepted.call(new Upstream(missing)));
        IllegalStateException other = new IllegalStateException();
        Expect.thrown(other, () -> Excepted.call(new Upstream(other)));
        Expect.equal("fallback", Excepted.call(new Upstream(failure)));
    }

    static class Chain {
        @Recover(fallback = "second")
        static String first(Upstream upstream) {
            return upstream.call();
        }

        @Recover(fallback = "third", attempts = 2, delay = "0s")
        static String second(Upstream upstream) {
            return upstream.call();
        }

        static String third(Upstream upstream) {
            return "third";
        }
    }

    @Case
    void a_fallback_may_be_recovered_itself() {
        Upstream upstream = new Upstream(failure);
        Expect.equal("third", Chain.first(upstream));
        Expect.equal(3, upstream.calls());
    }

    interface Quotes {
        @Recover(fallback = "cached")
        default String quote(Upstream upstream) {
            return upstream.call();
        }

        default String cached(Upstream upstream) {
            return "default";
        }

        @Recover(fallback = "hidden")
        default String viaPrivate(Upstream upstream) {
            return upstream.call();
        }

        private String hidden(Upstream upstream) {
            return "private";
        }

        @Recover(fallback = "ofStatic")
        static String statics(Upstream upstream) {
            return upstream.call();
        }

        static String ofStatic(Upstream upstream) {
            return "static";
        }
    }

    @Case
    void interfaces_have_fallbacks_too() {
        Quotes quotes = new Quotes() {};
        Expect.equal("default", quotes.quote(new Upstream(failure)));
        Expect.equal("private", quotes.viaPrivate(new Upstream(failure)));
        Expect.equal("static", Quotes.statics(new Upstream(failure)));
        Quotes overriding = new Quotes() {
            @Override
            public String cached(Upstream upstream) {
                return "overriding";
            }
        };
        Expect.equal("overriding", overriding.quote(new Upstream(failure)));
    }

    static class Arguments {
        @Recover(attempts = 2, delay = "0s", fallback = "instead")
        static String call(int a, long b, double c, String d, Upstream upstream) {
            a = -1;
            b = -1;
            c = -1;
            d = "reassigned";
            return upstream.call();
        }

        static String instead(int a, long b, double c, String d, Upstream upstream, IOException failure) {
            return a + " " + b + " " + c + " " + d;
        }
    }

    @Case
    void it_gets_the_arguments_as_the_caller_passed_them() {
        Expect.equal("1 2 3.0 four", Arguments.call(1, 2, 3, "four", new Upstream(failure)));
    }

    static class OnTimeout {
        @Recover(timeout = "20ms", on = CallTimeoutException.class, fallback = "instead")
        static String call() throws InterruptedException {
            Thread.sleep(60_000);
            return "late";
        }

        static String instead(CallTimeoutException timeout) {
            return "instead";
        }
    }

    @Case
    void a_timeout_falls_back() throws Exception {
        Expect.equal("instead", OnTimeout.call());
    }
}
