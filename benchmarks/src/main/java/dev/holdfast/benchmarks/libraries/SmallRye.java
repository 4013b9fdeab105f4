package dev.holdfast.benchmarks.libraries;

import io.smallrye.faulttolerance.api.TypedGuard;
import java.time.temporal.ChronoUnit;

/** SmallRye Fault Tolerance without a container: guards made once, called with a lambda that holds the argument. */
public final class SmallRye implements Guards {

    @Override
    public Guard retrying(Upstream upstream) {
        TypedGuard<Quote> guard = TypedGuard.create(Quote.class)
                .withRetry()
                .maxRetries(2)
                .delay(0, ChronoUnit.MILLIS)
                .jitter(0, ChronoUnit.MILLIS)
                .done()
                .withFallback()
                .handler(() -> upstream.cached())
                .done()
                .build();
        return id -> guard.get(() -> upstream.ask(id));
    }

    @Override
    public Guard recovering(Upstream upstream) {
        TypedGuard<Quote> guard = TypedGuard.create(Quote.class)
                .withFallback()
                .handler(() -> upstream.cached())
                .done()
                .build();
        return id -> guard.get(() -> upstream.ask(id));
    }

    @Override
    public Guard breaking(Upstream upstream) {
        TypedGuard<Quote> guard = TypedGuard.create(Quote.class)
                .withCircuitBreaker()
                .requestVolumeThreshold(100)
                .failureRatio(0.5)
                .delay(10, ChronoUnit.SECONDS)
                .done()
                .build();
        return id -> guard.get(() -> upstream.ask(id));
    }
}
