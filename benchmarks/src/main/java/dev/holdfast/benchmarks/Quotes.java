package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.libraries.Quote;
import dev.holdfast.benchmarks.libraries.QuoteUnavailable;
import dev.holdfast.benchmarks.libraries.Upstream;
import org.jspecify.annotations.Nullable;

/** The body that is measured: hashes the id and looks the quote up, a nanosecond's work. The one that fails does the same work first. */
final class Quotes extends Upstream {

    private static final int COUNT = Ids.COUNT;

    private final @Nullable Quote[] quotes = new @Nullable Quote[COUNT];
    private final Quote cached = new Quote("cached", -1);
    private final QuoteUnavailable unavailable = new QuoteUnavailable();

    private Quotes() {}

    static Quotes working() {
        Quotes working = new Quotes();
        for (int slot = 0; slot < COUNT; slot++) {
            working.quotes[slot] = new Quote("in slot " + slot, slot);
        }
        return working;
    }

    static Quotes failing() {
        return new Quotes();
    }

    /** Fails for that id. */
    static Quotes failingFor(String id) {
        Quotes partly = working();
        partly.quotes[slot(id)] = null;
        return partly;
    }

    private static int slot(String id) {
        return (id.hashCode() * 0x9E3779B9) & (COUNT - 1);
    }

    @Override
    public Quote ask(String id) {
        Quote quote = quotes[slot(id)];
        if (quote == null) {
            throw unavailable;
        }
        return quote;
    }

    @Override
    public Quote cached() {
        return cached;
    }
}
