package dev.holdfast.it.programs.kinds;

import dev.holdfast.it.programs.Expect;
import java.util.ArrayList;
import java.util.List;

/**
 * What the next executions on this thread do, and what they saw. A body begins with {@link #begin}, then changes its parameters,
 * and goes by {@link #end} before it returns.
 */
public final class Plan {

    private static final ThreadLocal<Plan> CURRENT = ThreadLocal.withInitial(() -> new Plan(0));

    private final int failing;
    private final Throwable[] failures;
    private final List<Object[]> seen = new ArrayList<>();
    private final List<Object[]> seenByFallback = new ArrayList<>();
    private int ended;

    private Plan(int failing, Throwable... failures) {
        this.failing = failing;
        this.failures = failures;
    }

    /** From now on the first {@code failing} executions fail, with these failures in turn. */
    static Plan set(int failing, Throwable... failures) {
        Plan plan = new Plan(failing, failures);
        CURRENT.set(plan);
        return plan;
    }

    /** A body begins, with these arguments. */
    public static void begin(Object... arguments) {
        CURRENT.get().seen.add(arguments);
    }

    /** A body is about to return. */
    public static void end() {
        Plan plan = CURRENT.get();
        if (plan.ended < plan.failing) {
            Throwable failure = plan.failures[plan.ended % plan.failures.length];
            plan.ended++;
            throw Expect.sneak(failure);
        }
        plan.ended++;
    }

    /** A fallback was called, with these arguments. */
    public static void instead(Object... arguments) {
        CURRENT.get().seenByFallback.add(arguments);
    }

    /** How often the body ran. */
    int executions() {
        return seen.size();
    }

    /** How often the fallback ran. */
    int fallbacks() {
        return seenByFallback.size();
    }

    /** Everybody saw the same arguments as the first execution. */
    void checkArguments() {
        List<Object[]> all = new ArrayList<>(seen);
        all.addAll(seenByFallback);
        for (Object[] arguments : all) {
            Expect.equal(all.get(0), arguments);
        }
    }
}
