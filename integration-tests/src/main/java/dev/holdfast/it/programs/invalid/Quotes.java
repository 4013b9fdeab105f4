package dev.holdfast.it.programs.invalid;

import dev.holdfast.Backoff;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Failure;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;

/** One method for each fault there is. */
class Quotes {

    /** What they are about. */
    record Quote(String id) {}

    @Recover
    static void bare() {}

    @Recover(on = java.io.IOException.class, delay = "1s", backoff = Backoff.CONSTANT)
    static void withoutEffect() {}

    @Recover(attempts = 0)
    static void attempts() {}

    @Recover(attempts = 2, delay = "5 minutes")
    static void delay() {}

    @Recover(attempts = 2, delay = "PT5S")
    static void isoDelay() {}

    @Recover(attempts = 2, multiplier = 0.5)
    static void multiplier() {}

    @Recover(attempts = 2, maxDelay = "-1s")
    static void maxDelay() {}

    @Recover(attempts = 2, jitter = 1.5)
    static void jitter() {}

    @Recover(attempts = 2, jitter = Double.NaN)
    static void jitterNaN() {}

    @Recover(attempts = 2, within = "soon")
    static void within() {}

    @Recover(timeout = "1.5s")
    static void timeout() {}

    @Recover(maxConcurrent = -1)
    static void maxConcurrent() {}

    @Recover(lastGood = "1y")
    static Object lastGood() {
        return null;
    }

    @Recover(breaker = {@CircuitBreaker, @CircuitBreaker})
    static void twoBreakers() {}

    @Recover(breaker = @CircuitBreaker(failureRate = 0))
    static void failureRate() {}

    @Recover(breaker = @CircuitBreaker(failureRate = 101))
    static void failureRateAbove() {}

    @Recover(breaker = @CircuitBreaker(slowRate = -5, slowerThan = "1s"))
    static void slowRate() {}

    @Recover(breaker = @CircuitBreaker(slowerThan = "slow"))
    static void slowerThan() {}

    @Recover(breaker = @CircuitBreaker(window = 0))
    static void window() {}

    @Recover(breaker = @CircuitBreaker(window = 10, windowTime = "10s"))
    static void twoWindows() {}

    @Recover(breaker = @CircuitBreaker(windowTime = "10"))
    static void windowTime() {}

    @Recover(breaker = @CircuitBreaker(minCalls = 0))
    static void minCalls() {}

    @Recover(breaker = @CircuitBreaker(openFor = "0s"))
    static void openFor() {}

    @Recover(breaker = @CircuitBreaker(probes = 0))
    static void probes() {}

    @Recover(fallback = "cached")
    static Quote quote(String id) {
        return new Quote(id);
    }

    @Recover(fallback = "wrongResult")
    static Quote wrongFallbackResult(String id) {
        return new Quote(id);
    }

    static String wrongResult(String id) {
        return id;
    }

    @Recover(fallback = "wrongParameters")
    static Quote wrongFallbackParameters(String id) {
        return new Quote(id);
    }

    static Quote wrongParameters(int id) {
        return new Quote("" + id);
    }

    @Recover(fallback = "instance")
    static Quote staticWithInstanceFallback(String id) {
        return new Quote(id);
    }

    Quote instance(String id) {
        return new Quote(id);
    }

    /** Has no constructor without arguments. */
    static final class Needy implements RecoveryHandler {
        Needy(String need) {
            need.length();
        }

        @Override
        public Object recover(Failure failure) {
            return null;
        }
    }

    /** Cannot be made. */
    abstract static class Unmade implements RecoveryHandler {}

    @Recover(handler = Needy.class)
    static void needyHandler() {}

    @Recover(handler = Unmade.class)
    static void abstractHandler() {}

    @Recover(
            attempts = -3,
            delay = "never",
            jitter = 2,
            fallback = "nowhere",
            breaker = @CircuitBreaker(window = -1, probes = -2))
    static void many() {}

    @Recover(attempts = 2, delay = "0s")
    static String sound() {
        return "sound";
    }

    @Recover(attempts = -7)
    static String neverCalled() {
        return "never";
    }
}
