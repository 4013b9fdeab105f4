package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.Failure;
import dev.holdfast.RecoveryHandler;
import dev.holdfast.runtime.Guarded;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a handler, what it is told, and what may come of what it gives. */
@Timeout(60)
final class HandlerTest {

    private final VirtualTime time = VirtualTime.turningItself();
    private final Shop shop = new Shop();

    /** As the weaver leaves it. Each body fails with the last argument. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Shop {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        private static AssertionError notCalled() {
            return new AssertionError("the wrapper is not called here");
        }

        @Nullable
        String find(@Nullable String id, int page, Throwable planned) {
            throw notCalled();
        }

        private @Nullable String find$holdfast(@Nullable String id, int page, Throwable planned) throws Throwable {
            throw planned;
        }

        long count(Throwable planned) {
            throw notCalled();
        }

        private long count$holdfast(Throwable planned) throws Throwable {
            throw planned;
        }

        void tell(Throwable planned) {
            throw notCalled();
        }

        private void tell$holdfast(Throwable planned) throws Throwable {
            throw planned;
        }

        static CompletableFuture<String> later(Throwable planned) {
            throw notCalled();
        }

        private static CompletableFuture<String> later$holdfast(Throwable planned) {
            return CompletableFuture.failedFuture(planned);
        }
    }

    /** Gives what the test says, and keeps what it is told. */
    private static final class Told implements RecoveryHandler {

        static final List<Failure> FAILURES = new ArrayList<>();
        static @Nullable Object gives;

        private Told() {}

        @Override
        public @Nullable Object recover(Failure failure) {
            FAILURES.add(failure);
            return gives;
        }
    }

    /** Counts itself. */
    private static final class Counted implements RecoveryHandler {

        static final AtomicInteger MADE = new AtomicInteger();
        static final Set<Counted> ASKED = ConcurrentHashMap.newKeySet();

        Counted() {
            MADE.incrementAndGet();
        }

        @Override
        public Object recover(Failure failure) {
            ASKED.add(this);
            return "recovered";
        }
    }

    /** Cannot be made the first time. */
    private static final class Reluctant implements RecoveryHandler {

        static final AtomicInteger TRIED = new AtomicInteger();

        Reluctant() throws IOException {
            if (TRIED.incrementAndGet() == 1) {
                throw new IOException("no handler");
            }
        }

        @Override
        public Object recover(Failure failure) {
            return "recovered";
        }
    }

    @BeforeEach
    void forget() {
        Told.FAILURES.clear();
        Told.gives = null;
        Counted.MADE.set(0);
        Counted.ASKED.clear();
        Reluctant.TRIED.set(0);
    }

    private Woven woven(String method, Class<? extends RecoveryHandler> handler, String beside) {
        return new Woven.Jvm(time)
                .method(Shop.LOOKUP, method, "@Recover(" + beside + "handler=" + handler.getName() + ".class)");
    }

