package dev.holdfast.samples.recover;

import dev.holdfast.Backoff;
import dev.holdfast.CallRejectedException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Ways to use {@link Recover}. Thread-safe where the remote is. */
public final class Examples {

    private final Remote remote;

    /** Over something that may fail. */
    public Examples(Remote remote) {
        this.remote = remote;
    }

    /** Up to four attempts, with waits of about 20, 40 and 80 ms; what is not found is not sought again. */
    @Recover(
            on = IOException.class,
            except = FileNotFoundException.class,
            attempts = 4,
            delay = "20ms",
            maxDelay = "1s",
            within = "5s")
    public String retried(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    /** Waits of 20, 20, 40, 60, 100 … ms, exactly. */
    @Recover(attempts = 4, delay = "20ms", backoff = Backoff.FIBONACCI, jitter = 0)
    public String evenly(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    /** An answer within about 200 ms, if the remote heeds interrupts. */
    @Recover(timeout = "200ms", fallback = "later")
    public String quick(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    String later(String id) {
        return "ask for " + id + " later";
    }

    /** Falls back in two ways, by what went wrong. */
    @Recover(maxConcurrent = 8, breaker = @CircuitBreaker(failureRate = 25, windowTime = "30s"), fallback = "instead")
    public String chosen(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    String instead(String id, CallRejectedException notEvenTried) {
        return id + " was not even asked for";
    }

    String instead(String id, Exception failed) {
        return id + " was not to be had";
    }

    /** What it said last, for a minute. */
    @Recover(lastGood = "1m")
    public String remembered(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    /** One class answers for many methods. */
    @Recover(attempts = 2, delay = "20ms", handler = Apology.class)
    public String apologised(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    /** Two methods that talk to one remote share what they know of it. */
    @Recover(breaker = @CircuitBreaker(name = "warehouse", slowerThan = "1s", slowRate = 50))
    public String stock(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    /** The other one. */
    @Recover(breaker = @CircuitBreaker(name = "warehouse", slowerThan = "1s", slowRate = 50))
    public String shelf(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }

    /** Lasts until the stage completes; nobody waits meanwhile, nor between the attempts. */
    @Recover(attempts = 3, delay = "20ms", timeout = "1s", fallback = "atOnce")
    public CompletableFuture<String> staged(String id) {
        return remote.begin(id);
    }

    CompletableFuture<String> atOnce(String id) {
        return CompletableFuture.completedFuture("no " + id + " today");
    }

    /** With an annotation of one's own. */
    @Patient
    public String patient(String id) throws IOException, InterruptedException {
        return remote.get(id);
    }
}
