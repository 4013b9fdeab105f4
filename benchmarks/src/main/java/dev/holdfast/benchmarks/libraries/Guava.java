package dev.holdfast.benchmarks.libraries;

import com.github.benmanes.caffeine.cache.Cache;
import com.google.common.util.concurrent.RateLimiter;

/** Its smooth limiter, which lets the next one pay. */
public final class Guava implements Guards {

    @Override
    @SuppressWarnings("UnstableApiUsage") // that is how it is used
    public Guard limiting(Upstream upstream, int permits) {
        RateLimiter limiter = RateLimiter.create(permits);
        return id -> ask(upstream, id, limiter);
    }

    @Override
    @SuppressWarnings("UnstableApiUsage")
    public Guard limitingEach(Upstream upstream, int permits) {
        Cache<String, RateLimiter> limiters = ForEach.cache();
        return id -> ask(upstream, id, limiters.get(id, any -> RateLimiter.create(permits)));
    }

    @SuppressWarnings("UnstableApiUsage")
    private static Quote ask(Upstream upstream, String id, RateLimiter limiter) {
        if (!limiter.tryAcquire()) {
            throw new IllegalStateException("too many calls");
        }
        return upstream.ask(id);
    }
}
