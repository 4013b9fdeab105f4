package dev.holdfast.benchmarks.libraries;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.RateLimited;
import dev.holdfast.Recover;
import java.util.Arrays;

/** Annotations, woven by the agent; refuses to be measured without it. */
public final class Holdfast implements Guards {

    /** So many a second are never too many. */
    public static final int MANY = 1_000_000_000;

    /** So many a second are too few, soon. */
    public static final int FEW = 3;

    @Override
    public Guard retrying(Upstream upstream) {
        return woven(new Retrying(upstream));
    }

    @Override
    public Guard recovering(Upstream upstream) {
        return woven(new Recovering(upstream));
    }

    @Override
    public Guard breaking(Upstream upstream) {
        return woven(new Breaking(upstream));
    }

    @Override
    public Guard limiting(Upstream upstream, int permits) {
        return woven(permits == MANY ? new Limited(upstream) : new LimitedToFew(upstream));
    }

    @Override
    public Guard limitingEach(Upstream upstream, int permits) {
        return woven(permits == MANY ? new EachLimited(upstream) : new EachLimitedToFew(upstream));
    }

    /** Without the agent these would be bare calls, and the best of all figures. */
    private static Guard woven(Guard guard) {
        if (Arrays.stream(guard.getClass().getDeclaredMethods())
                .noneMatch(method -> method.getName().equals("quote$holdfast"))) {
            throw new IllegalStateException(
                    guard.getClass().getName() + " is not woven: start with -javaagent:holdfast-agent.jar");
        }
        return guard;
    }

    static final class Retrying implements Guard {

        private final Upstream upstream;

        Retrying(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        @Recover(attempts = 3, delay = "0s", fallback = "cached")
        public Quote quote(String id) {
            return upstream.ask(id);
        }

        Quote cached(String id) {
            return upstream.cached();
        }
    }

    static final class Recovering implements Guard {

        private final Upstream upstream;

        Recovering(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        @Recover(fallback = "cached")
        public Quote quote(String id) {
            return upstream.ask(id);
        }

        Quote cached(String id) {
            return upstream.cached();
        }
    }

    static final class Breaking implements Guard {

        private final Upstream upstream;

        Breaking(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        @Recover(breaker = @CircuitBreaker(failureRate = 50, window = 100))
        public Quote quote(String id) {
            return upstream.ask(id);
        }
    }

    static final class Limited implements Guard {

        private final Upstream upstream;

        Limited(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        @RateLimited(permits = MANY)
        public Quote quote(String id) {
            return upstream.ask(id);
        }
    }

    static final class LimitedToFew implements Guard {

        private final Upstream upstream;

        LimitedToFew(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        @RateLimited(permits = FEW)
        public Quote quote(String id) {
            return upstream.ask(id);
        }
    }

    static final class EachLimited implements Guard {

        private final Upstream upstream;

        EachLimited(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        @RateLimited(permits = MANY, key = "{id}")
        public Quote quote(String id) {
            return upstream.ask(id);
        }
    }

    static final class EachLimitedToFew implements Guard {

        private final Upstream upstream;

        EachLimitedToFew(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        @RateLimited(permits = FEW, key = "{id}")
        public Quote quote(String id) {
            return upstream.ask(id);
        }
    }
}
