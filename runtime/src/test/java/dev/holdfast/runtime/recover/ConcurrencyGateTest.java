package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallRejectedException;
import dev.holdfast.ConcurrencyLimitException;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Permits of one method, counted by what its callers see: 16 threads, and latches where one has to wait for another. */
@Timeout(60)
final class ConcurrencyGateTest {

    private static final int THREADS = 16;
    private static final int PERMITS = 5;

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    /** A class as the weaver leaves it, whose method does what each caller hands in. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Work {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        static @Nullable Object run(Callable<?> body) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static @Nullable Object run$holdfast(Callable<?> body) throws Exception {
            return body.call();
        }

        private static Object standIn(Callable<?> body, IOException failure) throws Exception {
            return body instanceof Recoverable recoverable ? recoverable.standIn() : "recovered";
        }
    }

    /** What fails, and is recovered from by that. */
    private interface Recoverable extends Callable<Object> {

        Object standIn() throws Exception;
    }

    private Woven work(String definition) {
        return new Woven.Jvm(time).method(Work.LOOKUP, "run", definition);
    }

    private static Object call(Woven work, Callable<?> body) throws Exception {
        try {
            Object result = work.call(null, body);
            return result == null ? "nothing" : result;
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    /** Fills the method from 16 threads and looks how many get in; then lets those end. */
    private void assertPermits(Woven work, int permits) throws Exception {
        CountDownLatch in = new CountDownLatch(permits);
        CountDownLatch rejected = new CountDownLatch(THREADS - permits);
        CountDownLatch leave = new CountDownLatch(1);
        List<Future<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            calls.add(threads.submit(() -> {
                try {
                    call(work, () -> {
                        in.countDown();
                        leave.await();
                        return "done";
                    });
                    return true;
                } catch (ConcurrencyLimitException over) {
                    rejected.countDown();
                    return false;
                }
            }));
        }
        in.await();
        rejected.await();
        leave.countDown();
        int passed = 0;
        for (Future<Boolean> call : calls) {
            passed += call.get() ? 1 : 0;
        }
        assertThat(passed).isEqualTo(permits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxConcurrent=5", "maxConcurrent=5,within=\"1h\"", "maxConcurrent=5,timeout=\"1h\""})
    void lets_as_many_in_as_it_has_permits_again_and_again(String definition) throws Exception {
        Woven work = work("@Recover(" + definition + ")");
        for (int round = 0; round < 20; round++) {
            assertPermits(work, PERMITS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maxConcurrent=5",
                "maxConcurrent=5,within=\"1h\"",
                "maxConcurrent=5,attempts=2,delay=\"0s\"",
                "maxConcurrent=5,breaker={@CircuitBreaker(minCalls=1000000,windowTime=\"1h\")}",
                "maxConcurrent=5,fallback=\"standIn\"",
            })
    void gives_permits_back_on_every_path(String definition) throws Exception {
        Woven work = work("@Recover(" + definition + ")");
        List<Callable<?>> ways = List.of(
                () -> "well",
                () -> {
                    throw new IOException("planned");
                },
                () -> {
                    throw new InterruptedException("planned");
                },
                () -> {
                    throw new OutOfMemoryError("planned");
                },
                () -> {
                    throw new NoClassDefFoundError("planned");
                });
        for (int round = 0; round < 10; round++) {
            for (Callable<?> way : ways) {
                try {
                    call(work, way);
                } catch (IOException | InterruptedException | OutOfMemoryError | NoClassDefFoundError planned) {
                    assertThat(planned).hasMessage("planned");
                }
            }
        }
        assertPermits(work, PERMITS);
    }

    @Test
    void never_lets_more_in_and_loses_none_in_a_crowd() throws Exception {
        Woven work = work("@Recover(maxConcurrent=5)");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger rejected = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(threads.submit(() -> {
                together.await();
                for (int n = 0; n < 2_000; n++) {
                    boolean fails = n % 3 == 0;
                    try {
                        call(work, () -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Thread.onSpinWait();
                            ran.incrementAndGet();
                            inside.decrementAndGet();
                            if (fails) {
                                throw new IOException("planned");
                            }
                            return "done";
                        });
                    } catch (ConcurrencyLimitException over) {
                        rejected.incrementAndGet();
                    } catch (IOException planned) {
                        assertThat(planned).hasMessage("planned");
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(ran.get() + rejected.get()).isEqualTo(THREADS * 2_000);
        assertThat(most.get()).isBetween(1, PERMITS);
        assertPermits(work, PERMITS);
    }

    @Test
    void says_what_is_too_much() throws Exception {
        Woven work = work("@Recover(maxConcurrent=1)");
        call(work, () -> {
            Future<Object> other = threads.submit(() -> call(work, () -> "in"));
            assertThatThrownBy(other::get)
                    .cause()
                    .isExactlyInstanceOf(ConcurrencyLimitException.class)
                    .hasMessage(Work.class.getName()
                            + ".run(Callable): @Recover maxConcurrent 1 attempts are under way; try again later")
                    .satisfies(thrown -> assertThat(((CallRejectedException) thrown).retryAfter())
                            .isEmpty());
            return "out";
        });
    }

    @Test
    void lets_a_thread_in_again_that_is_in() throws Exception {
        Woven work = work("@Recover(maxConcurrent=1)");
        assertThat(call(work, () -> call(work, () -> call(work, () -> "deep")))).isEqualTo("deep");
        assertThatThrownBy(() -> call(
                        work,
                        () -> call(work, () -> {
                            throw new IOException("planned");
                        })))
                .hasMessage("planned");
        // The permit is held to the end of the outermost one, and no longer.
        call(work, () -> {
            call(work, () -> "inner");
            Future<Object> other = threads.submit(() -> call(work, () -> "in"));
            assertThatThrownBy(other::get).hasCauseInstanceOf(ConcurrencyLimitException.class);
            return "out";
        });
        assertPermits(work, 1);
    }

    @Test
    void a_call_that_waits_for_its_next_attempt_holds_no_permit() throws Exception {
        Woven work = work("@Recover(maxConcurrent=1,attempts=2,delay=\"1s\",jitter=0.0)");
        AtomicInteger attempts = new AtomicInteger();
        Future<Object> call = threads.submit(() -> call(work, () -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IOException("planned");
            }
            return "done";
        }));
        time.awaitSleepers(1);
        assertThat(call(work, () -> "meanwhile")).isEqualTo("meanwhile");
        time.advance(1_000_000_000);
        assertThat(call.get()).isEqualTo("done");
    }

    @Test
    void a_fallback_holds_no_permit() throws Exception {
        Woven work = work("@Recover(maxConcurrent=1,fallback=\"standIn\")");
        for (int round = 0; round < 2; round++) { // the second time the short way in
            Object result = call(work, new Recoverable() {
                @Override
                public Object call() throws IOException {
                    throw new IOException("planned");
                }

                @Override
                public Object standIn() throws Exception {
                    return threads.submit(() -> ConcurrencyGateTest.call(work, () -> "meanwhile"))
                            .get();
                }
            });
            assertThat(result).isEqualTo("meanwhile");
        }
    }
}
