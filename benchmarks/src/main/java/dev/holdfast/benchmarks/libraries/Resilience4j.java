package dev.holdfast.benchmarks.libraries;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.CheckedFunctionUtils;
import io.github.resilience4j.core.functions.CheckedFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.SemaphoreBasedRateLimiter;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.function.Function;

/** Functions decorated once, which is its fastest way. */
public final class Resilience4j implements Guards {

    private final SlidingWindowSynchronizationStrategy window;

    private final boolean byTimer;

    private Resilience4j(SlidingWindowSynchronizationStrategy window, boolean byTimer) {
        this.window = window;
        this.byTimer = byTimer;
    }

    /** As it comes. */
    public static Guards asItComes() {
        return new Resilience4j(CircuitBreakerConfig.ofDefaults().getSlidingWindowSynchronizationStrategy(), false);
    }

    /** With the window of the breaker that takes no lock. */
    public static Guards withoutLock() {
        return new Resilience4j(SlidingWindowSynchronizationStrategy.LOCK_FREE, false);
    }

    /** With the rate limiter that is a semaphore, which a thread fills up each second. */
    public static Guards byTimer() {
        return new Resilience4j(CircuitBreakerConfig.ofDefaults().getSlidingWindowSynchronizationStrategy(), true);
    }

    @Override
    public Guard retrying(Upstream upstream) {
        RetryConfig config = RetryConfig.<Quote>custom()
                .maxAttempts(3)
                .waitDuration(Duration.ZERO)
                .build();
        Function<String, Quote> decorated = Retry.decorateFunction(Retry.of("quote", config), upstream::ask);
        return id -> {
            try {
                return decorated.apply(id);
            } catch (RuntimeException failure) {
                return upstream.cached();
            }
        };
    }

    @Override
    public Guard recovering(Upstream upstream) {
        CheckedFunction<String, Quote> asking = upstream::ask;
        Function<String, Quote> decorated = CheckedFunctionUtils.recover(asking, failure -> upstream.cached())
                .unchecked();
        return decorated::apply;
    }

    @Override
    public Guard breaking(Upstream upstream) {
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .failureRateThreshold(50)
                .slidingWindow(100, 20, SlidingWindowType.COUNT_BASED, window)
                .build();
        Function<String, Quote> decorated =
                CircuitBreaker.decorateFunction(CircuitBreaker.of("quote", config), upstream::ask);
        return decorated::apply;
    }

    @Override
    public Guard limiting(Upstream upstream, int permits) {
        Function<String, Quote> decorated = RateLimiter.decorateFunction(limiter(permits), upstream::ask);
        return decorated::apply;
    }

    private RateLimiter limiter(int permits) {
        RateLimiterConfig config = RateLimiterConfig.custom()
                .limitForPeriod(permits)
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(Duration.ZERO)
                .build();
        return byTimer ? new SemaphoreBasedRateLimiter("quote", config) : RateLimiter.of("quote", config);
    }

    /** Its registry never lets go of a limiter, so they are kept in a cache. */
    @Override
    public Guard limitingEach(Upstream upstream, int permits) {
        Cache<String, RateLimiter> limiters = ForEach.cache();
        return id -> {
            RateLimiter.waitForPermission(limiters.get(id, any -> limiter(permits)));
            return upstream.ask(id);
        };
    }
}
