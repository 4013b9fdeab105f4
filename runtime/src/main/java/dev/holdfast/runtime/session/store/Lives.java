package dev.holdfast.runtime.session.store;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The lives that the methods of this JVM give to one kind of sessions: to those of one cookie, or of ids by one template. Each method goes by its own; but a use by one
 * counts for all, also for those that are called later. Thread-safe.
 */
public final class Lives {

    private final AtomicReference<@Nullable Span> span = new AtomicReference<>();

    /** Of a method that there is. */
    public Lifetime lifetime(long idleMillis, long maxAgeMillis) {
        Lifetime lifetime = new Lifetime(idleMillis, maxAgeMillis, this);
        Span own = Span.of(lifetime);
        span.accumulateAndGet(own, (before, more) -> before == null || more == null ? more : before.with(more));
        return lifetime;
    }

    /** Of all methods that are known. */
    Span span(Lifetime own) {
        Span known = span.get();
        return known == null ? Span.of(own) : known;
    }
}
