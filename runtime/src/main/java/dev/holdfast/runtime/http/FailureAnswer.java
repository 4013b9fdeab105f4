package dev.holdfast.runtime.http;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said of failures of one method: to the log what they are, to the client the status and no more. Thread-safe. */
public final class FailureAnswer {

    private final GuardedMethod method;
    private final Time time;
    private final Rejections rejections = new Rejections();

    public FailureAnswer(GuardedMethod method, Time time) {
        this.method = method;
        this.time = time;
    }

    /**
     * Gives it.
     *
     * @return false if the response has begun, and nobody can end it but the server, by an exception that reaches it
     */
    boolean give(Response response, Throwable failure) throws Throwable {
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

    /**
     * Gives it by a servlet response, for something that has failed when the method had returned already.
     *
     * @param type the application's own {@code ServletResponse}
     * @param given null where it is too late for the client
     */
    public void giveLate(Class<?> type, @Nullable Object given, Throwable failure) {
        try {
            ServletApi api = ServletApi.of(type);
            if (given != null && api.isHttp(given)) {
                give(new ServletResponse(api, given, null), failure);
            } else {
                tell(Verdict.of(failure), failure, "too late for its client to hear of it");
            }
        } catch (VirtualMachineError severe) {
            throw severe;
        } catch (Throwable unanswerable) {
            Log.warn(method.loader(), method.place() + ": its failure could not be answered over HTTP", unanswerable);
        }
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
}
