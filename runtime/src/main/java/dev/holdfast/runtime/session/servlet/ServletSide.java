package dev.holdfast.runtime.session.servlet;

import dev.holdfast.runtime.session.HttpSide;
import dev.holdfast.runtime.session.OpenSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt of a method that was handed a servlet request. What there is to do is done by the {@link Wrappers}. */
final class ServletSide implements HttpSide {

    /** In the cookie of a session that was ended. */
    private static final String ENDED = "; Max-Age=0";

    private final ServletKind kind;
    private final Wrappers wrappers;
    private final Object request;
    private final @Nullable Object response;
    private final @Nullable Object[] everything;

    /** What wraps request and response. Null until they are wrapped. */
    private volatile @Nullable Object call;

    ServletSide(
            ServletKind kind,
            Wrappers wrappers,
            Object request,
            @Nullable Object response,
            @Nullable Object[] everything) {
        this.kind = kind;
        this.wrappers = wrappers;
        this.request = request;
        this.response = response;
        this.everything = everything;
    }

    @Override
    public @Nullable OpenSession around() {
        return wrappers.around(request);
    }

    @Override
    public List<String> cookies(String name) {
        return wrappers.cookies(request, name);
    }

    @Override
    public boolean isSecure() {
        return wrappers.isSecure(request);
    }

    @Override
    public boolean hasBegun() {
        return wrappers.hasBegun(response());
    }

    @Override
    public void setCookie(String name, String header) {
        if (response == null && header.contains(ENDED)) {
            return; // the client may keep what stands for nothing any more
        }
        wrappers.setCookie(request, response(), name, header);
    }

    private Object response() {
        Object known = response == null ? wrappers.responseTo(request) : response;
        if (known == null) {
            throw new IllegalStateException(kind.place() + ": the client cannot be told the id of its session, as the"
                    + " method is handed a request without the response, and this container does not tell it either;"
                    + " expected: both among its parameters, or a filter around it that has @SharedSession");
        }
        return known;
    }

    @Override
    public @Nullable Object[] everything(OpenSession session) {
        Object made = wrappers.begin(
                request,
                response,
                kind.cookie(),
                session,
                (to, failure) -> kind.failedLate(wrappers, to, failure),
                kind.limit());
        call = made;
        @Nullable Object[] wrapped = everything.clone();
        kind.replace(wrapped, request, wrappers.request(made));
        if (response != null) {
            kind.replace(wrapped, response, wrappers.response(made));
        }
        return wrapped;
    }

    @Override
    public boolean goesOn() {
        Object made = call;
        return made != null && wrappers.goesOn(made);
    }

    @Override
    public void release() {
        Object made = call;
        if (made != null) {
            wrappers.release(made);
        }
    }

    @Override
    public void discard() {
        Object made = call;
        if (made != null) {
            wrappers.discard(made);
        }
    }
}
