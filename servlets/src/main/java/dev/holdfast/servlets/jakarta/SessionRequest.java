package dev.holdfast.servlets.jakarta;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/** A request whose session is the shared one. As thread-safe as what it wraps; its session is so. */
public final class SessionRequest extends HttpServletRequestWrapper {

    private final ServletCall call;

    SessionRequest(HttpServletRequest request, ServletCall call) {
        super(request);
        this.call = call;
    }

    ServletCall call() {
        return call;
    }

    @Override
    public HttpSession getSession() {
        HttpSession session = getSession(true);
        if (session == null) {
            throw new IllegalStateException("it was to be made");
        }
        return session;
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        return call.session(create);
    }

    @Override
    public String changeSessionId() {
        return call.changeSessionId();
    }

    @Override
    public @Nullable String getRequestedSessionId() {
        return call.requestedId();
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return call.isRequestedIdValid();
    }

    @Override
    public boolean isRequestedSessionIdFromCookie() {
        return call.requestedId() != null;
    }

    @Override
    public boolean isRequestedSessionIdFromURL() {
        return false;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // the API's own
    public boolean isRequestedSessionIdFromUrl() {
        return isRequestedSessionIdFromURL();
    }

    @Override
    public AsyncContext startAsync() {
        return call.async(super.startAsync());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return call.async(super.startAsync(request, response));
    }

    @Override
    public AsyncContext getAsyncContext() {
        return call.async(super.getAsyncContext());
    }

    @Override
    public @Nullable RequestDispatcher getRequestDispatcher(String path) {
        RequestDispatcher dispatcher = super.getRequestDispatcher(path);
        return dispatcher == null ? null : new ForgettingDispatcher(dispatcher);
    }
}
