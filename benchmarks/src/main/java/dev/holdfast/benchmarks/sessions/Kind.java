package dev.holdfast.benchmarks.sessions;

/** Who keeps the sessions. */
public enum Kind {
    FLOOR("Jedis alone: one value of the same size, read, and written") {
        @Override
        Keeper open(String host, int port, int clients) {
            return new FloorKeeper(host, port, clients);
        }
    },
    FLOOR_BY_SCRIPT("the same by scripts of one command each") {
        @Override
        Keeper open(String host, int port, int clients) {
            return new ScriptKeeper(host, port, clients);
        }
    },
    HOLDFAST_STRICT("Holdfast, `STRICT`") {
        @Override
        Keeper open(String host, int port, int clients) {
            return new HoldfastKeeper(true);
        }
    },
    HOLDFAST_NEAR("Holdfast, `NEAR`") {
        @Override
        Keeper open(String host, int port, int clients) {
            return new HoldfastKeeper(false);
        }
    },
    SPRING_SESSION("Spring Session 3.5, `RedisSessionRepository` over Lettuce") {
        @Override
        Keeper open(String host, int port, int clients) {
            return SpringKeeper.overLettuce(host, port);
        }
    },
    SPRING_OVER_JEDIS("the same over a pool of Jedis") {
        @Override
        Keeper open(String host, int port, int clients) {
            return SpringKeeper.overJedis(host, port, clients);
        }
    };

    private final String title;

    Kind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    boolean isWoven() {
        return this == HOLDFAST_STRICT || this == HOLDFAST_NEAR;
    }

    /** @param clients how many there are going to be */
    abstract Keeper open(String host, int port, int clients);
}
