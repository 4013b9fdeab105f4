package dev.holdfast.agent.attach;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The runtime, started when it is first needed: when there is a class to weave, or something to log. Where nothing is configured its start can tell
 * nobody anything, and most programs that the agent is attached to for the sake of uniformity have nothing to weave. With a configuration
 * it is started at once, as that may be wrong.
 *
 * <p>What is in force is what was set when the agent attached. Thread-safe; a start that failed is not tried again, and then nothing is woven.
 */
final class LateRuntime implements RuntimeEntry, Supplier<Class<?>> {

    private final Instrumentation instrumentation;
    private final Map<String, String> systemProperties;
    private final Map<String, String> environment;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Started started;
    private volatile boolean failed;

    private record Started(Class<?> bridge, RuntimeEntry runtime) {}

    /**
     * Starts nothing yet.
     *
     * @param systemProperties as they are now; what is set later does not count
     */
    LateRuntime(
            Instrumentation instrumentation, Map<String, String> systemProperties, Map<String, String> environment) {
        this.instrumentation = instrumentation;
        this.systemProperties = systemProperties;
        this.environment = environment;
    }

    /**
     * Starts it, unless that has happened.
     *
     * @throws IllegalArgumentException if the configuration is invalid; the message is for the user as it stands
     */
    Started start() throws IOException, ReflectiveOperationException {
        Started before = started;
        if (before != null) {
            return before;
        }
        // No loader of the application's is asked for anything in here, so nobody who holds its lock can be waiting for
        // this one.
        lock.lock();
        try {
            before = started;
            if (before != null) {
                return before;
            }
            Class<?> bridge = Bridge.install(instrumentation);
            ReflectedEntry entry = new ReflectedEntry();
            entry.start(systemProperties, environment);
            Started now = new Started(bridge, entry);
            started = now;
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** Null if that is not possible, which is told once. */
    private @Nullable RuntimeEntry runtime() {
        Started before = started;
        if (before != null || failed) {
            return before == null ? null : before.runtime;
        }
        try {
            return start().runtime;
        } catch (IOException | ReflectiveOperationException | RuntimeException | Error thrown) {
            failed = true;
            System.err.println("holdfast WARN cannot start, the program runs unprotected: " + thrown);
            return null;
        }
    }

    /** The bridge. */
    @Override
    public Class<?> get() {
        Started now = runtime() == null ? null : started;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now.bridge;
    }

    @Override
    public boolean enabled() {
        RuntimeEntry runtime = runtime();
        return runtime != null && runtime.enabled();
    }

    @Override
    public String redis() {
        RuntimeEntry runtime = runtime();
        return runtime == null ? "" : runtime.redis();
    }

    @Override
    public Predicate<String> weaves() {
        RuntimeEntry runtime = runtime();
        return runtime == null ? new Nothing() : runtime.weaves();
    }

    @Override
    public void check(Class<?> type, String method, String descriptor, String definition) {
        RuntimeEntry runtime = runtime();
        if (runtime != null) {
            runtime.check(type, method, descriptor, definition);
        }
    }

    @Override
    public void log(String level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        RuntimeEntry runtime = runtime();
        if (runtime != null) {
            runtime.log(level, loader, message, cause);
        }
    }

    private static final class Nothing implements Predicate<String> {

        @Override
        public boolean test(String className) {
            return false;
        }
    }
}
