package dev.holdfast.runtime.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt has to do with HTTP: the cookies that came, and a response that waits until the session is saved. There is one for each attempt,
 * and it is over with {@link #release} or {@link #discard}, whichever is called; what the body still does with what it was handed then goes
 * straight to where it came from, or fails.
 *
 * <p>Whoever implements it calls {@link OpenSession#commit} before anything of a response is sent: because it does not fit in memory, or the
 * body flushes it. What that throws goes to the body, and nothing is sent.
 *
 * <p>Methods may be called by any thread.
 */
public interface HttpSide {

    /** The session of an attempt around this one, where the response is held by that one already; null for none. */
    @Nullable
    OpenSession around();

    /** The values of the request's cookies of that name, in the order in which they came. */
    List<String> cookies(String name);

    /** Whether a cookie may be limited to secure connections, as the request came by one. */
    boolean isSecure();

    /** Whether something of the response was sent, so that no cookie can go with it any more. */
    boolean hasBegun();

    /**
     * Puts a cookie into the response. One of the same name that was put there by this attempt before gives way to it.
     *
     * @param name of the cookie
     * @param header the whole value of a {@code Set-Cookie} header
     */
    void setCookie(String name, String header);

    /**
     * What the body is run with: the caller's receiver and arguments, with those of HTTP replaced by ones that hold the response.
     *
     * @param session of this attempt
     */
    @Nullable
    Object[] everything(OpenSession session);

    /**
     * The attempt has ended well, and its session is about to be saved: whether the exchange goes on all the same, as servlets may let it. Then whoever
     * implements this commits what comes after this call, before the end is sent, and closes the session.
     */
    default boolean goesOn() {
        return false;
    }

    /** The attempt has ended well and its session is saved: lets the response go. That a client is gone is no failure. */
    void release();

    /** The attempt has failed: lets go of what was not sent yet. */
    void discard();
}
