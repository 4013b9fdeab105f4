package load;

import dev.holdfast.CallTimeoutException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.RateLimited;
import dev.holdfast.Recover;
import dev.holdfast.Session;
import dev.holdfast.SharedSession;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Thousands of virtual threads in calls that wait: none may keep the thread that carries it. */
public final class Load {

    private static final int CALLS = 2_000;

    @Recover(attempts = 3, delay = "5ms")
    static String retried() {
        if (ThreadLocalRandom.current().nextInt(3) > 0) {
            throw new IllegalStateException("planned");
        }
        return "x";
    }

    @Recover(on = CallTimeoutException.class, timeout = "5ms", fallback = "instead")
    static String slow() throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }

    static String instead() {
        return "instead";
    }

    @Recover(breaker = @CircuitBreaker(window = 50, openFor = "10ms"), maxConcurrent = 100, attempts = 2, delay = "2ms", lastGood = "1m", fallback = "instead")
    static String gated() throws InterruptedException {
        Thread.sleep(1);
        if (ThreadLocalRandom.current().nextInt(2) > 0) {
            throw new IllegalStateException("planned");
        }
        return "x";
    }

    @RateLimited(permits = 2_000, per = "1s", maxWait = "20s")
    static String limited() {
        return "x";
    }

    @SharedSession(id = "{id}")
    static String session(String id) throws InterruptedException {
        Integer count = Session.current().get("count", Integer.class);
        Thread.sleep(1);
        Session.current().set("count", count == null ? 1 : count + 1);
        return "x";
    }

    private static void all(int i) {
        try {
            retried();
        } catch (IllegalStateException planned) {
            // Three times out of ten.
        }
        try {
            slow();
            gated();
            limited();
            session("s" + i % 100);
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Case
    void no_virtual_thread_is_pinned_under_load() throws Exception {
        for (int i = 0; i < 50; i++) {
            all(i % 25); // to link the first call, and the first that finds a session, the JVM itself pins the thread
        }
        AtomicInteger done = new AtomicInteger();
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(1)).withStackTrace();
            recording.start();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CALLS; i++) {
                    int number = i;
                    threads.submit(() -> {
                        all(number);
                        done.incrementAndGet();
                    });
                }
            }
            recording.stop();
            java.nio.file.Path file = java.nio.file.Files.createTempFile("pinned", ".jfr");
            recording.dump(file);
            String pinned = RecordingFile.readAllEvents(file).stream()
                    .map(RecordedEvent::toString)
                    .collect(Collectors.joining("\n"));
            java.nio.file.Files.delete(file);
            Expect.equal("", pinned);
        }
        Expect.equal(CALLS, done.get());
    }
}
