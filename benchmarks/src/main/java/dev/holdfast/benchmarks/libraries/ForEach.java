package dev.holdfast.benchmarks.libraries;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/** Where limits that know no keys are kept for each of them: bounded, and for as long as they are used. */
final class ForEach {

    private ForEach() {}

    static <L> Cache<String, L> cache() {
        return Caffeine.newBuilder()
                .maximumSize(65_536)
                .expireAfterAccess(Duration.ofSeconds(10))
                .build();
    }
}
