package dev.holdfast.it.programs.ratelimit;

import dev.holdfast.RateLimited;
import dev.holdfast.RateLimitedException;
import dev.holdfast.Scope;
import dev.holdfast.Unavailable;
import dev.holdfast.it.programs.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Limits as many keys over a cluster as its argument says, in a small heap, and looks whether those who had used up theirs before are limited still. */
public final class ClusterKeys {

    private static final int THREADS = 8;
    private static final int HOT = 100;

    private ClusterKeys() {}

    @RateLimited(permits = 2, per = "1d", key = "{client}", scope = Scope.CLUSTER, whenUnavailable = Unavailable.DENY)
    static void serve(String client) {}

    public static void main(String[] arguments) throws Exception {
        int keys = Integer.parseInt(arguments[0]);
        for (int i = 0; i < HOT; i++) {
            serve("hot " + i);
            serve("hot " + i);
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                for (int key = next.getAndIncrement(); key < keys; key = next.getAndIncrement()) {
                    serve("198.51.100.17:" + key);
                }
            });
            thread.setUncaughtExceptionHandler((of, failure) -> failed.set(failure));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Expect.same(null, failed.get());
        for (int i = 0; i < HOT; i++) {
            String client = "hot " + i;
            Expect.thrown(RateLimitedException.class, () -> serve(client));
        }
        System.out.println("limited");
    }
}
