package dev.holdfast.benchmarks.libraries;

/** The body alone: what everything else is compared with. */
public final class Bare implements Guards {

    @Override
    public Guard retrying(Upstream upstream) {
        return new Calling(upstream);
    }

    @Override
    public Guard breaking(Upstream upstream) {
        return new Calling(upstream);
    }

    @Override
    public Guard limiting(Upstream upstream, int permits) {
        return new Calling(upstream);
    }

    @Override
    public Guard limitingEach(Upstream upstream, int permits) {
        return new Calling(upstream);
    }

    private static final class Calling implements Guard {

        private final Upstream upstream;

        Calling(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        public Quote quote(String id) {
            return upstream.ask(id);
        }
    }
}
