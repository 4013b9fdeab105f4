package dev.holdfast.it.programs.citizen;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A program whose main does something under each policy and returns; says which of the agent's threads there are by then. */
public final class Quiet {

    private Quiet() {}

    @Recover(attempts = 3, delay = "1ms", timeout = "1m", fallback = "instead")
    static String recovered(Upstream upstream) {
        return upstream.call();
    }

    static String instead(Upstream upstream) {
        return "instead";
    }

    @Recover(attempts = 3, delay = "1ms")
    static CompletableFuture<String> later(Upstream upstream) {
        return CompletableFuture.completedFuture(upstream.call());
    }

    @Recover(breaker = @CircuitBreaker, maxConcurrent = 3, lastGood = "1h")
    static String gated(Upstream upstream) {
        return upstream.call();
    }

    public static void main(String[] arguments) throws Exception {
        Expect.equal("instead", recovered(new Upstream(new IOException("planned"))));
        Expect.equal(
                "x",
                later(new Upstream(new IllegalStateException("planned"), "x")).get());
        Expect.equal("x", gated(new Upstream("x")));
        Map<String, Boolean> threads = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("holdfast")) {
                threads.put(thread.getName(), thread.isDaemon());
            } else if (thread.getContextClassLoader() != null
                    && "holdfast".equals(thread.getContextClassLoader().getName())) {
                threads.put("unnamed " + thread.getName(), thread.isDaemon());
            }
        }
        System.out.println(threads);
        System.out.println("returns at " + System.currentTimeMillis());
    }
}
