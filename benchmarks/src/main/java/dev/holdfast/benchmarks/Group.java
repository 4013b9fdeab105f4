package dev.holdfast.benchmarks;

import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** One table of the report: a benchmark, how many threads run it, and what Holdfast is held to. */
enum Group {
    SUCCESS("Success, three attempts and a fallback declared", Success.class, 1, Target.SUCCESS),
    BREAKER("Success behind a closed breaker", ClosedBreaker.class, 1, Target.BREAKER),
    BREAKER_SHARED("Success behind a closed breaker that two threads share", ClosedBreaker.class, 2, Target.NONE),
    BUSY_BREAKER("Behind a closed breaker, one call of 64 fails", BusyBreaker.class, 1, Target.NONE),
    RECOVERY("Failure, answered by the fallback", Recovery.class, 1, Target.RECOVERY),
    RETRY(
            "Failure of three attempts without a wait, answered by the fallback",
            RetryThenRecovery.class,
            1,
            Target.NONE),
    LIMIT("Success under a rate limit", RateLimit.class, 1, Target.LIMIT),
    LIMIT_SHARED("Success under a rate limit that two threads share", RateLimit.class, 2, Target.LIMIT_SHARED),
    LIMIT_KEYED("Success under a rate limit for each id", KeyedRateLimit.class, 1, Target.NONE);

    /** What Holdfast's figures may be at most. */
    enum Target {
        SUCCESS(2, true, true),
        BREAKER(10, false, true),
        RECOVERY(20, false, false),
        LIMIT(10, true, true),
        LIMIT_SHARED(20, true, true),
        NONE(Double.POSITIVE_INFINITY, false, false);

        private final double nanos;
        private final boolean overBare;
        private final boolean heapless;

        Target(double nanos, boolean overBare, boolean heapless) {
            this.nanos = nanos;
            this.overBare = overBare;
            this.heapless = heapless;
        }

        /** Of a call; infinite for no target. */
        double nanos() {
            return nanos;
        }

        /** Whether the bare call's time is taken off first. */
        boolean overBare() {
            return overBare;
        }

        /** Whether a call may not allocate. */
        boolean heapless() {
            return heapless;
        }
    }

    private final String title;
    private final Class<?> benchmark;
    private final int threads;
    private final Target target;

    Group(String title, Class<?> benchmark, int threads, Target target) {
        this.title = title;
        this.benchmark = benchmark;
        this.threads = threads;
        this.target = target;
    }

    /**
     * By its name, in whatever case.
     *
     * @throws IllegalArgumentException with a message for people
     */
    static Group of(String name) {
        for (Group group : values()) {
            if (group.name().equalsIgnoreCase(name)) {
                return group;
            }
        }
        throw new IllegalArgumentException(
                "there is no group \"" + name + "\"; expected: " + Arrays.toString(values()));
    }

    String title() {
        return title;
    }

    Class<?> benchmark() {
        return benchmark;
    }

    int threads() {
        return threads;
    }

    Target target() {
        return target;
    }

    /** Those that the benchmark names, in its order. */
    List<Library> libraries() {
        try {
            Param names = benchmark.getField("library").getAnnotation(Param.class);
            return Arrays.stream(names.value()).map(Library::valueOf).toList();
        } catch (NoSuchFieldException missing) {
            throw new IllegalStateException(benchmark + " must have a public field named library", missing);
        }
    }
}
