package dev.holdfast.servlets.jakarta;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
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
    private final @Nullable HeldResponse response;
    private final Runnable saveLast;
    private final BiConsumer<@Nullable Object, Throwable> failed;

    private final ReentrantLock lock = new ReentrantLock();

    /** Whether the method has returned. */
    private boolean returned;

    /** Whether there is nothing more to come. */
    private boolean ended;

    SessionAsync(
            AsyncContext context,
            ServletRequest request,
            @Nullable HeldResponse response,
            Runnable saveLast,
            BiConsumer<@Nullable Object, Throwable> failed) {
        this.context = context;
        this.request = request;
        this.response = response;
        this.saveLast = saveLast;
        this.failed = failed;
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
            saveLast.run();
        }
    }

    @Override
    public void complete() {
        endOrAnswer();
        context.complete();
    }

    /** If it cannot be saved the client must not take it for saved, and whatever was to come does not. */
    private void endOrAnswer() {
        try {
            end();
        } catch (RuntimeException | Error failure) {
            try {
                failed.accept(container(), failure);
            } finally {
                context.complete();
            }
            throw failure;
        }
    }

    /** The response below the held one, which would save the session once more before it lets the end of a body go. */
    private ServletResponse container() {
        ServletResponse given = context.getResponse();
        for (ServletResponse one = given; one instanceof ServletResponseWrapper wrapper; one = wrapper.getResponse()) {
            if (one == response) {
                return response.container();
            }
        }
        return given;
    }

    @Override
    public void dispatch() {
        endOrAnswer();
        context.dispatch();
    }

    @Override
    public void dispatch(String path) {
        endOrAnswer();
        context.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext to, String path) {
        endOrAnswer();
        context.dispatch(to, path);
    }

    /** Told too late for the client: the container has ended it by itself, as the time was up. */
    @Override
    public void onComplete(AsyncEvent event) {
        try {
            end();
        } catch (RuntimeException failure) {
            failed.accept(null, failure);
        }
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
