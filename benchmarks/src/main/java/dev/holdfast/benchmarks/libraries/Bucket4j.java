package dev.holdfast.benchmarks.libraries;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.bucket4j.Bucket;
import java.time.Duration;

/** Its bucket in memory, without locks and to the nanosecond; for each id behind Caffeine. */
public final class Bucket4j implements Guards {

    private static Bucket bucket(int permits) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(permits).refillGreedy(permits, Duration.ofSeconds(1)))
                .withNanosecondPrecision()
                .build();
    }

    @Override
    public Guard limiting(Upstream upstream, int permits) {
        Bucket bucket = bucket(permits);
        return id -> ask(upstream, id, bucket);
    }

    @Override
    public Guard limitingEach(Upstream upstream, int permits) {
        Cache<String, Bucket> buckets = ForEach.cache();
        return id -> ask(upstream, id, buckets.get(id, any -> bucket(permits)));
    }

    private static Quote ask(Upstream upstream, String id, Bucket bucket) {
        if (!bucket.tryConsume(1)) {
            throw new IllegalStateException("too many calls");
        }
        return upstream.ask(id);
    }
}
