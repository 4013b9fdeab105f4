package isolated;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CallTimeoutException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.ConcurrencyLimitException;
import dev.holdfast.Failure;
import dev.holdfast.InvalidPolicyException;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** An application that carries its own annotations; uses every policy, and catches what they throw by its own types. */
public final class App implements Callable<String> {

    private int calls;

    @Recover(on = IOException.class, attempts = 3, delay = "1ms")
    private String retried() throws IOException {
        if (++calls < 3) {
            throw new IOException("planned");
        }
        return "x";
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"), fallback = "instead")
    String broken() throws IOException {
        throw new IOException("planned");
    }

    private String instead(BreakerOpenException open) {
        return open.retryAfter().isPresent() ? "open" : "for how long?";
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    String thrown() throws IOException {
        throw new IOException("planned");
    }

    @Recover(timeout = "10ms")
    String slow() throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }

    @Recover(maxConcurrent = 1)
    String one(CountDownLatch inside, CountDownLatch leave) throws InterruptedException {
        inside.countDown();
        leave.await();
        return "x";
    }

    @Recover(lastGood = "1h")
    String good(boolean fail) throws IOException {
        if (calls++ > 0) {
            throw new IOException("planned");
        }
        return "good";
    }

    @Recover(handler = Handler.class)
    String handled() throws IOException {
        throw new IOException("planned");
    }

    @Recover(attempts = 0)
    void invalid() {}

    public static final class Handler implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) {
            return failure.method().getDeclaringClass() == App.class && failure.cause() instanceof IOException
                    ? "handled"
                    : null;
        }
    }

    @Override
    public String call() throws Exception {
        if (!retried().equals("x") || calls != 3) {
            return "not retried";
        }
        for (int i = 0; i < 2; i++) {
            try {
                broken();
                return "the fallback takes something else";
            } catch (IOException expected) {
                // Closed: the fallback does not take this.
            }
            try {
                thrown();
            } catch (IOException expected) {
                // Closed.
            }
        }
        if (!broken().equals("open")) {
            return "the fallback did not get the rejection";
        }
        try {
            thrown();
            return "the breaker is closed";
        } catch (BreakerOpenException open) {
            if (open.getClass() != BreakerOpenException.class) {
                return "somebody else's exception";
            }
        }
        try {
            slow();
            return "not timed out";
        } catch (CallTimeoutException timeout) {
            if (!(timeout.getCause() instanceof InterruptedException)) {
                return "no cause";
            }
        }
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            try {
                one(inside, leave);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        holder.start();
        inside.await();
        try {
            one(inside, leave);
            return "two at once";
        } catch (ConcurrencyLimitException limit) {
            leave.countDown();
        }
        holder.join();
        calls = 0;
        if (!good(true).equals("good") || !good(true).equals("good")) {
            return "no last good result";
        }
        if (!"handled".equals(handled())) {
            return "not handled";
        }
        try {
            invalid();
            return "not invalid";
        } catch (InvalidPolicyException invalid) {
            return null;
        }
    }
}
