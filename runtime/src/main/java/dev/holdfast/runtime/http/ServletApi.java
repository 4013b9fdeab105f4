package dev.holdfast.runtime.http;

import org.jspecify.annotations.Nullable;

/** One application's copy of the servlet API, {@code jakarta} or {@code javax}, version 3.0 or newer, by name. Immutable. */
final class ServletApi {

    private static final ClassValue<ServletApi> ALL = new ClassValue<>() {
        @Override
        protected ServletApi computeValue(Class<?> response) {
            try {
                return new ServletApi(response);
            } catch (ReflectiveOperationException other) {
                throw new IllegalStateException(response + " is of no servlet API from 3.0 on", other);
            }
        }
    };

    private final Class<?> httpResponse;
    private final Class<?> request;

    final Operation isCommitted;
    final Operation reset;
    final Operation getStatus;
    final Operation setStatus;
    final Operation getHeaderNames;
    final Operation getHeaders;
    final Operation setHeader;
    final Operation addHeader;
    final Operation setContentType;
    final Operation setContentLength;
    final Operation getOutputStream;
    final Operation getWriter;
    final Operation isAsyncStarted;
    final Operation getAsyncContext;
    final Operation complete;

    private ServletApi(Class<?> response) throws ReflectiveOperationException {
        ClassLoader loader = response.getClassLoader();
        String servlets = response.getPackageName();
        httpResponse = Class.forName(servlets + ".http.HttpServletResponse", false, loader);
        request = Class.forName(servlets + ".ServletRequest", false, loader);
        isCommitted = Operation.of(httpResponse, "isCommitted");
        reset = Operation.of(httpResponse, "reset");
        getStatus = Operation.of(httpResponse, "getStatus");
        setStatus = Operation.of(httpResponse, "setStatus", int.class);
        getHeaderNames = Operation.of(httpResponse, "getHeaderNames");
        getHeaders = Operation.of(httpResponse, "getHeaders", String.class);
        setHeader = Operation.of(httpResponse, "setHeader", String.class, String.class);
        addHeader = Operation.of(httpResponse, "addHeader", String.class, String.class);
        setContentType = Operation.of(httpResponse, "setContentType", String.class);
        setContentLength = Operation.of(httpResponse, "setContentLength", int.class);
        getOutputStream = Operation.of(httpResponse, "getOutputStream");
        getWriter = Operation.of(httpResponse, "getWriter");
        isAsyncStarted = Operation.of(request, "isAsyncStarted");
        getAsyncContext = Operation.of(request, "getAsyncContext");
        complete = Operation.of(getAsyncContext.returns(), "complete");
    }

    /** The copy that has that {@code ServletResponse}. */
    static ServletApi of(Class<?> response) {
        return ALL.get(response);
    }

    /** Whether it is a response of HTTP. */
    boolean isHttp(@Nullable Object response) {
        return httpResponse.isInstance(response);
    }

    /** Whether it is a request of this copy. */
    boolean isRequest(@Nullable Object object) {
        return request.isInstance(object);
    }
}
