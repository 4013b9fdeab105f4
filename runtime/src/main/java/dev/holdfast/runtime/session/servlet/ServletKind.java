package dev.holdfast.runtime.session.servlet;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.http.FailureAnswer;
import dev.holdfast.runtime.session.HttpKind;
import dev.holdfast.runtime.session.HttpSide;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A method that is handed a servlet request, and perhaps its response, by one of the two names of that API. Immutable. */
public final class ServletKind implements HttpKind {

    private static final List<String> PACKAGES = List.of("jakarta.servlet.", "javax.servlet.");

    private final String place;
    private final @Nullable ClassLoader loader;
    private final String cookie;
    private final Class<?>[] types;
    private final Class<?> api;
    private final List<Integer> requests;
    private final List<Integer> responses;
    private final LongSupplier limit;
    private final FailureAnswer answer;

    private ServletKind(
            GuardedMethod method,
            String cookie,
            Class<?> api,
            List<Integer> requests,
            List<Integer> responses,
            LongSupplier limit,
            Time time) {
        this.place = method.place();
        this.loader = method.loader();
        this.cookie = cookie;
        this.types = method.method().getParameterTypes();
        this.api = api;
        this.requests = requests;
        this.responses = responses;
        this.limit = limit;
        this.answer = new FailureAnswer(method, time);
    }

    /**
     * Looks at a method's parameters. Initialises nothing.
     *
     * @param cookie by whose name sessions go
     * @param limit how many bytes of a response are held
     * @return null if there is no request among them
     */
    public static @Nullable ServletKind of(GuardedMethod method, String cookie, LongSupplier limit, Time time) {
        Class<?>[] types = method.method().getParameterTypes();
        for (String name : PACKAGES) {
            List<Integer> requests = new ArrayList<>();
            List<Integer> responses = new ArrayList<>();
            Class<?> api = null;
            for (int i = 0; i < types.length; i++) {
                Class<?> request = GuardedMethod.above(types[i], name + "ServletRequest");
                if (request != null) {
                    api = request;
                    requests.add(i);
                }
                if (GuardedMethod.above(types[i], name + "ServletResponse") != null) {
                    responses.add(i);
                }
            }
            if (api != null) {
                return new ServletKind(method, cookie, api, requests, responses, limit, time);
            }
        }
        return null;
    }

    @Override
    public @Nullable HttpSide begin(@Nullable Object[] everything) {
        Wrappers wrappers = Wrappers.of(api);
        Object request = first(requests, everything, wrappers.httpRequest());
        if (request == null) {
            return null;
        }
        return new ServletSide(
                this, wrappers, request, first(responses, everything, wrappers.httpResponse()), everything);
    }

    /** The first that is of HTTP, for a servlet may be asked for something else. */
    private static @Nullable Object first(List<Integer> parameters, @Nullable Object[] everything, Class<?> http) {
        for (int parameter : parameters) {
            Object given = everything[parameter + 1];
            if (http.isInstance(given)) {
                return given;
            }
        }
        return null;
    }

    /**
     * Puts something in the place of an argument, wherever that was passed as a type that both are of.
     *
     * @param everything receiver and arguments, which are changed
     */
    void replace(@Nullable Object[] everything, Object given, Object by) {
        for (int i = 0; i < types.length; i++) {
            if (everything[i + 1] == given && types[i].isInstance(by)) {
                everything[i + 1] = by;
            }
        }
    }

    /**
     * What was done after the method has returned could not be saved.
     *
     * @param response null where it is too late for the client
     */
    void failedLate(Wrappers wrappers, @Nullable Object response, Throwable failure) {
        answer.giveLate(wrappers.anyResponse(), response, failure);
    }

    /** As messages name the method. */
    String place() {
        return place;
    }

    /** The loader of the application; null for the JVM's own. */
    @Nullable
    ClassLoader loader() {
        return loader;
    }

    /** The name by which sessions go. */
    String cookie() {
        return cookie;
    }

    /** How many bytes of a response are held. */
    int limit() {
        return (int) limit.getAsLong();
    }
}
