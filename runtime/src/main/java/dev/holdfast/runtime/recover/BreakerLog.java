package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.log.Log;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Logs what a breaker does: that it opens as a warning, for somebody should look after what it protects from. Thread-safe. Refers
 * weakly to the application's loader, as a breaker may be shared.
 */
final class BreakerLog implements Breaker.Listener {

    private final String whose;
    private final @Nullable WeakReference<ClassLoader> loader;

    BreakerLog(String whose, @Nullable ClassLoader loader) {
        this.whose = whose;
        this.loader = loader == null ? null : new WeakReference<>(loader);
    }

    @Override
    public void moved(BreakerState from, BreakerState to, String why) {
        ClassLoader alive = loader == null ? null : loader.get();
        // No switch: the compiler makes a class for it, which would be loaded by whichever call comes first, at the end
        // of its stack perhaps.
        if (to == BreakerState.OPEN) {
            Log.warn(alive, whose + ": the circuit breaker opens, " + why, null);
        } else if (to == BreakerState.HALF_OPEN) {
            Log.info(alive, whose + ": the circuit breaker is half-open, " + why, null);
        } else {
            Log.info(alive, whose + ": the circuit breaker closes, " + why, null);
        }
    }
}
