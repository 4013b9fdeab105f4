package dev.holdfast.runtime.http;

import dev.holdfast.runtime.log.Log;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a method's parameters are of HTTP, by the types that they are declared with. Immutable. */
public final class HttpArguments {

    private static final String EXCHANGE = "com.sun.net.httpserver.HttpExchange";

    /** Of each, the API is looked at through its most general type, which the others extend. */
    private static final List<String> SERVLET_PACKAGES = List.of("jakarta.servlet.", "javax.servlet.");

    /**
     * One of the parameters.
     *
     * @param index from 0
     * @param api the type of HTTP that the declared one is, or extends
     */
    private record Parameter(int index, Class<?> api) {}

    private final List<Parameter> exchanges = new ArrayList<>();
    private final List<Parameter> responses = new ArrayList<>();
    private final List<Parameter> requests = new ArrayList<>();

    private HttpArguments(Class<?>[] types) {
        for (int i = 0; i < types.length; i++) {
            add(exchanges, i, find(types[i], EXCHANGE));
            for (String servlets : SERVLET_PACKAGES) {
                add(responses, i, find(types[i], servlets + "ServletResponse"));
                add(requests, i, find(types[i], servlets + "ServletRequest"));
            }
        }
    }

    private static void add(List<Parameter> to, int index, @Nullable Class<?> api) {
        if (api != null) {
            to.add(new Parameter(index, api));
        }
    }

    /** Looks at a method's parameters. Initialises nothing. */
    public static HttpArguments of(Method method) {
        return new HttpArguments(method.getParameterTypes());
    }

    /** Whether there is one to answer with. */
    public boolean canAnswer() {
        return !exchanges.isEmpty() || !responses.isEmpty();
    }

    /**
     * What one call was handed to answer with.
     *
     * @param everything its receiver, then its arguments
     * @return null if nothing: null was passed, or a servlet response that is not of HTTP
     */
    public @Nullable Response response(@Nullable Object[] everything) {
        for (Parameter exchange : exchanges) {
            Object given = everything[exchange.index + 1];
            if (given != null) {
                return new ExchangeResponse(ExchangeApi.of(exchange.api), given);
            }
        }
        for (Parameter response : responses) {
            Object given = everything[response.index + 1];
            ServletApi api = ServletApi.of(response.api);
            if (api.isHttp(given)) {
                return new ServletResponse(api, given, request(api, everything));
            }
        }
        return null;
    }

    /** Whether the response of one call has begun; not if it was handed none, or one that does not tell. */
    public boolean hasBegun(@Nullable Object[] everything) {
        if (!canAnswer()) {
            return false;
        }
        try {
            Response response = response(everything);
            return response != null && response.hasBegun();
        } catch (VirtualMachineError severe) {
            throw severe;
        } catch (Throwable unknown) {
            Log.debug(null, "whether a response has begun cannot be told: " + unknown, unknown);
            return false;
        }
    }

    private @Nullable Object request(ServletApi api, @Nullable Object[] everything) {
        for (Parameter request : requests) {
            Object given = everything[request.index + 1];
            if (api.isRequest(given)) {
                return given;
            }
        }
        return null;
    }

    /** Finds a type by its name among another one's supertypes and itself. */
    private static @Nullable Class<?> find(Class<?> type, String name) {
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            if (one.getName().equals(name)) {
                return one;
            }
            for (Class<?> parent : one.getInterfaces()) {
                Class<?> found = find(parent, name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
