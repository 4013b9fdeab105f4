package dev.holdfast;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a method a session that all nodes share: never stale, never lost, and never back once it was invalidated.
 *
 * <pre>{@code
 * @SharedSession
 * void handle(HttpExchange exchange) throws IOException {          // the id comes and goes in a cookie
 *     Session session = Session.current();
 *     session.set("visits", session.get("visits") instanceof Integer visits ? visits + 1 : 1);
 *     ...
 * }
 *
 * @SharedSession(id = "{user.id}", conflict = Conflict.FAIL)       // the id is yours
 * void add(User user, Item item) { ... }
 * }</pre>
 *
 * <p>The session is there inside of the call, by {@link Session#current}. In code of {@code jakarta.servlet} and {@code javax.servlet},
 * {@code request.getSession()} is that session, too.
 *
 * <p>What an attempt has changed is committed as it ends, all at once, if it ends well. An attempt that fails leaves nothing behind, and the next
 * one begins with what is stored. Values that were read and then changed in place are found and saved. A response over HTTP is held until the
 * session is saved, so the next request sees it, on any node; one that is larger than {@code holdfast.session.response}, or is flushed by
 * hand, streams once the session is saved, and what is changed after that is committed as the method returns. Where
 * the session cannot be reached, the client gets 503, unless {@link Recover} says otherwise.
 *
 * <p>Values are strings, boxed primitives, {@code byte[]}, {@code BigDecimal} and {@code BigInteger}, the types of {@code java.time}, {@code UUID},
 * enums, records, and lists, sets, maps and queues of the JDK's of these. Others must be {@link java.io.Serializable}, and be named in the setting
 * {@code holdfast.session.allow}. A value that cannot be read, as its class is no more, is absent, and that is logged.
 *
 * <p>Without the setting {@code holdfast.redis}, sessions live in this JVM.
 *
 * <p>What is out of range is an invalid definition: an error is logged when the class is loaded, and each call throws
 * {@link InvalidPolicyException} (see the setting {@code holdfast.invalid}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface SharedSession {

    /**
     * A template for the session's id; holes as in {@link RateLimited#key}. Empty: the id is that of the {@link #cookie}, and the method must be
     * handed an HTTP exchange or a servlet request. Ids of a template are yours: whoever brings one has that session.
     */
    String id() default "";

    /**
     * The name of the cookie; it is {@code HttpOnly}, {@code SameSite=Lax}, for the whole site, and {@code Secure} when the request is. An id that no
     * server has issued is not taken from it.
     */
    String cookie() default "HSESSION";

    /**
     * Whether a session is made where there is none, with the first value that is set. If not, {@link Session#current} throws
     * {@link IllegalStateException} there.
     */
    boolean create() default true;

    /**
     * A session ends when it was not used for this long, a duration of 1 ms or more; {@code ""} for none: then it ends by its age alone. It may live
     * a tenth longer, a minute at most.
     */
    String idleTimeout() default "30m";

    /** A session ends this long after it was made, whatever the use; a duration of 1 ms or more. {@code ""} for none, where {@link #idleTimeout} is given. */
    String maxAge() default "12h";

    /** How new what a call sees is. */
    Consistency consistency() default Consistency.STRICT;

    /** What holds where two calls change the session at the same time. */
    Conflict conflict() default Conflict.MERGE;

    /**
     * What holds while Redis cannot be reached. {@link Unavailable#DENY}: {@link SessionUnavailableException}. {@link Unavailable#LOCAL_SHARE}: the
     * call goes on with this node's copy. What it changes is written back once Redis is there again, unless somebody else has changed the same attribute, or has ended the session.
     * {@link Unavailable#ALLOW} is the same.
     */
    Unavailable whenUnavailable() default Unavailable.DENY;
}
