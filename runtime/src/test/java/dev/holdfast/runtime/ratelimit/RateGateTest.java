package dev.holdfast.runtime.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.RateLimitedException;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers see of limits, by whatever way their calls go, in virtual time. */
@Timeout(60)
final class RateGateTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final VirtualTime time = VirtualTime.turningItself();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** What an application may hand over as a key or a cost. */
    public static final class Order {

        private final int size;
        int asked;

        Order(int size) {
            this.size = size;
        }

        /** Its cost. */
        public int getSize() {
            return size;
        }

        /** A key; counts how often somebody asks for it. */
        public String getKey() {
            asked++;
            return "key " + size;
        }

        /** A cost that is none. */
        public @Nullable Integer getNothing() {
            return null;
        }

        /** A key that cannot be had. */
        public String getBroken() {
            if (size >= 0) {
                throw new IllegalStateException("planned");
            }
            return "whole";
        }
    }

    /** A class as the weaver leaves it. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    public static final class Shop {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
        static final List<String> CALLS = new ArrayList<>();

        static String buy(String who, Order order) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static String buy$holdfast(String who, Order order) throws IOException {
            synchronized (CALLS) {
                CALLS.add(who);
            }
            if (who.equals("fails")) {
                throw new IOException("planned");
            }
            return who;
        }

        static String sell(String who) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static String sell$holdfast(String who) {
            return who;
        }

        static String visit(Object guest) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static String visit$holdfast(Object guest) {
            return "visited";
        }

        static CompletionStage<String> order(String who) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static CompletionStage<String> order$holdfast(String who) {
            synchronized (CALLS) {
                CALLS.add(who);
            }
            return CompletableFuture.completedFuture(who);
        }

        private static String instead(String who, Order order, RateLimitedException refused) {
            return "instead of " + refused.limit();
        }
    }

    RateGateTest() {
        Shop.CALLS.clear();
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Woven buy(String definition) {
        return new Woven.Jvm(time).method(Shop.LOOKUP, "buy", definition);
    }

    private static Object call(Woven method, String who) throws Throwable {
        return String.valueOf(method.call(null, who, new Order(1)));
    }

    private static RateLimitedException refused(Woven method, String who) {
        int before = Shop.CALLS.size();
        Throwable thrown = failure(method, who);
        assertThat(thrown).isExactlyInstanceOf(RateLimitedException.class);
        assertThat(Shop.CALLS).as("bodies of a call that is refused").hasSize(before);
        return (RateLimitedException) thrown;
    }

    private static Throwable failure(Woven method, String who) {
        try {
            Object result = call(method, who);
            throw new AssertionError("expected a failure, was " + result);
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    private static Duration retryAfter(RateLimitedException refused) {
        return refused.retryAfter().orElseThrow();
    }

    /** By the short way and by the long one, which a timeout makes it take. */
    @ParameterizedTest
    @ValueSource(strings = {"", "@Recover(timeout=\"1h\")\n"})
    void refuses_what_there_is_no_permit_for(String beside) throws Throwable {
        Woven buy = buy(beside + "@RateLimited(permits=3,per=\"3s\")");
        for (int i = 0; i < 3; i++) {
            assertThat(call(buy, "me")).isEqualTo("me");
        }
        RateLimitedException refused = refused(buy, "me");
        assertThat(refused)
                .hasMessage("dev.holdfast.runtime.ratelimit.RateGateTest$Shop.buy(String, Order): @RateLimited allows 3"
                        + " per 3s; try again in 1s");
        assertThat(refused.limit()).isEqualTo("dev.holdfast.runtime.ratelimit.RateGateTest$Shop.buy");
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
        time.advance(1000 * MILLI - 1);
        assertThat(refused(buy, "me").retryAfter()).contains(Duration.ofNanos(1));
        time.advance(1);
        assertThat(call(buy, "me")).isEqualTo("me");
        refused(buy, "me");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@Recover(timeout=\"1h\")\n", "@Recover(attempts=2,delay=\"0s\")\n"})
    void a_call_that_fails_has_paid_once(String beside) throws Throwable {
        Woven buy = buy(beside + "@RateLimited(permits=3,per=\"1h\")");
        call(buy, "first");
        assertThat(failure(buy, "fails")).isInstanceOf(IOException.class);
        assertThat(failure(buy, "fails")).isInstanceOf(IOException.class);
        refused(buy, "me");
    }

    @Test
    void a_fallback_takes_the_place_of_what_is_refused() throws Throwable {
        Woven buy = buy("@Recover(fallback=\"instead\")\n@RateLimited(permits=1,per=\"1h\",name=\"orders\")");
        assertThat(call(buy, "me")).isEqualTo("me");
        assertThat(call(buy, "me")).isEqualTo("instead of orders");
    }

    @Test
    void each_key_has_its_own() throws Throwable {
        Woven buy = buy("@RateLimited(permits=1,per=\"1h\",key=\"{#0}\")");
        call(buy, "a");
        call(buy, "b");
        assertThat(refused(buy, "a")).hasMessageContaining("allows 1 per 1h, for each {#0}; try again in 1h");
        String long1 = "x".repeat(300) + "1";
        String long2 = "x".repeat(300) + "2";
        call(buy, long1);
        call(buy, long2);
        refused(buy, long1);
    }

    /** Whose text is made by a method that is limited itself. */
    private record Guest(Woven text) {

        @Override
        public String toString() {
            try {
                return String.valueOf(text.call(null, "guest"));
            } catch (Throwable failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",key=\"{#0}\"", ",cost=\"{#0.length}\""})
    void what_a_template_calls_pays_nothing(String attributes) throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(time);
        Woven sell = jvm.method(Shop.LOOKUP, "sell", "@RateLimited(permits=6,per=\"1h\"" + attributes + ")");
        Woven visit = jvm.method(Shop.LOOKUP, "visit", "@RateLimited(permits=9,per=\"1h\",key=\"{#0}\")");
        for (int i = 0; i < 9; i++) {
            assertThat(visit.call(null, new Guest(sell))).isEqualTo("visited");
        }
        assertThatThrownBy(() -> visit.call(null, new Guest(sell))).isInstanceOf(RateLimitedException.class);
        assertThat(sell.call(null, "guest")).isEqualTo("guest");
    }

    /** Also of keys that were seen lately, which go in by a short cut: those that find permits, those that do not, and those whose body fails. */
    @Test
    void a_key_is_asked_for_once_in_a_call_and_pays_once() throws Throwable {
        Woven buy = buy("@Recover(fallback=\"instead\")\n@RateLimited(permits=300,per=\"1h\",key=\"{#1.key}\")");
        Order order = new Order(1);
        for (int i = 0; i < 300; i++) {
            assertThat(buy.call(null, i % 2 == 0 ? "me" : "you", order)).isIn("me", "you");
            assertThat(order.asked).isEqualTo(i + 1);
        }
        assertThat(buy.call(null, "me", order)).asString().startsWith("instead of");
        assertThat(order.asked).isEqualTo(301);
        assertThat(buy.call(null, "me", new Order(2))).isEqualTo("me");
        assertThatThrownBy(() -> buy.call(null, "fails", new Order(2))).isInstanceOf(IOException.class);
        assertThat(Shop.CALLS).hasSize(302);
    }

    @Test
    void a_cost_is_taken_whole_or_not_at_all() throws Throwable {
        Woven buy = buy("@RateLimited(permits=10,per=\"10s\",cost=\"{#1.size}\")");
        buy.call(null, "me", new Order(7));
        assertThatThrownBy(() -> buy.call(null, "me", new Order(4)))
                .isInstanceOfSatisfying(RateLimitedException.class, refused -> assertThat(refused.retryAfter())
                        .contains(Duration.ofSeconds(1)));
        buy.call(null, "me", new Order(3));
    }

    @Test
    void a_cost_that_cannot_be_is_an_error_of_that_call() throws Throwable {
        Woven buy = buy("@RateLimited(permits=5,burst=10,cost=\"{#1.size}\")");
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> buy.call(null, "me", new Order(size)))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("dev.holdfast.runtime.ratelimit.RateGateTest$Shop.buy(String, Order): @RateLimited cost"
                            + " \"{#1.size}\" must be 1 or more, was " + size + "; expected: no such call");
        }
        assertThatThrownBy(() -> buy.call(null, "me", new Order(11)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be at most burst, 10, was 11");
        assertThatThrownBy(() -> buy.call(null, "me", null))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be 1 or more, was null");
        assertThat(Shop.CALLS).isEmpty();
        buy.call(null, "me", new Order(10));
    }

    @Test
    void what_a_key_throws_is_the_failure_of_that_call() {
        Woven buy = buy("@RateLimited(permits=5,key=\"{#1.broken}\")");
        assertThatThrownBy(() -> buy.call(null, "me", new Order(1)))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("planned");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",key=\"{#0}\""})
    void several_give_all_or_nothing(String key) throws Throwable {
        Woven buy = buy("@RateLimited(permits=2,per=\"2s\"" + key + ",name=\"few\")\n"
                + "@RateLimited(permits=3,per=\"3h\",name=\"many\")");
        call(buy, "me");
        call(buy, "me");
        assertThat(refused(buy, "me").limit()).isEqualTo("few");
        assertThat(refused(buy, "me").limit()).isEqualTo("few");
        time.advance(1000 * MILLI);
        call(buy, "me");
        time.advance(1000 * MILLI);
        RateLimitedException refused = refused(buy, "me");
        assertThat(refused.limit()).isEqualTo("many");
        assertThat(retryAfter(refused)).isEqualTo(Duration.ofHours(1).minusSeconds(2));
        assertThat(refused(buy, "me").limit()).isEqualTo("many"); // and the other one has its permit still
        time.advance(retryAfter(refused).toNanos());
        call(buy, "me");
    }

    @Test
    void after_the_time_that_is_told_all_of_several_have_a_permit() throws Throwable {
        Woven buy = buy("@RateLimited(permits=1,per=\"1s\")\n@RateLimited(permits=1,per=\"5s\")");
        call(buy, "me");
        RateLimitedException refused = refused(buy, "me");
        assertThat(retryAfter(refused)).isEqualTo(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(5).toNanos() - 1);
        refused(buy, "me");
        time.advance(1);
        call(buy, "me");
    }

    @Test
    void one_name_twice_on_a_method_takes_twice_of_it() throws Throwable {
        String from = "@RateLimited(permits=4,per=\"1h\",key=\"{#0}\",name=\"accounts\")";
        Woven buy = buy(from + "\n" + from);
        call(buy, "me");
        call(buy, "me");
        refused(buy, "me");
        call(buy, "you");
    }

    @Test
    void a_name_is_shared() throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(time);
        String definition = "@RateLimited(permits=2,per=\"1h\",name=\"shared\")";
        Woven buy = jvm.method(Shop.LOOKUP, "buy", definition);
        Woven sell = jvm.method(Shop.LOOKUP, "sell", definition);
        call(buy, "me");
        sell.call(null, "me");
        assertThat(refused(buy, "me")).hasMessageContaining("@RateLimited \"shared\" allows 2 per 1h");
        assertThatThrownBy(() -> sell.call(null, "me")).isInstanceOf(RateLimitedException.class);
    }

    @Test
    void waits_for_a_permit() throws Throwable {
        Woven buy = buy("@RateLimited(permits=10,per=\"1s\",burst=1,maxWait=\"250ms\")");
        call(buy, "a");
        call(buy, "b");
        assertThat(time.elapsed()).isEqualTo(100 * MILLI);
        assertThat(time.sleeps()).containsExactly(100 * MILLI);
    }

    /** Who comes again before that could not be served within his time either. */
    @Test
    void tells_when_a_call_would_be_let_wait() throws Throwable {
        Woven buy = buy("@RateLimited(permits=1,per=\"1s\",maxWait=\"300ms\")");
        call(buy, "a");
        RateLimitedException refused = refused(buy, "b");
        assertThat(time.elapsed()).as("at once").isZero();
        assertThat(retryAfter(refused)).isEqualTo(Duration.ofMillis(700));
        time.advance(700 * MILLI - 1);
        refused(buy, "b");
        time.advance(1);
        call(buy, "b");
        assertThat(time.elapsed()).isEqualTo(1000 * MILLI);
    }

    @Test
    void begins_no_wait_that_overruns_the_budget() throws Throwable {
        Woven buy = buy("@Recover(within=\"200ms\",attempts=2)\n@RateLimited(permits=1,per=\"1s\",maxWait=\"5s\")");
        call(buy, "a");
        assertThat(retryAfter(refused(buy, "b"))).isEqualTo(Duration.ofSeconds(1));
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void no_permits_are_held_while_another_limit_is_waited_for() throws Throwable {
        Woven buy = buy("@RateLimited(permits=5,per=\"1s\",maxWait=\"1h\")\n"
                + "@RateLimited(permits=1,per=\"10s\",maxWait=\"1h\",name=\"slow\")");
        call(buy, "a");
        call(buy, "b");
        assertThat(time.elapsed()).isEqualTo(10_000 * MILLI);
    }

    private Future<Object> inThread(Woven method, String who, AtomicReference<@Nullable Thread> thread) {
        return threads.submit(() -> {
            thread.set(Thread.currentThread());
            try {
                return call(method, who);
            } catch (Throwable refused) {
                return refused;
            }
        });
    }

    @Test
    void who_came_first_goes_first_and_those_behind_one_who_is_interrupted_move_up() throws Throwable {
        VirtualTime byHand = VirtualTime.turnedByHand();
        Woven buy = new Woven.Jvm(byHand)
                .method(Shop.LOOKUP, "buy", "@RateLimited(permits=1,per=\"1s\",algorithm=LEAKY_BUCKET,maxWait=\"3s\")");
        call(buy, "0");
        List<AtomicReference<@Nullable Thread>> own = new ArrayList<>();
        List<Future<Object>> calls = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            own.add(new AtomicReference<>());
            calls.add(inThread(buy, String.valueOf(i), own.get(i - 1)));
            byHand.awaitSleepers(i);
        }
        RateLimitedException tooMany = refused(buy, "4");
        assertThat(retryAfter(tooMany)).isEqualTo(Duration.ofSeconds(1));

        Thread second = requireNonNull(own.get(1).get());
        second.interrupt();
        assertThat(calls.get(1).get()).isInstanceOfSatisfying(RateLimitedException.class, interrupted -> {
            assertThat(interrupted).hasMessageContaining(", and the wait for it was interrupted; try again in 2s");
            assertThat(interrupted.retryAfter()).contains(Duration.ofSeconds(2));
        });
        byHand.awaitSleepers(2);
        byHand.advance(1000 * MILLI);
        assertThat(calls.get(0).get()).isEqualTo("1");
        byHand.awaitSleepers(1);
        assertThat(calls.get(2).isDone()).isFalse();
        byHand.advance(1000 * MILLI);
        assertThat(calls.get(2).get()).isEqualTo("3");
        assertThat(Shop.CALLS).containsExactly("0", "1", "3");
    }

    /** The first one in the line, which waits for a permit, and not for somebody before it. */
    @Test
    void the_next_one_moves_up_when_the_first_one_is_interrupted() throws Throwable {
        VirtualTime byHand = VirtualTime.turnedByHand();
        Woven buy =
                new Woven.Jvm(byHand).method(Shop.LOOKUP, "buy", "@RateLimited(permits=1,per=\"1s\",maxWait=\"2s\")");
        call(buy, "0");
        AtomicReference<@Nullable Thread> first = new AtomicReference<>();
        Future<Object> interrupted = inThread(buy, "1", first);
        byHand.awaitSleepers(1);
        Future<Object> next = inThread(buy, "2", new AtomicReference<>());
        byHand.awaitSleepers(2);
        requireNonNull(first.get()).interrupt();
        assertThat(interrupted.get()).isInstanceOf(RateLimitedException.class);
        byHand.awaitSleepers(1);
        byHand.advance(1000 * MILLI);
        assertThat(next.get()).isEqualTo("2");
        assertThat(byHand.elapsed()).isEqualTo(1000 * MILLI);
    }

    @Test
    void an_interrupt_leaves_its_flag_and_a_call_that_need_not_wait_goes_in_with_it() throws Throwable {
        Woven buy = buy("@RateLimited(permits=1,per=\"1s\",maxWait=\"2s\")");
        Thread.currentThread().interrupt();
        assertThat(call(buy, "a")).isEqualTo("a");
        assertThat(failure(buy, "b")).isInstanceOf(RateLimitedException.class);
        assertThat(Thread.interrupted()).isTrue();
        call(buy, "c");
        assertThat(time.elapsed()).isEqualTo(1000 * MILLI);
    }

    @Test
    void an_interrupted_wait_is_not_recovered_from() throws Throwable {
        Woven buy = buy("@Recover(fallback=\"instead\")\n@RateLimited(permits=1,per=\"1s\",maxWait=\"2s\")");
        call(buy, "a");
        Thread.currentThread().interrupt();
        assertThat(failure(buy, "b")).isInstanceOf(RateLimitedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static CompletableFuture<?> stage(Woven order, String who) throws Throwable {
        return (CompletableFuture<?>) requireNonNull(order.call(null, who));
    }

    @Test
    void stages_wait_without_a_thread_in_the_order_in_which_they_came() throws Throwable {
        VirtualTime byHand = VirtualTime.turnedByHand();
        Woven order =
                new Woven.Jvm(byHand).method(Shop.LOOKUP, "order", "@RateLimited(permits=1,per=\"1s\",maxWait=\"3s\")");
        List<CompletableFuture<?>> stages = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stages.add(stage(order, String.valueOf(i)));
        }
        assertThat(stages.get(0).join()).isEqualTo("0");
        assertThatThrownBy(stages.get(4)::join).hasCauseInstanceOf(RateLimitedException.class);
        assertThat(Shop.CALLS).containsExactly("0");

        assertThat(stages.get(2).cancel(true)).isTrue();
        byHand.advance(1000 * MILLI);
        assertThat(Shop.CALLS).containsExactly("0", "1");
        byHand.advance(1000 * MILLI);
        assertThat(Shop.CALLS).containsExactly("0", "1", "3");
        assertThatThrownBy(stages.get(2)::join).isInstanceOf(CancellationException.class);
        assertThat(byHand.scheduledTasks()).as("timers that nobody needs").isZero();
    }

    @Test
    void a_stage_that_is_first_in_line_and_cancelled_lets_the_next_one_move_up() throws Throwable {
        VirtualTime byHand = VirtualTime.turnedByHand();
        Woven order =
                new Woven.Jvm(byHand).method(Shop.LOOKUP, "order", "@RateLimited(permits=1,per=\"1s\",maxWait=\"3s\")");
        stage(order, "0").join();
        CompletableFuture<?> first = stage(order, "1");
        CompletableFuture<?> second = stage(order, "2");
        assertThat(first.cancel(false)).isTrue();
        byHand.advance(1000 * MILLI);
        assertThat(second).isCompletedWithValueMatching(result -> "2".equals(result));
        assertThat(byHand.scheduledTasks()).isZero();
    }

    @Test
    void a_stage_and_a_thread_stand_in_one_line() throws Throwable {
        VirtualTime byHand = VirtualTime.turnedByHand();
        Woven.Jvm jvm = new Woven.Jvm(byHand);
        String definition = "@RateLimited(permits=1,per=\"1s\",maxWait=\"5s\",name=\"both\")";
        Woven order = jvm.method(Shop.LOOKUP, "order", definition);
        Woven buy = jvm.method(Shop.LOOKUP, "buy", definition);
        stage(order, "0").join();
        CompletableFuture<?> first = stage(order, "1");
        Future<Object> second = inThread(buy, "2", new AtomicReference<>());
        byHand.awaitSleepers(1);
        CompletableFuture<?> third = stage(order, "3");
        byHand.advance(1000 * MILLI);
        assertThat(first).isDone();
        byHand.awaitSleepers(1);
        byHand.advance(1000 * MILLI);
        assertThat(second.get()).isEqualTo("2");
        assertThat(third).isNotDone();
        byHand.advance(1000 * MILLI);
        assertThat(third).isDone();
        assertThat(Shop.CALLS).containsExactly("0", "1", "2", "3");
    }

    @Test
    void what_was_taken_stays_taken_when_the_configuration_changes() throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(time);
        Woven buy = jvm.method(Shop.LOOKUP, "buy", "@RateLimited(permits=10,per=\"10s\")");
        for (int i = 0; i < 6; i++) {
            call(buy, "me");
        }
        jvm.change(Map.of("holdfast.RateLimited/permits", "8"));
        call(buy, "me");
        call(buy, "me");
        assertThat(refused(buy, "me")).hasMessageContaining("allows 8 per 10s");
        jvm.change(Map.of("holdfast.RateLimited/permits", "9", "holdfast.RateLimited/per", "9s"));
        call(buy, "me");
        assertThat(retryAfter(refused(buy, "me"))).isEqualTo(Duration.ofSeconds(1));
        jvm.change(Map.of("holdfast.RateLimited/algorithm", "SLIDING_WINDOW"));
        call(buy, "me");
        refused(buy, "me");
    }

    @Test
    void a_shared_limit_stays_one_when_the_configuration_changes() throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(time);
        String definition = "@RateLimited(permits=4,per=\"1h\",key=\"{#0}\",name=\"shared\")";
        Woven buy = jvm.method(Shop.LOOKUP, "buy", definition);
        Woven sell = jvm.method(Shop.LOOKUP, "sell", definition);
        call(buy, "me");
        sell.call(null, "me");
        jvm.change(Map.of("holdfast.RateLimited/permits", "3"));
        sell.call(null, "me");
        refused(buy, "me");
        sell.call(null, "you");
    }

    @Test
    void a_limit_goes_on_where_only_its_wait_changes() throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(time);
        Woven buy = jvm.method(Shop.LOOKUP, "buy", "@RateLimited(permits=1,per=\"1h\")");
        call(buy, "me");
        jvm.change(Map.of("holdfast.RateLimited/maxWait", "1ms"));
        refused(buy, "me");
    }
}