    @Test
    void is_told_all_of_the_call() throws Throwable {
        Told.gives = "recovered";
        IOException planned = new IOException();
        Woven find = woven("find", Told.class, "attempts=3,delay=\"1s\",backoff=CONSTANT,jitter=0.0,");
        assertThat(find.call(shop, null, 7, planned)).isEqualTo("recovered");
        assertThat(Told.FAILURES).hasSize(1);
        Failure failure = Told.FAILURES.get(0);
        assertThat(failure.cause()).isSameAs(planned);
        assertThat(failure.method())
                .isEqualTo(Shop.class.getDeclaredMethod("find", String.class, int.class, Throwable.class));
        assertThat(failure.target()).isSameAs(shop);
        assertThat(failure.arguments()).isEqualTo(Arrays.asList(null, 7, planned));
        assertThat(failure.attempts()).isEqualTo(3);
        assertThat(failure.elapsed()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void another_module_need_not_be_opened_for_a_public_one() throws Exception {
        // Any public class of a module that exports it, and opens it to nobody.
        Class<?> exported = Class.forName("com.sun.tools.javac.Main");
        assertThat(new Handler(exported, Guarded.method(Shop.LOOKUP, "find")).type())
                .isSameAs(exported);
    }

    @Test
    void is_told_of_no_attempt_where_none_was_let_through() throws Throwable {
        Told.gives = "recovered";
        Woven find = woven("find", Told.class, "breaker={@CircuitBreaker(window=1,minCalls=1)},");
        find.call(shop, "a", 7, new IOException());
        find.call(shop, "a", 7, new IOException());
        assertThat(Told.FAILURES).extracting(Failure::attempts).containsExactly(1, 0);
    }

    @Test
    void there_is_one_for_each_method_made_when_it_is_needed() throws Exception {
        Woven find = woven("find", Counted.class, "");
        CyclicBarrier together = new CyclicBarrier(16);
        List<Thread> threads = new ArrayList<>();
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 16; i++) {
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                    Object result = find.call(shop, "a", 7, new IOException());
                    seen.add(result == null ? "nothing" : result);
                } catch (Throwable thrown) {
                    seen.add(thrown);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen).containsExactly("recovered");
        assertThat(Counted.MADE).hasValue(1);
        assertThat(Counted.ASKED).hasSize(1);
    }

    @Test
    void is_not_made_before_a_failure_needs_it() throws Throwable {
        Woven find = woven("find", Counted.class, "except={java.io.IOException.class},");
        IOException excepted = new IOException();
        assertThatThrownBy(() -> find.call(shop, "a", 7, excepted)).isSameAs(excepted);
        assertThat(Counted.MADE).hasValue(0);
        assertThat(find.call(shop, "a", 7, new Exception())).isEqualTo("recovered");
        assertThat(find.call(shop, "a", 7, new Exception())).isEqualTo("recovered");
        assertThat(Counted.MADE).hasValue(1);
    }

    @Test
    void what_its_constructor_throws_reaches_the_caller_and_the_next_failure_tries_again() throws Throwable {
        Woven find = woven("find", Reluctant.class, "");
        Exception failure = new Exception();
        assertThatThrownBy(() -> find.call(shop, "a", 7, failure))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("no handler")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(failure));
        assertThat(find.call(shop, "a", 7, failure)).isEqualTo("recovered");
    }

    @Test
    void a_result_of_another_type_is_told_by_names() {
        Told.gives = 42;
        IOException failure = new IOException();
        Throwable thrown = catchThrowable(() -> woven("find", Told.class, "").call(shop, "a", 7, failure));
        assertThat(thrown)
                .isInstanceOf(ClassCastException.class)
                .hasMessage(Shop.class.getName() + ".find(String, int, Throwable): @Recover handler "
                        + Told.class.getName() + " must return java.lang.String, was java.lang.Integer");
        assertThat(thrown.getSuppressed()).containsExactly(failure);
    }

    @Test
    void null_is_a_result_but_not_of_a_primitive_type() throws Throwable {
        assertThat(woven("find", Told.class, "").call(shop, "a", 7, new IOException()))
                .isNull();
        assertThatThrownBy(() -> woven("count", Told.class, "").call(shop, new IOException()))
                .isInstanceOf(ClassCastException.class)
                .hasMessageEndingWith("must return long, was null");
    }

    @Test
    void a_primitive_result_may_be_given_in_a_smaller_type() throws Throwable {
        Told.gives = 42;
        assertThat(woven("count", Told.class, "").call(shop, new IOException())).isEqualTo(42L);
    }

    @Test
    void what_it_gives_for_nothing_is_ignored() throws Throwable {
        Told.gives = "nobody wants it";
        assertThat(woven("tell", Told.class, "").call(shop, new IOException())).isNull();
        assertThat(Told.FAILURES).hasSize(1);
    }

    @Test
    void in_place_of_a_stage_it_may_give_one_or_what_it_would_complete_with() throws Throwable {
        Woven later = woven("later", Told.class, "");
        Told.gives = "plain";
        assertThat((CompletableFuture<?>) later.call(null, new IOException()))
                .isCompletedWithValueMatching("plain"::equals);
        Told.gives = CompletableFuture.completedFuture("staged");
        assertThat((CompletableFuture<?>) later.call(null, new IOException()))
                .isCompletedWithValueMatching("staged"::equals);
        assertThat(Told.FAILURES).extracting(Failure::target).containsOnlyNulls();
    }
}
