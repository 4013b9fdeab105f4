package dev.holdfast.runtime.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Answers by an exchange of the JDK's server, and closes it. */
final class ExchangeResponse implements Response {

    /** What {@code getResponseCode} gives before a status was sent. */
    private static final int NONE_YET = -1;

    /** What stands for no body where a length is expected. */
    private static final long NO_BODY = -1;

    private final ExchangeApi api;
    private final Object exchange;

    ExchangeResponse(ExchangeApi api, Object exchange) {
        this.api = api;
        this.exchange = exchange;
    }

    @Override
    public boolean hasBegun() throws Throwable {
        return !Objects.equals(api.getResponseCode.on(exchange), NONE_YET);
    }

    @Override
    public void send(int status, Map<String, String> headers, byte[] body) throws Throwable {
        try {
            Map<String, List<String>> present = headers();
            new ArrayList<>(present.keySet())
                    .stream().filter(ContentHeaders::contain).forEach(present::remove);
            headers.forEach((name, value) -> set(present, name, value));
            if (Objects.equals(api.getRequestMethod.on(exchange), "HEAD")) {
                set(present, "Content-Length", String.valueOf(body.length));
                api.sendResponseHeaders.on(exchange, status, NO_BODY);
            } else {
                api.sendResponseHeaders.on(exchange, status, (long) body.length);
                try (OutputStream out = body()) {
                    out.write(body);
                }
            }
        } finally {
            api.close.on(exchange);
        }
    }

    /**
     * To close the exchange is enough where a length was promised: the JDK sees that it was not kept, and closes the connection. A body in chunks
     * it would end as if it were whole. But where the body fails to close it closes the connection too, so we see to that.
     */
    @Override
    public boolean breakOff() throws Throwable {
        try {
            if (isChunked() && isOpen()) {
                api.getRequestBody.on(exchange); // an exchange takes other streams only after this
                api.setStreams.on(exchange, null, new Unfinished());
            }
        } finally {
            api.close.on(exchange);
        }
        return true;
    }

    private boolean isChunked() throws Throwable {
        List<String> codings = headers().get("Transfer-encoding");
        return codings != null && codings.contains("chunked");
    }

    /** If not, its connection may serve the next request already. */
    private boolean isOpen() throws Throwable {
        try {
            body().flush();
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private OutputStream body() throws Throwable {
        return (OutputStream) Objects.requireNonNull(api.getResponseBody.on(exchange));
    }

    @SuppressWarnings("unchecked") // the JDK's Headers
    private Map<String, List<String>> headers() throws Throwable {
        return (Map<String, List<String>>) Objects.requireNonNull(api.getResponseHeaders.on(exchange));
    }

    private static void set(Map<String, List<String>> headers, String name, String value) {
        headers.put(name, new ArrayList<>(List.of(value)));
    }

    /** A body that cannot be ended. */
    private static final class Unfinished extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            throw new IOException("the response was broken off");
        }

        @Override
        public void close() throws IOException {
            throw new IOException("the response was broken off");
        }
    }
}
