package dev.holdfast.it.programs.loaders;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;

/** A program that was compiled against the annotations and runs without their jar. */
public final class WithoutAnnotations {

    @Recover(attempts = 3, delay = "0s", fallback = "instead", timeout = "1h", maxConcurrent = 10)
    static String recovers(Upstream upstream) {
        return upstream.call();
    }

    static String instead(Upstream upstream) {
        return "instead";
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    static String breaks(Upstream upstream) {
        return upstream.call();
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    static String opens(Upstream upstream) {
        return upstream.call();
    }

    @Case(bare = true)
    void the_annotations_are_not_there() {
        Expect.thrown(ClassNotFoundException.class, () -> Class.forName("dev.holdfast.Recover"));
    }

    @Case
    void it_recovers_all_the_same() {
        Expect.equal("x", recovers(new Upstream(new IOException(), "x")));
        Expect.equal("instead", recovers(new Upstream(new IOException())));
    }

    @Case(bare = true)
    void it_goes_on_with_its_failures_and_results() {
        IOException failure = new IOException();
        Expect.equal("x", breaks(new Upstream("x")));
        Expect.thrown(failure, () -> breaks(new Upstream(failure)));
    }

    @Case
    void an_open_breaker_rejects_in_some_way_that_the_program_survives() {
        Expect.outcome(() -> opens(new Upstream("x")));
        for (int i = 0; i < 3; i++) {
            Expect.outcome(() -> opens(new Upstream(new IOException())));
        }
        Upstream upstream = new Upstream("x");
        Throwable rejected = Expect.outcome(() -> opens(upstream));
        Expect.that(rejected instanceof RuntimeException, "a RuntimeException says so, was " + rejected);
        Expect.equal(0, upstream.calls());
    }
}
