package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.log.Log;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stages that a method returns, where no other policy has anything to do with them: the caller gets the very object that the body returned, and
 * what is told of is how it completes. Where there is none (null), nothing has failed. A stage that was cancelled has not failed either.
 *
 * <p>Thread-safe.
 */
final class Stages {

    private final GuardedMethod method;
    private final boolean isReturned;

    Stages(GuardedMethod method) {
        this.method = method;
        this.isReturned = method.returnsStage();
    }

    /** Whether the method returns any. */
    boolean isReturned() {
        return isReturned;
    }

    /** Hears of the failure with which the result of a call that went well may complete later, or has. */
    void watch(Call call, Consumer<Throwable> hears) {
        if (!isReturned || !(call.result() instanceof CompletionStage<?> stage)) {
            return;
        }
        try {
            var unused = stage.whenComplete((result, failure) -> {
                Throwable own = failure == null ? null : StagedCall.unwrapped(failure);
                if (own != null && !(own instanceof CancellationException)) {
                    hears.accept(own);
                }
            });
        } catch (RuntimeException broken) { // a stage of the application's own making
            Log.debug(method.loader(), method.place() + ": its stage cannot be watched: " + broken, broken);
        }
    }

    /**
     * Puts what the body has thrown into a stage, as if it had failed there, if the method's own type lets it.
     *
     * @return null if it is in there
     */
    @Nullable
    Throwable hold(Call call, @Nullable Throwable failure) {
        if (failure == null || !method.isStaged()) {
            return failure;
        }
        call.result(CompletableFuture.failedFuture(failure));
        return null;
    }
}
