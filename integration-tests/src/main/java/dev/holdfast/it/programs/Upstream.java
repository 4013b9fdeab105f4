package dev.holdfast.it.programs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a body calls: plays a list of outcomes, throwables and results, and the last one again and again. Thread-safe, guarded by
 * itself.
 */
public final class Upstream {

    private final Object[] outcomes;
    private final List<Long> times = Collections.synchronizedList(new ArrayList<>());

    public Upstream(Object... outcomes) {
        this.outcomes = outcomes;
    }

    /** The next outcome. */
    @SuppressWarnings("unchecked")
    public <T> T call() {
        Object outcome;
        synchronized (this) {
            times.add(System.nanoTime());
            outcome = outcomes[Math.min(times.size(), outcomes.length) - 1];
        }
        if (outcome instanceof Throwable) {
            throw Expect.sneak((Throwable) outcome);
        }
        return (T) outcome;
    }

    /** How often it was called. */
    public int calls() {
        return times.size();
    }

    /** The nanoseconds between one call and the next. */
    public List<Long> gaps() {
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(times.get(i) - times.get(i - 1));
        }
        return gaps;
    }
}
