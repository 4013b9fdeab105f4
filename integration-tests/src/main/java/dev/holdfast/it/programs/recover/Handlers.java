package dev.holdfast.it.programs.recover;

import dev.holdfast.Failure;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import dev.holdfast.it.programs.Workers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Recovery by a class. */
public final class Handlers {

    private final IOException failure = new IOException("down");

    /** Remembers what it was told; private with a private constructor, which is nobody's business but its owner's. */
    private static final class Recording implements RecoveryHandler {
        static final List<Failure> told = Collections.synchronizedList(new ArrayList<>());

        private Recording() {}

        @Override
        public Object recover(Failure failure) {
            told.add(failure);
            return "handled";
        }
    }

    @Recover(attempts = 3, delay = "0s", handler = Recording.class)
    Object instance(String key, int number, Upstream upstream) {
        key = "reassigned";
        return upstream.call();
    }

    @Recover(handler = Recording.class)
    static Object statics(Upstream upstream) {
        return upstream.call();
    }

    @Case
    void is_told_the_whole_story() {
        Recording.told.clear();
        Upstream upstream = new Upstream(new IOException("1"), new IOException("2"), failure);
        Expect.equal("handled", instance("key", 7, upstream));
        Expect.equal(1, Recording.told.size());
        Failure told = Recording.told.get(0);
        Expect.same(failure, told.cause());
        Expect.equal("instance", told.method().getName());
        Expect.same(Handlers.class, told.method().getDeclaringClass());
        Expect.that(told.method().isAnnotationPresent(Recover.class), "the annotated method is meant");
        Expect.same(this, told.target());
        Expect.equal(List.of("key", 7, upstream), told.arguments());
        Expect.equal(3, told.attempts());
        Expect.that(
                told.elapsed().compareTo(Duration.ZERO) > 0 && told.elapsed().compareTo(Duration.ofMinutes(1)) < 0,
                "a short while, was " + told.elapsed());
    }

    @Case
    void a_static_method_has_no_target() {
        Recording.told.clear();
        Expect.equal("handled", statics(new Upstream(failure)));
        Expect.equal(null, Recording.told.get(0).target());
        Expect.equal(1, Recording.told.get(0).attempts());
    }

    /** Counts itself. */
    public static final class Counted implements RecoveryHandler {
        static final AtomicInteger made = new AtomicInteger();

        public Counted() {
            made.incrementAndGet();
        }

        @Override
        public Object recover(Failure failure) {
            return this;
        }
    }

    @Recover(handler = Counted.class)
    Object counted(Upstream upstream) {
        return upstream.call();
    }

    @Recover(handler = Counted.class)
    static Object countedStatically(Upstream upstream) {
        return upstream.call();
    }

    @Case
    void there_is_one_instance_for_each_method() throws Throwable {
        Object one = counted(new Upstream(failure));
        Object other = countedStatically(new Upstream(failure));
        Expect.that(one != other, "each method has its own");
        Workers.start(8, () -> {
                    Expect.same(one, new Handlers().counted(new Upstream(failure)));
                    Expect.same(other, countedStatically(new Upstream(failure)));
                })
                .join();
        Expect.equal(2, Counted.made.get());
    }

    /** Gives what a primitive method needs. */
    public static final class Numbers implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) {
            return failure.arguments().get(0);
        }
    }

    @Recover(handler = Numbers.class)
    static long number(long number, Upstream upstream) {
        upstream.call();
        return 0;
    }

    @Recover(handler = Numbers.class)
    static void nothing(long number, Upstream upstream) {
        upstream.call();
    }

    @Case
    void its_result_is_unboxed_or_ignored() {
        Expect.equal(5L, number(5, new Upstream(failure)));
        nothing(5, new Upstream(failure));
    }

    /** Throws what it was handed as an argument. */
    public static final class Throwing implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) throws Throwable {
            throw (Throwable) failure.arguments().get(0);
        }
    }

    @Recover(handler = Throwing.class)
    static Object throwing(Throwable thrown, Upstream upstream) {
        return upstream.call();
    }

    @Case
    void its_own_exception_goes_to_the_caller_with_the_failure_suppressed_on_it() {
        FileNotFoundException thrown = new FileNotFoundException("handler");
        Expect.thrown(thrown, () -> throwing(thrown, new Upstream(failure)));
        Expect.equal(List.of(failure), List.of(thrown.getSuppressed()));
    }

    @Case
    void it_may_throw_the_failure_itself() {
        Expect.thrown(failure, () -> throwing(failure, new Upstream(failure)));
        Expect.equal(0, failure.getSuppressed().length);
    }

    @Recover(fallback = "instead", handler = Recording.class)
    static Object both(Upstream upstream) {
        return upstream.call();
    }

    static Object instead(Upstream upstream, FileNotFoundException failure) {
        return "fallback";
    }

    @Case
    void comes_after_the_fallback() {
        Expect.equal("fallback", both(new Upstream(new FileNotFoundException())));
        Expect.equal("handled", both(new Upstream(failure)));
    }

    @Recover(handler = Recording.class, on = FileNotFoundException.class)
    static Object some(Upstream upstream) {
        return upstream.call();
    }

    @Case
    void is_not_asked_about_failures_that_are_let_through() {
        Expect.thrown(failure, () -> some(new Upstream(failure)));
        Expect.equal("handled", some(new Upstream(new FileNotFoundException())));
    }

    @Recover(handler = Numbers.class)
    static Object nulls(Object argument, Upstream upstream) {
        return upstream.call();
    }

    @Case
    void arguments_and_result_may_be_null() {
        Expect.equal(null, nulls(null, new Upstream(failure)));
    }
}
