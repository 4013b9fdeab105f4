package dev.holdfast.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.bridge.HoldfastSite;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that last until a stage completes, through all of the policies of {@code @Recover}, in virtual time. */
@Timeout(60)
final class StagedCallTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final VirtualTime time = VirtualTime.turnedByHand();

    /** What the weaver makes of a class: the method, and its body under another name. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    static final class Quotes {

        /** What the attempts return; an exception is thrown. */
        final List<Object> script = new ArrayList<>();

        final List<CompletableFuture<String>> attempts = new ArrayList<>();
        Runnable inside = () -> {};

        @Nullable
        ClassLoader context;

        CompletionStage<String> quote(String id) {
            throw new AssertionError("the wrapper is not called here");
        }

        private @Nullable CompletionStage<String> quote$holdfast(String id) throws Exception {
            context = Thread.currentThread().getContextClassLoader();
            inside.run();
            Object outcome = script.isEmpty() ? new CompletableFuture<String>() : script.remove(0);
            if (outcome instanceof Exception thrown) {
                attempts.add(CompletableFuture.failedFuture(thrown));
                throw thrown;
            }
            if (outcome == NOTHING) {
                return null;
            }
            @SuppressWarnings("unchecked")
            CompletableFuture<String> stage = outcome instanceof CompletableFuture
                    ? (CompletableFuture<String>) outcome
                    : CompletableFuture.completedFuture((String) outcome);
            attempts.add(stage);
            return stage;
        }

        CompletionStage<String> cached(String id, IOException failure) {
            return CompletableFuture.completedFuture("cached " + id);
        }

        CompletionStage<String> broken(String id) {
            return CompletableFuture.failedFuture(new IllegalStateException("no cache"));
        }
    }

    private static final Object NOTHING = new Object();

    private final Quotes quotes = new Quotes();

    private HoldfastSite site(String definition) {
        Settings settings = Settings.read(Map.of(), Map.of());
        Layers layers = new Layers(time, () -> settings);
        return new Linker(settings, () -> layers).apply(new Object[] {
            LOOKUP, "quote", "(Ljava/lang/String;)Ljava/util/concurrent/CompletionStage;", definition
        });
    }

    private static final MethodHandles.Lookup LOOKUP = lookup();

    private static MethodHandles.Lookup lookup() {
        try {
            return MethodHandles.privateLookupIn(Quotes.class, MethodHandles.lookup());
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings("unchecked")
    private CompletableFuture<String> call(HoldfastSite site) {
        try {
            return requireNonNull((CompletableFuture<String>) site.call(new Object[] {quotes, "ACME"}));
        } catch (Throwable thrown) {
            throw new AssertionError("the failure is inside the future", thrown);
        }
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        assertThat(future).isDone();
        ExecutionException thrown = catchThrowableOfType(ExecutionException.class, future::get);
        return requireNonNull(requireNonNull(thrown).getCause());
    }

    @Test
    void lasts_until_the_stage_completes() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        quotes.script.add(stage);
        CompletableFuture<String> call = call(site("@Recover(attempts=3)"));
        assertThat(call).isNotDone();
        stage.complete("42");
        assertThat(call).isCompletedWithValue("42");
        assertThat(time.scheduledTasks()).isZero();
    }

    @Test
    void retries_after_waits_that_hold_no_thread() {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        quotes.script.addAll(
                List.of(CompletableFuture.failedFuture(first), CompletableFuture.failedFuture(second), "42"));
        CompletableFuture<String> call = call(site("@Recover(attempts=3,delay=\"100ms\",jitter=0.0)"));
        assertThat(quotes.attempts).hasSize(1);
        time.advance(100 * MILLI - 1);
        assertThat(quotes.attempts).hasSize(1);
        time.advance(1);
        assertThat(quotes.attempts).hasSize(2);
        assertThat(call).isNotDone();
        time.advance(200 * MILLI);
        assertThat(call).isCompletedWithValue("42");
    }

    @Test
    void ends_with_the_very_failure_of_the_last_attempt_and_those_before_suppressed() {
        IOException first = new IOException("first");
        IOException last = new IOException("last");
        quotes.script.add(CompletableFuture.failedFuture(first));
        quotes.script.add(CompletableFuture.supplyAsync(
                () -> {
                    throw new CompletionException(last);
                },
                Runnable::run));
        CompletableFuture<String> call = call(site("@Recover(attempts=2,delay=\"0s\")"));
        assertThat(failureOf(call)).isSameAs(last);
        assertThat(last.getSuppressed()).containsExactly(first);
        List<Throwable> seen = new ArrayList<>();
        call.handle((result, failure) -> seen.add(failure)).join();
        assertThat(seen).containsExactly(last);
    }

    @Test
    void what_the_body_throws_at_once_is_inside_the_future_and_retried() {
        quotes.script.addAll(List.of(new IOException("at once"), "42"));
        assertThat(call(site("@Recover(attempts=2,delay=\"0s\")"))).isCompletedWithValue("42");
        IOException failure = new IOException();
        quotes.script.add(failure);
        assertThat(failureOf(call(site("@Recover(maxConcurrent=5)")))).isSameAs(failure);
    }

    @Test
    void a_failure_that_is_not_handled_is_not_retried() {
        IllegalStateException failure = new IllegalStateException();
        quotes.script.add(new CompletionException(failure));
        assertThat(failureOf(call(site("@Recover(attempts=3,except={java.lang.IllegalStateException.class})"))))
                .isSameAs(failure);
        assertThat(quotes.attempts).hasSize(1);
    }

    @Test
    void null_in_place_of_a_stage_is_a_failure() {
        quotes.script.add(NOTHING);
        assertThat(failureOf(call(site("@Recover(maxConcurrent=5)"))))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("Quotes.quote: null was returned in place of a stage");
    }

    @Test
    void many_attempts_without_a_wait_need_no_deep_stack() {
        quotes.script.addAll(Collections.nCopies(100_000, new IOException("planned")));
        quotes.script.add("42");
        assertThat(call(site("@Recover(attempts=1000000,delay=\"0s\")"))).isCompletedWithValue("42");
        assertThat(quotes.attempts).hasSize(100_001);
    }

    @Test
    void cancelling_ends_the_wait_and_later_attempts() {
        quotes.script.add(new IOException());
        CompletableFuture<String> call = call(site("@Recover(attempts=3,delay=\"1s\",fallback=\"cached\")"));
        assertThat(time.scheduledTasks()).isEqualTo(1);
        assertThat(call.cancel(true)).isTrue();
        assertThat(time.scheduledTasks()).isZero();
        time.advance(10_000 * MILLI);
        assertThat(quotes.attempts).hasSize(1);
        assertThat(call).isCancelled();
    }

    @Test
    void cancelling_cancels_the_attempt_under_way_and_frees_its_permit() {
        HoldfastSite site = site("@Recover(attempts=3,maxConcurrent=1,delay=\"0s\",fallback=\"broken\")");
        CompletableFuture<String> call = call(site);
        assertThat(failureOf(call(site))).hasMessageContaining("no cache");
        call.cancel(false);
        assertThat(quotes.attempts.get(0)).isCancelled();
        assertThat(quotes.attempts).hasSize(1);
        quotes.script.add("42");
        assertThat(call(site)).isCompletedWithValue("42");
    }

    @Test
    void a_call_that_its_caller_completes_is_over_too() {
        quotes.script.add(new IOException());
        CompletableFuture<String> call = call(site("@Recover(attempts=3,delay=\"1s\")"));
        call.complete("mine");
        time.advance(10_000 * MILLI);
        assertThat(quotes.attempts).hasSize(1);
    }

    @Test
    void times_out_and_cancels_the_attempt() {
        HoldfastSite site = site("@Recover(timeout=\"100ms\",maxConcurrent=1)");
        CompletableFuture<String> call = call(site);
        time.advance(100 * MILLI - 1);
        assertThat(call).isNotDone();
        time.advance(1);
        assertThat(failureOf(call).getClass().getSimpleName()).isEqualTo("CallTimeoutException");
        assertThat(quotes.attempts.get(0)).isCancelled();
        quotes.script.add("42");
        assertThat(call(site)).isCompletedWithValue("42");
        assertThat(time.scheduledTasks()).isZero();
    }

    @Test
    void a_body_that_returned_too_late_has_timed_out() {
        quotes.inside = () -> time.advance(100 * MILLI);
        quotes.script.add("42");
        assertThat(failureOf(call(site("@Recover(timeout=\"100ms\")")))
                        .getClass()
                        .getSimpleName())
                .isEqualTo("CallTimeoutException");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void each_attempt_has_its_own_timeout() {
        CompletableFuture<String> late = new CompletableFuture<>();
        quotes.script.addAll(List.of(late, "42"));
        CompletableFuture<String> call = call(site("@Recover(timeout=\"100ms\",attempts=2,delay=\"0s\")"));
        time.advance(100 * MILLI);
        assertThat(call).isCompletedWithValue("42");
        late.complete("too late");
        assertThat(call).isCompletedWithValue("42");
    }

    @Test
    void the_breaker_hears_of_the_end_and_rejects_inside_the_future() {
        HoldfastSite site = site("@Recover(breaker={@CircuitBreaker(window=2,minCalls=2,openFor=\"1s\",probes=1)})");
        CompletableFuture<String> one = call(site);
        CompletableFuture<String> two = call(site);
        quotes.attempts.get(0).completeExceptionally(new IOException());
        assertThat(one).isDone();
        quotes.attempts.get(1).completeExceptionally(new IOException());
        assertThat(two).isDone();
        assertThat(failureOf(call(site)).getClass().getSimpleName()).isEqualTo("BreakerOpenException");
        time.advance(1_000 * MILLI);
        // A probe that is called off makes room for another.
        call(site).cancel(true);
        quotes.script.add("42");
        assertThat(call(site)).isCompletedWithValue("42");
        quotes.script.add("43");
        assertThat(call(site)).isCompletedWithValue("43");
    }

    @Test
    void permits_are_held_until_completion() {
        HoldfastSite site = site("@Recover(maxConcurrent=2)");
        List<CompletableFuture<String>> calls = List.of(call(site), call(site));
        assertThat(failureOf(call(site)).getClass().getSimpleName()).isEqualTo("ConcurrencyLimitException");
        quotes.attempts.get(1).completeExceptionally(new IOException());
        assertThat(call(site)).isNotDone();
        assertThat(calls.get(0)).isNotDone();
    }

    @Test
    void falls_back_by_the_type_of_the_failure() {
        HoldfastSite site = site("@Recover(fallback=\"cached\")");
        quotes.script.add(CompletableFuture.failedFuture(new CompletionException(new FileNotFoundException())));
        assertThat(call(site)).isCompletedWithValue("cached ACME");
        IllegalStateException other = new IllegalStateException();
        quotes.script.add(other);
        assertThat(failureOf(call(site))).isSameAs(other);
    }

    @Test
    void a_fallback_s_own_failure_bears_the_failure() {
        IOException failure = new IOException();
        quotes.script.add(failure);
        assertThat(failureOf(call(site("@Recover(fallback=\"broken\")"))))
                .hasMessage("no cache")
                .satisfies(own -> assertThat(own.getSuppressed()).containsExactly(failure));
    }

    @Test
    void gives_the_last_good_result() {
        HoldfastSite site = site("@Recover(lastGood=\"1s\")");
        quotes.script.addAll(List.of("42", new IOException()));
        assertThat(call(site)).isCompletedWithValue("42");
        assertThat(call(site)).isCompletedWithValue("42");
        time.advance(1_001 * MILLI);
        quotes.script.add(new IOException());
        assertThat(call(site)).isCompletedExceptionally();
    }

    @Test
    void waits_no_longer_than_the_budget_of_the_call_or_of_the_one_around_it() {
        quotes.script.add(new IOException("first"));
        assertThat(failureOf(call(site("@Recover(attempts=3,delay=\"1s\",jitter=0.0,within=\"999ms\")"))))
                .hasMessage("first");
        Deadline.OfThread under = Deadline.ofThread();
        under.now = Deadline.within(999 * MILLI, null, time);
        try {
            quotes.script.add(new IOException("second"));
            assertThat(failureOf(call(site("@Recover(attempts=3,delay=\"1s\",jitter=0.0,within=\"1m\")"))))
                    .hasMessage("second");
        } finally {
            under.now = null;
        }
    }

    @Test
    void later_attempts_are_under_the_budget_and_the_context_of_the_caller() throws Exception {
        List<@Nullable Deadline> seen = new ArrayList<>();
        quotes.inside = () -> seen.add(Deadline.ofThread().now);
        quotes.script.addAll(List.of(new IOException(), "42"));
        ClassLoader own = new ClassLoader(null) {};
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(own);
        CompletableFuture<String> call;
        try {
            call = call(site("@Recover(attempts=2,delay=\"1s\",within=\"1m\")"));
        } finally {
            thread.setContextClassLoader(before);
        }
        quotes.context = null;
        Thread other = new Thread(() -> time.advance(2_000 * MILLI));
        other.start();
        other.join();
        assertThat(call).isCompletedWithValue("42");
        assertThat(quotes.context).isSameAs(own);
        assertThat(seen).hasSize(2).doesNotContainNull();
        assertThat(Deadline.ofThread().now).isNull();
    }

    @Test
    void what_follows_a_call_that_ends_on_a_worker_runs_in_the_context_of_the_caller() throws Exception {
        for (String definition : List.of("@Recover(attempts=2,delay=\"1s\",jitter=0.0)", "@Recover(timeout=\"1s\")")) {
            quotes.script.clear();
            if (definition.contains("attempts")) {
                quotes.script.addAll(List.of(new IOException(), "42"));
            }
            ClassLoader own = new ClassLoader(null) {};
            List<@Nullable ClassLoader> seen = new ArrayList<>();
            Thread caller = new Thread(() -> {
                var unused = call(site(definition))
                        .whenComplete((result, failure) ->
                                seen.add(Thread.currentThread().getContextClassLoader()));
            });
            caller.setContextClassLoader(own);
            caller.start();
            caller.join();
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            time.advance(1_000 * MILLI); // this thread is the worker
            assertThat(seen).as(definition).containsExactly(own);
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        }
    }

    @Test
    void an_invalid_definition_is_thrown() {
        HoldfastSite site = site("@Recover(attempts=0)");
        assertThatThrownBy(() -> site.call(new Object[] {quotes, "ACME"})).hasMessageContaining("attempts");
    }

    @Test
    void a_call_whose_first_attempt_failed_before_the_policies_knew_goes_on_from_there() throws Throwable {
        HoldfastSite site = site("@Recover(attempts=2,delay=\"0s\")");
        quotes.script.add("42");
        CompletableFuture<?> stage =
                (CompletableFuture<?>) site.failed(new IOException(), 0, new Object[] {quotes, "ACME"});
        assertThat(requireNonNull(stage).join()).isEqualTo("42");
        assertThat(quotes.attempts).hasSize(1);
    }

    @Test
    void a_stage_that_cannot_be_cancelled_goes_on_alone() {
        CompletableFuture<String> stage = new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> toCompletableFuture() {
                throw new UnsupportedOperationException("planned");
            }
        };
        quotes.script.add(stage);
        HoldfastSite site = site("@Recover(attempts=3,maxConcurrent=1)");
        CompletableFuture<String> call = call(site);
        call.cancel(true);
        assertThat(call).isCancelled();
        stage.complete("42");
        quotes.script.add("43");
        assertThat(call(site)).isCompletedWithValue("43");
        assertThat(catchThrowable(call::get)).isInstanceOf(CancellationException.class);
    }
}
