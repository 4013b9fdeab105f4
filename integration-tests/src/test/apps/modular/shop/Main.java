package shop;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CallTimeoutException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Failure;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;
import java.io.IOException;

/** A program on the module path that exports and opens nothing. */
public final class Main {

    private int calls;

    @Recover(attempts = 3, delay = "1ms", on = IOException.class)
    private String retried() throws IOException {
        if (++calls < 3) {
            throw new IOException("planned");
        }
        return "ok retried";
    }

    @Recover(fallback = "cached")
    private String recovered(String id) throws IOException {
        throw new IOException("planned");
    }

    private String cached(String id, IOException failure) {
        return "ok recovered";
    }

    @Recover(handler = Handler.class)
    String handled() throws IOException {
        throw new IOException("planned");
    }

    private static final class Handler implements RecoveryHandler {
        private Handler() {}

        @Override
        public Object recover(Failure failure) {
            return "ok " + failure.method().getName();
        }
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    static void broken() throws IOException {
        throw new IOException("planned");
    }

    @Recover(timeout = "10ms")
    static void slow() throws InterruptedException {
        Thread.sleep(60_000);
    }

    private record Quote(String id) {
        @Recover(lastGood = "1h")
        String last(boolean[] fail) {
            if (fail[0]) {
                throw new IllegalStateException("planned");
            }
            return "ok " + id;
        }
    }

    public static void main(String[] arguments) throws Exception {
        if (!Main.class.getModule().isNamed() || !Recover.class.getModule().isNamed()) {
            throw new AssertionError("not on the module path");
        }
        Main main = new Main();
        System.out.println(main.retried());
        System.out.println(main.recovered("a"));
        System.out.println(main.handled());
        for (int i = 0; i < 2; i++) {
            try {
                broken();
            } catch (IOException expected) {
                // Closed.
            }
        }
        try {
            broken();
        } catch (BreakerOpenException open) {
            System.out.println("ok broken");
        }
        try {
            slow();
        } catch (CallTimeoutException timeout) {
            System.out.println("ok slow");
        }
        Quote quote = new Quote("last");
        boolean[] fail = {false};
        quote.last(fail);
        System.out.println(quote.last(fail));
    }
}
