package dev.holdfast.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.programs.Guarded;
import dev.holdfast.agent.weave.Weaving.Woven;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AftercareTest {

    private static final ClassLoader LOADER = Guarded.class.getClassLoader();
    private static final List<Woven> METHODS = List.of(new Woven("answer", "(I)I", "@Recover(attempts=2)"));
    private static final long LONG_MILLIS = 30_000;

    private final FakeRuntime runtime = new FakeRuntime();

    @Test
    void checks_a_class_without_being_asked_again() throws Exception {
        CountDownLatch looked = new CountDownLatch(3);
        Aftercare aftercare = new Aftercare(
                new AwaitedClasses(
                        loader -> {
                            looked.countDown();
                            return looked.getCount() > 0 ? new Class<?>[0] : new Class<?>[] {Guarded.class};
                        },
                        runtime),
                runtime);

        aftercare.check(LOADER, Guarded.class.getName(), METHODS);

        assertThat(looked.await(LONG_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        aftercare.finish(LONG_MILLIS);
        assertThat(runtime.checked).containsExactly("Guarded.answer(I)I @Recover(attempts=2)");
    }

    @Test
    void does_at_the_end_what_is_pending() {
        Aftercare aftercare =
                new Aftercare(new AwaitedClasses(loader -> new Class<?>[] {Guarded.class}, runtime), runtime);
        aftercare.check(LOADER, Guarded.class.getName(), METHODS);
        aftercare.log("warn", LOADER, "a message", null);

        aftercare.finish(LONG_MILLIS);

        assertThat(runtime.checked).hasSize(1);
        assertThat(runtime.logged).containsExactly("warn a message");
    }

    @Test
    void does_not_hold_up_the_end_for_a_class_that_is_not_there() {
        Aftercare aftercare = new Aftercare(new AwaitedClasses(loader -> new Class<?>[0], runtime), runtime);
        aftercare.check(LOADER, Guarded.class.getName(), METHODS);

        aftercare.finish(LONG_MILLIS);

        assertThat(runtime.checked).isEmpty();
        assertThat(runtime.logged).isEmpty();
    }

    @Test
    void waits_no_longer_than_told_for_a_logger_that_hangs() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicReference<@Nullable Thread> teller = new AtomicReference<>();
        List<String> logged = runtime.logged;
        RuntimeEntry hanging = new HangingLog(hangs, teller, logged);
        Aftercare aftercare = new Aftercare(new AwaitedClasses(loader -> new Class<?>[0], hanging), hanging);
        aftercare.log("warn", LOADER, "never told", null);

        aftercare.finish(1);

        assertThat(logged).containsExactly("warn the JVM ends before all definitions could be checked");
        hangs.countDown();
        aftercare.finish(LONG_MILLIS);
        assertThat(teller.get()).satisfies(thread -> {
            assertThat(thread.getName()).isEqualTo("holdfast-check");
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getContextClassLoader()).isSameAs(Aftercare.class.getClassLoader());
        });
    }

    @Test
    void starts_anew_after_it_has_come_to_rest() throws Exception {
        Aftercare aftercare = new Aftercare(new AwaitedClasses(loader -> new Class<?>[0], runtime), runtime);
        aftercare.log("warn", LOADER, "first", null);
        aftercare.finish(LONG_MILLIS);
        Thread first = Objects.requireNonNull(runtime.teller);
        first.join(LONG_MILLIS);
        assertThat(first.isAlive()).isFalse();

        aftercare.log("warn", LOADER, "second", null);
        aftercare.finish(LONG_MILLIS);

        assertThat(runtime.logged).containsExactly("warn first", "warn second");
        assertThat(runtime.teller).isNotSameAs(first);
    }

    @Test
    void does_later_what_the_system_gives_no_thread_for() {
        AtomicInteger refusals = new AtomicInteger(1);
        Aftercare aftercare = new Aftercare(new AwaitedClasses(loader -> new Class<?>[0], runtime), runtime, task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return DaemonThreads.unstarted("holdfast-check", task);
        });
        aftercare.log("warn", LOADER, "first", null);
        assertThat(runtime.logged).isEmpty();

        aftercare.log("warn", LOADER, "second", null);
        aftercare.finish(LONG_MILLIS);

        assertThat(runtime.logged).containsExactly("warn first", "warn second");
    }

    /** Tells messages of another level than "warn never told" only. */
    private record HangingLog(CountDownLatch hangs, AtomicReference<@Nullable Thread> teller, List<String> logged)
            implements RuntimeEntry {

        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public String redis() {
            return "";
        }

        @Override
        public Predicate<String> weaves() {
            return name -> true;
        }

        @Override
        public void check(Class<?> type, String method, String descriptor, String definition) {}

        @Override
        public void log(String level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
            if (message.equals("never told")) {
                teller.set(Thread.currentThread());
                try {
                    hangs.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            } else {
                logged.add(level + " " + message);
            }
        }
    }
}
