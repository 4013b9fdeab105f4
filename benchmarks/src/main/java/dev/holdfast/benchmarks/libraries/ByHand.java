package dev.holdfast.benchmarks.libraries;

import org.jspecify.annotations.Nullable;

/** What one would write with no library at all. */
public final class ByHand implements Guards {

    @Override
    public Guard retrying(Upstream upstream) {
        return new Retrying(upstream);
    }

    @Override
    public Guard recovering(Upstream upstream) {
        return new Recovering(upstream);
    }

    private static final class Retrying implements Guard {

        private final Upstream upstream;

        Retrying(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        public Quote quote(String id) {
            @Nullable RuntimeException last = null;
            for (int attempt = 1; attempt <= 3; attempt++) {
                try {
                    return upstream.ask(id);
                } catch (RuntimeException failure) {
                    if (last != null && last != failure) {
                        failure.addSuppressed(last);
                    }
                    last = failure;
                }
            }
            return upstream.cached();
        }
    }

    private static final class Recovering implements Guard {

        private final Upstream upstream;

        Recovering(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        public Quote quote(String id) {
            try {
                return upstream.ask(id);
            } catch (RuntimeException failure) {
                return upstream.cached();
            }
        }
    }
}
