package dev.holdfast.runtime.http;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers by a servlet response, and leaves it to the server to end it. What other code of the application should write behind the answer
 * is beyond its length, and goes nowhere. Servers drop the body of an answer to a {@code HEAD}, so it need not be known here.
 */
final class ServletResponse implements Response {

    /** From this status on a response is a redirection or an error. */
    private static final int REDIRECTION = 300;

    private final ServletApi api;
    private final Object response;
    private final @Nullable Object request;

    /** @param request null if the method was not handed one */
    ServletResponse(ServletApi api, Object response, @Nullable Object request) {
        this.api = api;
        this.response = response;
        this.request = request;
    }

    @Override
    public boolean hasBegun() throws Throwable {
        return Objects.equals(api.isCommitted.on(response), true);
    }

    @Override
    public void send(int status, Map<String, String> headers, byte[] body) throws Throwable {
        Map<String, List<String>> kept = headersToKeep();
        api.reset.on(response); // the only way to be rid of headers, and of a writer that was taken
        for (Map.Entry<String, List<String>> header : kept.entrySet()) {
            restore(header.getKey(), header.getValue());
        }
        api.setStatus.on(response, status);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equals("Content-Type")) {
                api.setContentType.on(response, header.getValue());
            } else {
                api.setHeader.on(response, header.getKey(), header.getValue());
            }
        }
        api.setContentLength.on(response, body.length);
        write(body);
        completeAsync();
    }

    private Map<String, List<String>> headersToKeep() throws Throwable {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        for (String name : strings(api.getHeaderNames.on(response))) {
            if (!ContentHeaders.contain(name)) {
                kept.put(name, strings(api.getHeaders.on(response, name)));
            }
        }
        return kept;
    }

    /**
     * Servers put some back themselves, which are as good as ours. Cookies are several headers of one name, and Jetty puts that of a new session
     * back twice.
     */
    private void restore(String name, List<String> values) throws Throwable {
        Set<String> all = new LinkedHashSet<>(strings(api.getHeaders.on(response, name)));
        if (!all.isEmpty() && !name.equalsIgnoreCase("Set-Cookie")) {
            return;
        }
        all.addAll(values);
        Operation put = api.setHeader;
        for (String value : all) {
            put.on(response, name, value);
            put = api.addHeader;
        }
    }

    private void write(byte[] body) throws Throwable {
        Object out;
        try {
            out = api.getOutputStream.on(response);
        } catch (IllegalStateException writerIsTaken) {
            // A filter's wrapper may hold on to a writer through the reset.
            PrintWriter writer = (PrintWriter) Objects.requireNonNull(api.getWriter.on(response));
            writer.write(new String(body, StandardCharsets.US_ASCII));
            writer.flush();
            return;
        }
        ((OutputStream) Objects.requireNonNull(out)).write(body);
    }

    /** Nobody else is going to: the body threw after it had made the exchange asynchronous. */
    private void completeAsync() throws Throwable {
        if (request != null && Objects.equals(api.isAsyncStarted.on(request), true)) {
            api.complete.on(Objects.requireNonNull(api.getAsyncContext.on(request)));
        }
    }

    /**
     * There is nothing in the servlet API to break a response off; a container does when an exception reaches it. Not where the body has sent an
     * error or a redirect before it threw: Tomcat keeps that back until the method is over, and would put a page with the exception's message in
     * its place. It is as whole as it was to be.
     */
    @Override
    public boolean breakOff() throws Throwable {
        boolean isSentWhole = api.getStatus.on(response) instanceof Integer status && status >= REDIRECTION;
        if (isSentWhole) {
            completeAsync();
        }
        return isSentWhole;
    }

    private static List<String> strings(@Nullable Object collection) {
        List<String> strings = new ArrayList<>();
        if (collection instanceof Collection<?> several) {
            several.forEach(one -> strings.add(String.valueOf(one)));
        }
        return strings;
    }
}
