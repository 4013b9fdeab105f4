package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * What a call gives in place of a failure: the last good result, else what the fallback gives, else what the handler gives; the first
 * that applies. What a fallback or a handler throws is what the caller gets, with the failure suppressed on it.
 *
 * <p>Thread-safe.
 */
final class Recovery implements Policy {

    private static final String BY_LAST_GOOD = "lastGood";
    private static final String BY_FALLBACK = "fallback";
    private static final String BY_HANDLER = "handler";

    private final Handled handled;
    private final @Nullable LastGood lastGood;
    private final @Nullable Fallback fallback;
    private final @Nullable Handler handler;
    private final GuardedMethod method;
    private final Time time;

    Recovery(
            Handled handled,
            @Nullable LastGood lastGood,
            @Nullable Fallback fallback,
            @Nullable Handler handler,
            GuardedMethod method,
            Time time) {
        this.handled = handled;
        this.lastGood = lastGood;
        this.fallback = fallback;
        this.handler = handler;
        this.method = method;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        if (lastGood != null) {
            return rememberOrRecover(call, lastGood);
        }
        long begunNanos = handler == null ? 0 : time.nanoTime();
        Throwable failure = call.proceed();
        return failure == null || !recovers(call, failure) ? failure : recover(call, failure, begunNanos);
    }

    private @Nullable Throwable rememberOrRecover(Call call, LastGood lastGood) {
        LastGood.Key key = lastGood.key(call.receiver(), call.arguments());
        long begunNanos = time.nanoTime();
        Throwable failure = call.proceed();
        if (failure == null) {
            lastGood.put(key, call.result());
            return null;
        }
        if (!recovers(call, failure)) {
            return failure;
        }
        LastGood.Kept kept = lastGood.find(key);
        if (kept == null) {
            return recover(call, failure, begunNanos);
        }
        tell(call, failure, BY_LAST_GOOD);
        call.result(kept.result());
        return null;
    }

    private boolean recovers(Call call, Throwable failure) {
        return !call.isEnded() && handled.recovers(failure);
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        LastGood.Key key = lastGood == null ? null : lastGood.key(call.receiver(), call.arguments());
        long begunNanos = handler == null ? 0 : time.nanoTime();
        rest.proceed((result, failure) -> {
            if (failure == null) {
                if (lastGood != null) {
                    lastGood.put(key, result);
                }
                then.ended(result, null);
            } else if (call.isEnded() || !handled.recovers(failure)) {
                then.ended(null, failure);
            } else {
                recover(call, key, failure, begunNanos, then);
            }
        });
    }

    private void recover(
            StagedCall call, LastGood.@Nullable Key key, Throwable failure, long begunNanos, StagedCall.Ending then) {
        LastGood.Kept kept = lastGood == null ? null : lastGood.find(key);
        Fallback.Variant standIn = fallback == null ? null : fallback.find(failure);
        if (kept != null) {
            tell(call, failure, BY_LAST_GOOD);
            then.ended(kept.result(), null);
        } else if (standIn != null) {
            tell(call, failure, BY_FALLBACK);
            call.adopt(() -> standIn.recover(call.everything(), failure), suppressing(failure, then));
        } else if (handler != null) {
            tell(call, failure, BY_HANDLER);
            call.adopt(
                    () -> handler.recoverStaged(call, failure, time.nanoTime() - begunNanos),
                    suppressing(failure, then));
        } else {
            then.ended(null, failure);
        }
    }

    private static StagedCall.Ending suppressing(Throwable failure, StagedCall.Ending then) {
        return (result, own) -> then.ended(result, own == null ? null : Suppressed.add(own, failure));
    }

    private @Nullable Throwable recover(Call call, Throwable failure, long begunNanos) {
        Fallback.Variant standIn = fallback == null ? null : fallback.find(failure);
        try {
            if (standIn != null) {
                tell(call, failure, BY_FALLBACK);
                call.result(standIn.recover(call.everything(), failure));
                return null;
            }
            if (handler != null) {
                tell(call, failure, BY_HANDLER);
                call.result(handler.recover(call, failure, time.nanoTime() - begunNanos));
                return null;
            }
            return failure;
        } catch (Throwable thrown) {
            return Suppressed.add(thrown, failure);
        }
    }

    private void tell(Invocation call, Throwable failure, String by) {
        call.recovered(failure, by);
        if (Log.tells(Level.DEBUG)) {
            Log.debug(
                    method.loader(),
                    method.place() + ": failed with " + Log.text(failure) + " (attempts: " + call.attempts()
                            + "), recovered by " + by,
                    null);
        }
    }

    @Override
    public boolean guardsEntry() {
        return lastGood != null || handler != null;
    }
}
