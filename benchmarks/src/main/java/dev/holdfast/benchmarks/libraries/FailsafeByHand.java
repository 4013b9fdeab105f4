package dev.holdfast.benchmarks.libraries;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;

/** Failsafe's breaker alone, asked and told by hand: the least that a breaker of this library can cost. */
public final class FailsafeByHand implements Guards {

    @Override
    public Guard breaking(Upstream upstream) {
        CircuitBreaker<Quote> breaker = FailsafeExecutors.breaker();
        return id -> {
            if (!breaker.tryAcquirePermit()) {
                throw new CircuitBreakerOpenException(breaker);
            }
            Quote quote;
            try {
                quote = upstream.ask(id);
            } catch (RuntimeException failure) {
                breaker.recordException(failure);
                throw failure;
            }
            breaker.recordSuccess();
            return quote;
        };
    }
}
