package dev.holdfast.servlets.jakarta;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that goes on when the method has returned. What the method did to the session is saved as it returns, as ever, and its response is let
 * go. What is done after that is saved before the exchange is completed or dispatched, so that the end of the response does not reach the client before.
 *
 * <p>Thread-safe.
 */
final class SessionAsync implements AsyncContext, AsyncListener {

    private final AsyncContext context;
    private final ServletRequest request;
    private final @Nullable ServletResponse response;
    private final Runnable save;
    private final Runnable over;

    private final ReentrantLock lock = new ReentrantLock();

    /** Whether the method has returned. */
    private boolean returned;

    /** Whether there is nothing more to come. */
    private boolean ended;

    SessionAsync(
            AsyncContext context,
            ServletRequest request,
            @Nullable ServletResponse response,
            Runnable save,
            Runnable over) {
        this.context = context;
        this.request = request;
        this.response = response;
        this.save = save;
        this.over = over;
    }

    /**
     * The method has returned, and what was done up to now is about to be saved.
     *
     * @return whether there is more to come
     */
    boolean outlives() {
        lock.lock();
        try {
            returned = true;
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether it ends just now, after the method has returned. If it ends before that, the container waits for the method, and what was done is saved with
     * what the method did.
     */
    private boolean ends() {
        lock.lock();
        try {
            boolean first = !ended;
            ended = true;
            return first && returned;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        if (ends()) {
            try {
                save.run();
            } finally {
                over.run();
            }
        }
    }

    @Override
    public void complete() {
        try {
            end();
        } catch (RuntimeException | Error failure) {
            tellClient(failure);
            throw failure;
        } finally {
            context.complete();
        }
    }

    /** It must not take for saved what is not. */
    private void tellClient(Throwable failure) {
        ServletResponse to = context.getResponse();
        if (to instanceof HttpServletResponse http && !http.isCommitted()) {
            http.reset();
            http.setStatus(
                    failure.getClass().getSimpleName().equals("SessionUnavailableException")
                            ? HttpServletResponse.SC_SERVICE_UNAVAILABLE
                            : HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
    }

    @Override
    public void dispatch() {
        end();
        context.dispatch();
    }

    @Override
    public void dispatch(String path) {
        end();
        context.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext to, String path) {
        end();
        context.dispatch(to, path);
    }

    /** Told too late for the client: the container has ended it by itself, as the time was up. */
    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}

    @Override
    public ServletRequest getRequest() {
        return context.hasOriginalRequestAndResponse() ? request : context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.hasOriginalRequestAndResponse() && response != null ? response : context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return context.hasOriginalRequestAndResponse();
    }

    @Override
    public void start(Runnable work) {
        context.start(work);
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(listener);
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        context.addListener(listener, request, response);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public void setTimeout(long millis) {
        context.setTimeout(millis);
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }
}
