package dev.holdfast.benchmarks.libraries;

import com.jcabi.aspects.RetryOnFailure;

/** jcabi-aspects, woven by AspectJ when this module is built. It has no fallback: that is a catch by hand around it. */
public final class Jcabi implements Guards {

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
            try {
                return asked(id);
            } catch (RuntimeException failure) {
                return upstream.cached();
            }
        }

        @RetryOnFailure(attempts = 3, delay = 0, verbose = false)
        Quote asked(String id) {
            return upstream.ask(id);
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
                return asked(id);
            } catch (RuntimeException failure) {
                return upstream.cached();
            }
        }

        @RetryOnFailure(attempts = 1, delay = 0, verbose = false)
        Quote asked(String id) {
            return upstream.ask(id);
        }
    }
}
