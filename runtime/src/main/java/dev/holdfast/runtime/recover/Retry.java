package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.DurationText;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tries again, after a wait. Ends with a result, or with the last failure, on which those before it are suppressed.
 *
 * <p>Thread-safe. No lock is held while it waits, and no monitor of a synchronized method: that is taken and released by each
 * attempt.
 */
final class Retry implements Policy {

    private final Handled handled;
    private final int attempts;
    private final Waits waits;
    private final GuardedMethod method;
    private final Time time;

    Retry(Handled handled, int attempts, Waits waits, GuardedMethod method, Time time) {
        this.handled = handled;
        this.attempts = attempts;
        this.waits = waits;
        this.method = method;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Throwable failure = call.proceed();
        return failure == null || !handled.recovers(failure) ? failure : again(call, failure);
    }

    private @Nullable Throwable again(Call call, Throwable first) {
        Throwable last = first;
        List<Throwable> earlier = new ArrayList<>();
        for (int failed = 1; failed < attempts && handled.recovers(last); failed++) {
            long wait = waits.nanos(failed, ThreadLocalRandom.current().nextDouble());
            if (!Budget.allows(wait, time)) {
                tell(failed, last, "no time is left to wait " + DurationText.text(wait));
                break;
            }
            tell(failed, last, "waits " + DurationText.text(wait));
            try {
                time.sleep(wait);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                call.end();
                break;
            }
            if (earlier.size() < Suppressed.MOST) {
                earlier.add(last);
            }
            Throwable next = call.proceed();
            if (next == null) {
                return null;
            }
            last = next;
        }
        for (Throwable one : earlier) {
            Suppressed.add(last, one);
        }
        return last;
    }

    private void tell(int failed, Throwable failure, String then) {
        if (Log.tells(Level.DEBUG)) {
            Log.debug(
                    method.loader(),
                    method.place() + ": attempt " + failed + " of " + attempts + " failed with " + failure + ", "
                            + then,
                    null);
        }
    }

    @Override
    public boolean guardsEntry() {
        return false;
    }
}
