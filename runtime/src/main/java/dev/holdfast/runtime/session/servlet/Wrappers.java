package dev.holdfast.runtime.session.servlet;

import dev.holdfast.runtime.http.Operation;
import dev.holdfast.runtime.session.OpenSession;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The classes of {@code dev.holdfast.servlets} as subclasses of one application's copy of the servlet API. They are called by name, as they lie in a
 * loader below that of the copy. There is one for each copy; it hangs on the copy's own class, and goes when that does. Immutable.
 *
 * <p>What the container, or a filter's wrapper, throws is thrown as it is.
 */
final class Wrappers {

    private static final ClassValue<Wrappers> ALL = new ClassValue<>() {
        @Override
        protected Wrappers computeValue(Class<?> api) {
            try {
                return new Wrappers(api);
            } catch (ReflectiveOperationException other) {
                throw new IllegalStateException(api + " is of no servlet API from 3.1 on", other);
            }
        }
    };

    private final Class<?> httpRequest;
    private final Class<?> httpResponse;
    private final Class<?> anyResponse;

    private final Operation cookies;
    private final Operation isSecure;
    private final Operation areSent;
    private final Operation setCookie;
    private final Operation responseTo;
    private final Operation around;
    private final Operation begin;
    private final Operation request;
    private final Operation response;
    private final Operation goesOn;
    private final Operation release;
    private final Operation discard;

    private Wrappers(Class<?> api) throws ReflectiveOperationException {
        String servlets = api.getPackageName();
        httpRequest = Class.forName(servlets + ".http.HttpServletRequest", false, api.getClassLoader());
        httpResponse = Class.forName(servlets + ".http.HttpServletResponse", false, api.getClassLoader());
        anyResponse = Class.forName(servlets + ".ServletResponse", false, api.getClassLoader());
        String own = "dev.holdfast.servlets." + servlets.substring(0, servlets.indexOf('.'));
        WrapperLoader loader = new WrapperLoader(own, api.getClassLoader());
        Class<?> ofCookies = loader.loadClass(own + ".Cookies");
        cookies = Operation.of(ofCookies, "of", Object.class, String.class);
        isSecure = Operation.of(ofCookies, "isSecure", Object.class);
        areSent = Operation.of(ofCookies, "areSent", Object.class);
        setCookie = Operation.of(ofCookies, "set", Object.class, Object.class, String.class, String.class);
        responseTo = Operation.of(loader.loadClass(own + ".Responses"), "to", Object.class);
        Class<?> ofCalls = loader.loadClass(own + ".ServletCall");
        around = Operation.of(ofCalls, "around", Object.class);
        begin = Operation.of(
                ofCalls,
                "begin",
                Object.class,
                Object.class,
                String.class,
                BiFunction.class,
                Runnable.class,
                Runnable.class,
                BiConsumer.class,
                int.class);
        request = Operation.of(ofCalls, "request");
        response = Operation.of(ofCalls, "response");
        goesOn = Operation.of(ofCalls, "goesOn");
        release = Operation.of(ofCalls, "release");
        discard = Operation.of(ofCalls, "discard");
    }

    /** Those for the copy that has that {@code ServletRequest}. */
    static Wrappers of(Class<?> api) {
        return ALL.get(api);
    }

    /** The copy's type of requests over HTTP. */
    Class<?> httpRequest() {
        return httpRequest;
    }

    /** The copy's type of responses over HTTP. */
    Class<?> httpResponse() {
        return httpResponse;
    }

    /** The copy's type of responses over whatever. */
    Class<?> anyResponse() {
        return anyResponse;
    }

    @SuppressWarnings("unchecked") // which is what it gives
    List<String> cookies(Object ofRequest, String name) {
        return (List<String>) given(call(cookies, null, ofRequest, name));
    }

    boolean isSecure(Object ofRequest) {
        return (Boolean) given(call(isSecure, null, ofRequest));
    }

    boolean hasBegun(Object ofResponse) {
        return (Boolean) given(call(areSent, null, ofResponse));
    }

    void setCookie(Object ofRequest, Object ofResponse, String name, String header) {
        call(setCookie, null, ofRequest, ofResponse, name, header);
    }

    /** The container's response to a request; null if it does not tell. */
    @Nullable
    Object responseTo(Object ofRequest) {
        return call(responseTo, null, ofRequest);
    }

    /** The session that a call further out has wrapped this request with; null for none. */
    @Nullable
    OpenSession around(Object ofRequest) {
        return (OpenSession) call(around, null, ofRequest);
    }

    /**
     * Wraps request and response.
     *
     * @param ofResponse null for none
     * @param cookie by whose name the session goes
     * @param failed is told the response, or null, and why what was done after the method could not be saved
     * @param limit how many bytes are held
     * @return what {@link #request} and the others take
     */
    Object begin(
            Object ofRequest,
            @Nullable Object ofResponse,
            String cookie,
            OpenSession session,
            BiConsumer<@Nullable Object, Throwable> failed,
            int limit) {
        Runnable save = session::commit;
        Runnable saveLast = () -> {
            try {
                session.commitLast();
            } finally {
                session.close();
            }
        };
        return given(call(begin, null, ofRequest, ofResponse, cookie, session, save, saveLast, failed, limit));
    }

    /** The request for the body. */
    Object request(Object ofCall) {
        return given(call(request, ofCall));
    }

    /** The response for the body. */
    Object response(Object ofCall) {
        return given(call(response, ofCall));
    }

    /** Whether the exchange goes on after the method. */
    boolean goesOn(Object ofCall) {
        return (Boolean) given(call(goesOn, ofCall));
    }

    /** Lets the response go. */
    void release(Object ofCall) {
        call(release, ofCall);
    }

    /** Drops the response. */
    void discard(Object ofCall) {
        call(discard, ofCall);
    }

    private static @Nullable Object call(Operation operation, @Nullable Object target, @Nullable Object... arguments) {
        try {
            return operation.on(target, arguments);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable undeclared) {
            throw new IllegalStateException(undeclared);
        }
    }

    private static Object given(@Nullable Object result) {
        return Objects.requireNonNull(result);
    }
}
