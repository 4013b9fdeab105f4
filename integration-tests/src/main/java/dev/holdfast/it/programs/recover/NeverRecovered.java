package dev.holdfast.it.programs.recover;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.Failure;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;

/** The errors that no retry, fallback, handler or last good value may ever touch. */
public final class NeverRecovered {

    /** A handler that would take anything. */
    public static final class Anything implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) {
            return "handler";
        }
    }

    @Recover(on = Throwable.class, attempts = 3, delay = "0s", fallback = "instead")
    static Object toFallback(Upstream upstream) {
        return upstream.call();
    }

    @Recover(on = Throwable.class, attempts = 3, delay = "0s", handler = Anything.class)
    static Object toHandler(Upstream upstream) {
        return upstream.call();
    }

    @Recover(on = Throwable.class, attempts = 3, delay = "0s", lastGood = "1h")
    static Object toLastGood(Upstream upstream) {
        return upstream.call();
    }

    @Recover(
            on = Throwable.class,
            attempts = 3,
            delay = "0s",
            timeout = "1m",
            maxConcurrent = 4,
            lastGood = "1h",
            fallback = "instead",
            handler = Anything.class,
            breaker = @CircuitBreaker(window = 1_000, minCalls = 1_000))
    static Object everything(Upstream upstream) {
        return upstream.call();
    }

    static Object instead(Upstream upstream, Throwable failure) {
        return "fallback";
    }

    interface Method {
        Object call(Upstream upstream);
    }

    private static void untouched(Throwable error) {
        for (Method method : new Method[] {
            NeverRecovered::toFallback,
            NeverRecovered::toHandler,
            NeverRecovered::toLastGood,
            NeverRecovered::everything
        }) {
            // One result first, so that there would be a last good one.
            Upstream upstream = new Upstream("good", error, "again");
            Expect.equal("good", method.call(upstream));
            Expect.thrown(error, () -> method.call(upstream));
            Expect.equal(2, upstream.calls());
            Expect.equal(0, error.getSuppressed().length);
        }
    }

    @Case(bare = true)
    void out_of_memory() {
        untouched(new OutOfMemoryError("test"));
    }

    @Case(bare = true)
    void stack_overflow() {
        untouched(new StackOverflowError("test"));
    }

    @Case(bare = true)
    void internal_error() {
        untouched(new InternalError("test"));
    }

    @Case(bare = true)
    void a_virtual_machine_error_of_ones_own() {
        untouched(new VirtualMachineError("test") {});
    }

    @Case(bare = true)
    void linkage_error() {
        untouched(new LinkageError("test"));
    }

    @Case(bare = true)
    void no_class_def_found() {
        untouched(new NoClassDefFoundError("test"));
    }

    @Case(bare = true)
    void exception_in_initializer() {
        untouched(new ExceptionInInitializerError("test"));
    }

    @Case(bare = true)
    void thread_death() throws Exception {
        // By name: the compiler of a later JDK warns about the type.
        untouched((Throwable)
                Class.forName("java.lang.ThreadDeath").getConstructor().newInstance());
    }

    @Case
    void others_are_recovered() {
        Expect.equal("fallback", toFallback(new Upstream(new AssertionError())));
        Expect.equal("handler", toHandler(new Upstream(new Exception())));
    }

    @Recover(on = Throwable.class, attempts = 3, delay = "0s")
    static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @Case(bare = true)
    void a_real_stack_overflow_comes_out_as_itself() {
        for (int i = 0; i < 3; i++) {
            Expect.thrown(StackOverflowError.class, () -> endless(0));
        }
    }

    @Recover(
            on = Throwable.class,
            attempts = 2,
            delay = "0s",
            timeout = "1h",
            maxConcurrent = 1,
            breaker = @CircuitBreaker(window = 1_000_000, minCalls = 1_000_000))
    static int gated(int depth) {
        return depth < 0 ? depth : gated(depth + 1) + 1;
    }

    @Case
    void a_real_stack_overflow_gives_back_every_permit() {
        for (int i = 0; i < 3; i++) {
            Expect.thrown(StackOverflowError.class, () -> gated(0));
        }
        Expect.equal(-1, gated(-1));
        // On another thread, so that it cannot pass as a recursion of the one that overflowed.
        Expect.equal(null, Expect.outcome(() -> dev.holdfast.it.programs.Workers.start(1, () -> gated(-1))
                .join()));
    }
}
