package dev.holdfast.servlets.jakarta;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a method that was handed a request, and perhaps its response. The runtime makes and calls it by reflection: its public methods have no
 * types but the JDK's.
 *
 * <p>Thread-safe as far as the container's request and response are.
 */
public final class ServletCall {

    private final @Nullable ServletContext context;

    /** The values of that cookie. Asked for while the container's own thread is in there: to look for cookies at the same time on two threads is more than Tomcat can do. */
    private final List<String> sent;

    private final SessionRequest sessionRequest;
    private final @Nullable HeldResponse held;
    private final BiFunction<String, @Nullable Object[], @Nullable Object> session;
    private final Operations operations;
    private final Runnable saveLast;
    private final BiConsumer<@Nullable Object, Throwable> failed;
    private final AtomicReference<@Nullable SessionView> view = new AtomicReference<>();
    private final AtomicReference<@Nullable SessionAsync> async = new AtomicReference<>();
    private volatile boolean goesOn;

    /**
     * Begins an attempt.
     *
     * @param response null if the method was handed none
     * @param cookie by whose name the session goes
     * @param session does what it is asked for, see {@link Operations}
     * @param save saves the session; throws what the method shall fail with
     * @param saveLast does so once an exchange that was made asynchronous ends, and closes the session
     * @param failed is told where that exchange could not be saved in the end, and answers for it by the given response; by none if that is null
     * @param limit how much of a body is held
     */
    public static ServletCall begin(
            Object request,
            @Nullable Object response,
            String cookie,
            BiFunction<String, @Nullable Object[], @Nullable Object> session,
            Runnable save,
            Runnable saveLast,
            BiConsumer<@Nullable Object, Throwable> failed,
            int limit) {
        return new ServletCall(
                (HttpServletRequest) request,
                (HttpServletResponse) response,
                cookie,
                session,
                save,
                saveLast,
                failed,
                limit);
    }

    private ServletCall(
            HttpServletRequest request,
            @Nullable HttpServletResponse response,
            String cookie,
            BiFunction<String, @Nullable Object[], @Nullable Object> session,
            Runnable save,
            Runnable saveLast,
            BiConsumer<@Nullable Object, Throwable> failed,
            int limit) {
        this.context = context(request);
        this.sent = Cookies.sent(request, cookie);
        this.sessionRequest = new SessionRequest(request, this);
        this.session = session;
        this.operations = new Operations(session);
        Runnable saveNow = () -> {
            passivate();
            save.run();
        };
        this.held = response == null ? null : new HeldResponse(response, sessionRequest, saveNow, limit);
        this.saveLast = () -> {
            passivate();
            saveLast.run();
        };
        this.failed = failed;
    }

    /** Taken while the container's own thread is in there: later, and on other threads, a request of Jetty's with {@code javax} knows none. */
    private static @Nullable ServletContext context(HttpServletRequest request) {
        ServletCall around = callAround(request);
        try {
            ServletContext context = request.getServletContext();
            return context == null && around != null ? around.context : context;
        } catch (RuntimeException unable) {
            return around == null ? null : around.context; // the method may do without
        }
    }

    /**
     * The session of a call further out, which has wrapped this request; as it was given to {@link #begin}.
     *
     * @return null if there is none
     */
    public static @Nullable Object around(Object request) {
        ServletCall around = callAround((ServletRequest) request);
        return around == null ? null : around.session;
    }

    private static @Nullable ServletCall callAround(ServletRequest request) {
        ServletRequest one = request;
        while (one instanceof ServletRequestWrapper wrapper) {
            if (one instanceof SessionRequest shared) {
                return shared.call();
            }
            one = wrapper.getRequest();
        }
        return null;
    }

    /** What the body is given in place of the request. */
    public Object request() {
        return sessionRequest;
    }

    /** What the body is given in place of the response; null if there is none. */
    public @Nullable Object response() {
        return held;
    }

    /** The attempt has ended well, and its session is about to be saved: whether the exchange goes on, as it was made asynchronous. */
    public boolean goesOn() {
        passivate();
        SessionAsync going = async.get();
        goesOn = going != null && going.outlives();
        return goesOn;
    }

    /** Gives the container what is held. */
    public void release() {
        if (held != null) {
            held.release(goesOn);
        }
    }

    /** The attempt has failed: drops what is held. */
    public void discard() {
        if (held != null) {
            held.discard();
        }
    }

    // What its request is asked for.

    @Nullable
    HttpSession session(boolean create) {
        boolean isMadeNow = false;
        if (!operations.exists()) {
            if (!create) {
                return null;
            }
            requireThatTheClientMayBeTold();
            isMadeNow = operations.make();
        }
        SessionView view = view();
        if (isMadeNow) {
            view.created();
        }
        return view.asSession();
    }

    /** As the request may be handed on to something else that has no session of its own, when the method has returned. */
    private void requireThatTheClientMayBeTold() {
        if (operations.isOver()) {
            throw new IllegalStateException(
                    "no session can begin, and no id be changed, as the method that this request had its session"
                            + " from is over, and the client would not be told; expected: @SharedSession also on what has the request"
                            + " now, or its filter mapped for this kind of dispatch, too");
        }
    }

    private SessionView view() {
        while (true) {
            SessionView present = view.get();
            if (present != null && !present.isEnded()) {
                return present;
            }
            SessionView made = new SessionView(operations, context);
            if (view.compareAndSet(present, made)) {
                return made;
            }
        }
    }

    /** Values are told that the session goes where they do not go along. */
    private void passivate() {
        SessionView present = view.get();
        if (present != null && !present.isEnded()) {
            present.passivate();
        }
    }

    String changeSessionId() {
        if (!operations.exists()) {
            throw new IllegalStateException("there is no session whose id could be changed");
        }
        requireThatTheClientMayBeTold();
        String before = operations.id();
        String now = operations.renewId();
        view().idChanged(before);
        return now;
    }

    @Nullable
    String requestedId() {
        return sent.isEmpty() ? null : sent.get(0);
    }

    boolean isRequestedIdValid() {
        return !sent.isEmpty() && operations.exists() && sent.contains(operations.id());
    }

    /** There is one for each call: the next one takes a dispatch, which is a call of its own. */
    AsyncContext async(AsyncContext context) {
        if (operations.isOver()) {
            return context; // of whoever has the request now
        }
        SessionAsync present = async.get();
        if (present == null) {
            present = new SessionAsync(context, sessionRequest, held, saveLast, failed);
            if (async.compareAndSet(null, present)) {
                context.addListener(present);
            } else {
                present = Objects.requireNonNull(async.get());
            }
        }
        return present;
    }
}
