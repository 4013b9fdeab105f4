package dev.holdfast.benchmarks.sessions;

/** Who keeps the session. */
public enum Kind {
    FLOOR("Jedis alone: one value of the same size, read, and written") {
        @Override
        Visitor open(String host, int port) {
            return new FloorVisitor(host, port);
        }
    },
    FLOOR_BY_SCRIPT("the same by scripts of one command each") {
        @Override
        Visitor open(String host, int port) {
            return new ScriptVisitor(host, port);
        }
    },
    HOLDFAST_STRICT("Holdfast, `STRICT`") {
        @Override
        Visitor open(String host, int port) {
            return new HoldfastVisitor(true);
        }
    },
    HOLDFAST_NEAR("Holdfast, `NEAR`") {
        @Override
        Visitor open(String host, int port) {
            return new HoldfastVisitor(false);
        }
    },
    SPRING_SESSION("Spring Session 3.5, `RedisSessionRepository` over Lettuce") {
        @Override
        Visitor open(String host, int port) {
            return new SpringVisitor(host, port);
        }
    };

    private final String title;

    Kind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    abstract Visitor open(String host, int port);
}
