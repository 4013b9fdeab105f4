package dev.holdfast.runtime.http;

import java.io.InputStream;
import java.io.OutputStream;

/** {@code com.sun.net.httpserver.HttpExchange}, by name. Immutable. */
final class ExchangeApi {

    private static final ClassValue<ExchangeApi> ALL = new ClassValue<>() {
        @Override
        protected ExchangeApi computeValue(Class<?> exchange) {
            try {
                return new ExchangeApi(exchange);
            } catch (NoSuchMethodException other) {
                throw new IllegalStateException(exchange + " is not that of the JDK", other);
            }
        }
    };

    final Operation getRequestMethod;
    final Operation getResponseHeaders;
    final Operation getResponseCode;
    final Operation sendResponseHeaders;
    final Operation getRequestBody;
    final Operation getResponseBody;
    final Operation setStreams;
    final Operation close;

    private ExchangeApi(Class<?> exchange) throws NoSuchMethodException {
        getRequestMethod = Operation.of(exchange, "getRequestMethod");
        getResponseHeaders = Operation.of(exchange, "getResponseHeaders");
        getResponseCode = Operation.of(exchange, "getResponseCode");
        sendResponseHeaders = Operation.of(exchange, "sendResponseHeaders", int.class, long.class);
        getRequestBody = Operation.of(exchange, "getRequestBody");
        getResponseBody = Operation.of(exchange, "getResponseBody");
        setStreams = Operation.of(exchange, "setStreams", InputStream.class, OutputStream.class);
        close = Operation.of(exchange, "close");
    }

    /** As that type has it. */
    static ExchangeApi of(Class<?> exchange) {
        return ALL.get(exchange);
    }
}
