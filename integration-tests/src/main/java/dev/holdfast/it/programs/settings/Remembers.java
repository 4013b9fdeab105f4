package dev.holdfast.it.programs.settings;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.ConcurrencyLimitException;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has a breaker open, a permit taken and a good result remembered when the file changes, given as its argument, and looks whether they are
 * so still by the new configuration.
 */
public final class Remembers {

    private static final IOException PLANNED = new IOException("planned");

    private static Upstream changing = new Upstream("good");

    private Remembers() {}

    /** Tells by its attempts whether the change is in force. */
    @Recover(attempts = 2, delay = "0s")
    static Object told(Upstream upstream) {
        return upstream.call();
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    static Object breaks(Upstream upstream) {
        return upstream.call();
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h", name = "remembered"))
    static Object shares(Upstream upstream) {
        return upstream.call();
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h", name = "remembered"))
    static Object sharesToo(Upstream upstream) {
        return upstream.call();
    }

    @Recover(maxConcurrent = 1)
    static void waits(CountDownLatch entered, CountDownLatch goOn) throws InterruptedException {
        entered.countDown();
        goOn.await();
    }

    @Recover(lastGood = "1h")
    static Object remembers() {
        return changing.call();
    }

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < 2; i++) {
            Expect.thrown(PLANNED, () -> breaks(new Upstream(PLANNED)));
            Expect.thrown(PLANNED, () -> shares(new Upstream(PLANNED)));
        }
        Expect.equal("good", remembers());
        changing = new Upstream(PLANNED);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread inside = new Thread(() -> Expect.outcome(() -> waits(entered, goOn)));
        inside.start();
        entered.await();

        Files.writeString(Path.of(arguments[0]), """
                holdfast.CLASS/told/Recover/attempts=3
                holdfast.CLASS/remembers/Recover/lastGood=30m
                holdfast.Recover/breaker/openFor=30m
                holdfast.Recover/maxConcurrent=2
                """.replace("CLASS", Remembers.class.getName()));
        awaitChange();

        BreakerOpenException open = Expect.thrown(BreakerOpenException.class, () -> breaks(new Upstream("x")));
        Duration left = open.retryAfter().orElseThrow();
        Expect.that(left.toMinutes() < 30, "the breaker is open by the new configuration, was " + left);
        Expect.thrown(BreakerOpenException.class, () -> shares(new Upstream("x")));
        Expect.thrown(BreakerOpenException.class, () -> sharesToo(new Upstream("x")));

        Expect.equal("good", remembers());

        CountDownLatch second = new CountDownLatch(1);
        Thread another = new Thread(() -> Expect.outcome(() -> waits(second, goOn)));
        another.start();
        second.await();
        Expect.thrown(ConcurrencyLimitException.class, () -> waits(new CountDownLatch(1), new CountDownLatch(0)));
        goOn.countDown();
        inside.join();
        another.join();
        waits(new CountDownLatch(1), new CountDownLatch(0));
        System.out.println("all is remembered");
    }

    private static void awaitChange() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (attempts() == 2) {
            Expect.that(System.nanoTime() < end, "a change is in force within 5 s");
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static int attempts() {
        Upstream upstream = new Upstream(PLANNED);
        Expect.outcome(() -> told(upstream));
        return upstream.calls();
    }
}
