package swap;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;

/** What a developer changes while it runs. */
final class Quotes {

    int attempts;

    /** The new version tries four times. */
    @Recover(attempts = 2, delay = "0s")
    String quote() {
        attempts++;
        throw new IllegalStateException("old");
    }

    /** The new version has no policy. */
    @Recover(attempts = 3, delay = "0s")
    String plain() {
        attempts++;
        throw new IllegalStateException("old");
    }

    @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    static String broken() {
        throw new IllegalStateException("old");
    }

    /** The new version has a policy. */
    String bare() {
        attempts++;
        throw new IllegalStateException("old");
    }
}
