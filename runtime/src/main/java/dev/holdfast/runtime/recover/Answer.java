package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.http.HttpArguments;
import dev.holdfast.runtime.http.Response;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * {@code respond}: answers a client, over the exchange or response that the method was handed, where nothing else took the failure. The
 * log is told of the failure, the client its status and no more. The call then returns: nothing where it returns nothing, else what Java puts
 * into a field that nobody has set.
 *
 * <p>What is not recovered from is not answered either: errors of the JVM, and whatever ends a call that somebody wants to stop.
 *
 * <p>Thread-safe.
 */
final class Answer implements Policy {

    private final HttpArguments http;
    private final GuardedMethod method;
    private final Time time;
    private final Rejections rejections = new Rejections();

    Answer(HttpArguments http, GuardedMethod method, Time time) {
        this.http = http;
        this.method = method;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Throwable failure = call.proceed();
        if (failure == null || call.isEnded() || !answers(call.everything(), failure)) {
            return failure;
        }
        call.recovered(failure, Invocation.BY_ANSWER);
        call.result(nothing(method.method().getReturnType()));
        return null;
    }

    /** Inside of a stage, nothing is null. */
    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        StagedCall call = rest.call();
        rest.proceed((result, failure) -> {
            boolean answered = failure != null && !call.isEnded() && answers(call.everything(), failure);
            if (failure != null && answered) {
                call.recovered(failure, Invocation.BY_ANSWER);
            }
            then.ended(result, answered ? null : failure);
        });
    }

    /**
     * Gives the client its answer.
     *
     * @param everything the receiver and the arguments of the call
     * @return false if it has none, and the failure is the caller's
     */
    private boolean answers(@Nullable Object[] everything, Throwable failure) {
        if (!Handled.mayBeTaken(failure)) {
            return false;
        }
        // An interruptible channel is closed by a thread that carries the flag, and then nothing is answered.
        boolean interrupted = Thread.interrupted();
        try {
            Response response = http.response(everything);
            return response != null && answers(response, failure);
        } catch (VirtualMachineError severe) {
            throw severe;
        } catch (Throwable unanswerable) {
            Log.warn(method.loader(), method.place() + ": its failure could not be answered over HTTP", unanswerable);
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean answers(Response response, Throwable failure) throws Throwable {
        Verdict verdict = Verdict.of(failure);
        if (response.hasBegun()) {
            tell(verdict, failure, "after its response had begun, which ends with that");
            return response.breakOff();
        }
        tell(verdict, failure, "answers " + verdict.status());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        if (verdict.retryAfterSeconds() > 0) {
            headers.put("Retry-After", String.valueOf(verdict.retryAfterSeconds()));
        }
        String body = "{\"error\":\"" + verdict.status().reason() + "\"}";
        try {
            response.send(verdict.status().code(), headers, body.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException gone) {
            Log.debug(method.loader(), method.place() + ": the client did not wait for its answer", gone);
        }
        return true;
    }

    private void tell(Verdict verdict, Throwable failure, String then) {
        if (!verdict.isRejection()) {
            Log.error(method.loader(), method.place() + ": failed, " + then, failure);
            return;
        }
        Rejections.Telling telling = rejections.tell(failure, time.nanoTime());
        if (telling != null) {
            Log.warn(
                    method.loader(),
                    method.place() + ": rejected, " + then
                            + (telling.leftOut() == 0 ? "" : ", as were " + telling.leftOut() + " before it")
                            + (telling.whole() ? "" : ": " + Log.text(failure)),
                    telling.whole() ? failure : null);
        }
    }

    private static @Nullable Object nothing(Class<?> type) {
        if (type.isPrimitive() && type != void.class) {
            return Array.get(Array.newInstance(type, 1), 0);
        }
        return type == Future.class ? CompletableFuture.completedFuture(null) : null;
    }

    @Override
    public boolean guardsEntry() {
        return false;
    }
}
