package dev.holdfast.benchmarks.limits;

/** Who asks for permits. */
enum Load {
    ONE_THREAD("one hot key, one thread", 1, 1, 1, 100_000),
    MANY_THREADS("one hot key, two JVMs of 16 threads", 2, 16, 1, 100_000),
    COLD_KEYS("10,000 keys by turns, 32 threads", 1, 32, 10_000, 10);

    private final String title;
    final int nodes;

    /** Of each node. */
    final int threads;

    final int keys;

    /** In a second, and at once, for each key. */
    final int permits;

    Load(String title, int nodes, int threads, int keys, int permits) {
        this.title = title;
        this.nodes = nodes;
        this.threads = threads;
        this.keys = keys;
        this.permits = permits;
    }

    String title() {
        return title;
    }
}
