package dev.holdfast.benchmarks.libraries;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Fallback;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import java.time.Duration;

/** Failsafe: executors made once, called with a lambda that holds the argument. */
public final class FailsafeExecutors implements Guards {

    @Override
    public Guard retrying(Upstream upstream) {
        RetryPolicy<Quote> retry =
                RetryPolicy.<Quote>builder().withMaxAttempts(3).build();
        FailsafeExecutor<Quote> executor = Failsafe.with(fallback(upstream), retry);
        return id -> executor.get(() -> upstream.ask(id));
    }

    @Override
    public Guard recovering(Upstream upstream) {
        FailsafeExecutor<Quote> executor = Failsafe.with(fallback(upstream));
        return id -> executor.get(() -> upstream.ask(id));
    }

    @Override
    public Guard breaking(Upstream upstream) {
        FailsafeExecutor<Quote> executor = Failsafe.with(breaker());
        return id -> executor.get(() -> upstream.ask(id));
    }

    private static Fallback<Quote> fallback(Upstream upstream) {
        CheckedSupplier<Quote> cached = upstream::cached;
        return Fallback.of(cached);
    }

    static CircuitBreaker<Quote> breaker() {
        return CircuitBreaker.<Quote>builder()
                .withFailureThreshold(50, 100)
                .withDelay(Duration.ofSeconds(10))
                .build();
    }
}
