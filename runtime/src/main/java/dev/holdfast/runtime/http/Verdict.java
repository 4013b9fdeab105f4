package dev.holdfast.runtime.http;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of a failure. Ours are known by their names, as each application may carry a copy of them of its own; the most
 * specific name counts, so an application's own kind of rejection is one, too.
 *
 * @param retryAfterSeconds 0 where nothing is told
 */
public record Verdict(Status status, long retryAfterSeconds) {

    private static final Map<String, Status> STATUSES = Map.of(
            "dev.holdfast.RateLimitedException", Status.TOO_MANY_REQUESTS,
            "dev.holdfast.CallRejectedException", Status.SERVICE_UNAVAILABLE,
            "dev.holdfast.SessionUnavailableException", Status.SERVICE_UNAVAILABLE,
            "dev.holdfast.CallTimeoutException", Status.GATEWAY_TIMEOUT);

    /** These carry what was thrown elsewhere, and say nothing of their own. */
    private static final Set<String> WRAPPERS = Set.of(
            "java.util.concurrent.CompletionException",
            "java.util.concurrent.ExecutionException",
            "java.lang.reflect.InvocationTargetException",
            "java.lang.reflect.UndeclaredThrowableException",
            "jakarta.servlet.ServletException",
            "javax.servlet.ServletException");

    /** Nobody wraps so often; a cause that leads back to itself ends here. */
    private static final int MOST_WRAPPERS = 20;

    private static final String REJECTION = "dev.holdfast.CallRejectedException";

    private static final ClassValue<Kind> KINDS = new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> type) {
            return kind(type);
        }
    };

    /**
     * What is known of all failures of one class.
     *
     * @param retryAfter null where they have none to tell
     */
    private record Kind(
            Status status, boolean isWrapper, @Nullable Method retryAfter) {}

    /** Of any failure; what is none of ours is an error of the server. */
    static Verdict of(Throwable failure) {
        Throwable told = unwrapped(failure);
        Kind kind = KINDS.get(told.getClass());
        Method retryAfter = kind.retryAfter;
        return new Verdict(kind.status, retryAfter == null ? 0 : seconds(told, retryAfter));
    }

    /** Whether the call was turned away, for a limit or for something that is away: the method is not broken, and it happens to many calls at once. */
    boolean isRejection() {
        return status == Status.TOO_MANY_REQUESTS || status == Status.SERVICE_UNAVAILABLE;
    }

    /** Whether a failure is of one of our types, or carries one that is. */
    static boolean isOf(Throwable failure, String type) {
        for (Class<?> one = unwrapped(failure).getClass(); one != null; one = one.getSuperclass()) {
            if (one.getName().equals(type)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable one = failure;
        for (int i = 0; i < MOST_WRAPPERS && KINDS.get(one.getClass()).isWrapper; i++) {
            Throwable cause = cause(one);
            if (cause == null) {
                return one;
            }
            one = cause;
        }
        return one;
    }

    /** By a method that applications may override; one that throws has none. */
    private static @Nullable Throwable cause(Throwable failure) {
        try {
            return failure.getCause();
        } catch (RuntimeException unknown) {
            return null;
        }
    }

    /** Rounded up, so that nobody comes too early; at least 1, also where nobody knows. */
    private static long seconds(Throwable rejection, Method retryAfter) {
        try {
            Object told = retryAfter.invoke(rejection);
            return told instanceof Optional<?> optional && optional.orElse(null) instanceof Duration wait
                    ? Math.max(1, roundedUp(wait))
                    : 1;
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return 1;
        }
    }

    private static long roundedUp(Duration wait) {
        long seconds = wait.getSeconds();
        return wait.getNano() == 0 || seconds == Long.MAX_VALUE ? seconds : seconds + 1;
    }

    private static Kind kind(Class<?> type) {
        Status status = null;
        Method retryAfter = null;
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            if (status == null) {
                status = STATUSES.get(one.getName());
            }
            if (one.getName().equals(REJECTION)) {
                retryAfter = retryAfter(one);
            }
        }
        return new Kind(status == null ? Status.INTERNAL_SERVER_ERROR : status, isWrapper(type), retryAfter);
    }

    private static boolean isWrapper(Class<?> type) {
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            if (WRAPPERS.contains(one.getName())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Method retryAfter(Class<?> rejection) {
        try {
            return rejection.getMethod("retryAfter");
        } catch (NoSuchMethodException another) {
            return null;
        }
    }
}
