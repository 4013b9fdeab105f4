package dev.holdfast.runtime;

import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A class as the weaver leaves it, with a method that does what a test says. Not thread-safe beyond the running of attempts. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
public final class Quotes {

    /** Sees all of it, as a woven class sees itself. */
    public static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Deque<Attempt> script = new ArrayDeque<>();
    private int attempts;

    /** What one attempt does. */
    public interface Attempt {

        /** Gives the result. */
        @Nullable
        String run() throws Throwable;
    }

    /** The next attempt that nothing was said of does that. */
    public Quotes then(Attempt attempt) {
        script.add(attempt);
        return this;
    }

    /** The next attempt gives that. */
    public Quotes gives(@Nullable String result) {
        return then(() -> result);
    }

    /** The next attempts throw these. */
    public Quotes fails(Throwable... failures) {
        for (Throwable failure : failures) {
            then(() -> {
                throw failure;
            });
        }
        return this;
    }

    /** How often the body ran. */
    public int attempts() {
        return attempts;
    }

    @Nullable
    String quote(@Nullable String id) {
        throw new AssertionError("the wrapper is not called here");
    }

    private @Nullable String quote$holdfast(@Nullable String id) throws Throwable {
        attempts++;
        if (script.isEmpty()) {
            throw new AssertionError("attempt " + attempts + " was not expected");
        }
        return script.remove().run();
    }

    /** Calls the method of this object. */
    public @Nullable Object call(Woven quote) throws Throwable {
        return quote.call(this, "ACME");
    }

    /** What a call throws. */
    public Throwable failure(Woven quote) {
        Object result;
        try {
            result = call(quote);
        } catch (Throwable thrown) {
            return thrown;
        }
        throw new AssertionError("expected a failure, was " + result);
    }

    private String cached(String id, ReflectiveOperationException failure) {
        return "cached " + id;
    }

    private String broken(String id, Exception failure) throws Exception {
        throw new BrokenFallback();
    }

    /** What the fallback {@code broken} throws; a checked exception. */
    public static final class BrokenFallback extends Exception {

        private static final long serialVersionUID = 1L;
    }
}
