package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.libraries.Quote;
import dev.holdfast.benchmarks.libraries.QuoteUnavailable;
import dev.holdfast.benchmarks.libraries.Upstream;

/** Fails so many times, then works; counts how often it was asked. Not thread-safe. */
final class ScriptedUpstream extends Upstream {

    static final Quote CACHED = new Quote("cached", 0);

    /** One for all its life, as in the benchmarks. */
    final QuoteUnavailable unavailable = new QuoteUnavailable();

    private final long failures;
    private int asked;

    private ScriptedUpstream(long failures) {
        this.failures = failures;
    }

    static ScriptedUpstream failing(int times) {
        return new ScriptedUpstream(times);
    }

    static ScriptedUpstream failingForEver() {
        return new ScriptedUpstream(Long.MAX_VALUE);
    }

    int asked() {
        return asked;
    }

    @Override
    public Quote ask(String id) {
        asked++;
        if (asked <= failures) {
            throw unavailable;
        }
        return new Quote(id, asked);
    }

    @Override
    public Quote cached() {
        return CACHED;
    }
}
