package shop;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CallTimeoutException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Failure;
import dev.holdfast.InvalidPolicyException;
import dev.holdfast.NotificationChannel;
import dev.holdfast.NotifyOnFailure;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A web application that has all kinds of policies at work, its own logging, and a channel of its own; then it is undeployed. */
public final class Shop extends HttpServlet {

    /** Results, arguments and failures are the application's own types: nothing may keep them. */
    private record Product(String id) {}

    private record Price(int cents) {}

    private static final class OutOfStock extends RuntimeException {}

    private int calls;

    @Recover(on = OutOfStock.class, attempts = 3, delay = "2ms", within = "1m")
    private String retried() {
        if (++calls < 3) {
            throw new OutOfStock();
        }
        return "x";
    }

    @Recover(attempts = 3, delay = "2ms")
    private CompletableFuture<Price> later(AtomicInteger tries) {
        return CompletableFuture.supplyAsync(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new OutOfStock();
            }
            return new Price(7);
        });
    }

    @Recover(timeout = "10ms")
    private CompletableFuture<Price> never() {
        return new CompletableFuture<>();
    }

    @Recover(timeout = "10ms")
    private String slow() throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h", name = "stock"), except = IllegalStateException.class)
    private String stock(boolean fail) {
        if (fail) {
            throw new OutOfStock();
        }
        return "x";
    }

    @Recover(maxConcurrent = 3, lastGood = "1h")
    private Price remembered(Product product) {
        if (calls++ > 0) {
            throw new OutOfStock();
        }
        return new Price(8);
    }

    @Recover(fallback = "listed")
    private Price fallen(Product product) {
        throw new OutOfStock();
    }

    private Price listed(Product product, OutOfStock failure) {
        return new Price(9);
    }

    @Recover(handler = Handler.class)
    private Price handled() {
        throw new OutOfStock();
    }

    static final class Handler implements RecoveryHandler {
        @Override
        public Object recover(Failure failure) {
            return new Price(10);
        }
    }

    @NotifyOnFailure(channels = {"log", "file", "own"}, arguments = true, message = "no {product.id}")
    private void told(Product product) {
        throw new OutOfStock();
    }

    /** Found as a service of this application. */
    public static final class Own implements NotificationChannel {

        static final CountDownLatch ARRIVED = new CountDownLatch(1);

        @Override
        public String scheme() {
            return "shop";
        }

        @Override
        public void send(String uri, String event) {
            ARRIVED.countDown();
        }
    }

    @Recover(attempts = -1)
    private void invalid() {}

    @Override
    @Recover
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getPathInfo() != null && request.getPathInfo().equals("/failing")) {
            throw new OutOfStock();
        }
        response.setContentType("text/plain");
        response.getWriter().print(problem());
    }

    private String problem() {
        try {
            return check();
        } catch (Exception unexpected) {
            return unexpected.toString();
        }
    }

    private String check() throws Exception {
        if (!retried().equals("x")) {
            return "not retried";
        }
        if (later(new AtomicInteger()).get().cents() != 7) {
            return "not retried later";
        }
        try {
            never().get();
            return "not timed out later";
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof CallTimeoutException)) {
                return "another failure: " + failed.getCause();
            }
        }
        try {
            slow();
            return "not timed out";
        } catch (CallTimeoutException expected) {
            // As it shall be.
        }
        String open = open();
        if (open != null) {
            return open;
        }
        Product product = new Product("a");
        calls = 0;
        if (remembered(product).cents() != 8 || remembered(product).cents() != 8) {
            return "no last good result";
        }
        if (fallen(product).cents() != 9 || handled().cents() != 10) {
            return "not recovered";
        }
        try {
            told(product);
            return "not failed";
        } catch (OutOfStock expected) {
            if (Boolean.getBoolean("shop.first") && !Own.ARRIVED.await(10, TimeUnit.SECONDS)) {
                return "not told";
            }
        }
        try {
            invalid();
            return "not invalid";
        } catch (InvalidPolicyException expected) {
            return "ok";
        }
    }

    /** The breaker lives as long as somebody shares it, so it may be open from the deployment before. */
    private String open() {
        for (int i = 0; i < 2; i++) {
            try {
                stock(true);
            } catch (OutOfStock | BreakerOpenException expected) {
                // Closed, or open already.
            }
        }
        try {
            stock(false);
            return "closed";
        } catch (BreakerOpenException expected) {
            return null;
        }
    }
}
