package dev.holdfast;

import java.time.Instant;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The session of a call under {@link SharedSession}. Changes are seen by this call at once, and by others when the attempt has ended well.
 *
 * <p>It is found by {@link #current} on the thread that runs the method. Code of the same call on other threads is handed the object; it is
 * thread-safe, the values in it are your own. Once the call is over, its methods throw {@link IllegalStateException}.
 *
 * <p>The session is read when it is first asked for, by whichever of the methods: that one throws {@link SessionUnavailableException} where Redis cannot be reached and
 * {@link SharedSession#whenUnavailable} says so.
 */
public final class Session {

    private static final ThreadLocal<Session> CURRENT = new ThreadLocal<>();

    /** Does what the methods of their names say. What it is given and gives is of the JDK, or the application's. */
    private final BiFunction<String, Object[], Object> operations;

    private Session(BiFunction<String, Object[], Object> operations) {
        this.operations = operations;
    }

    /**
     * The session of the innermost method with {@link SharedSession} that this thread is in.
     *
     * @throws IllegalStateException if it is in none, or there is no session and that method is not to make one; the message says what to do
     */
    public static Session current() {
        Session current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException(
                    "Session.current() was called where there is no session; expected: a call from within"
                            + " a method with @SharedSession, on the thread that runs it, in a program that runs with"
                            + " -javaagent:holdfast-agent.jar");
        }
        current.call("current");
        return current;
    }

    /**
     * Makes a session the current one of this thread; called by the agent, as is {@link #leave}.
     *
     * @return the one before, to be handed to {@link #leave}; null for none
     */
    static Object enter(BiFunction<String, Object[], Object> operations) {
        Session before = CURRENT.get();
        CURRENT.set(new Session(operations));
        return before;
    }

    /** Makes that one the current one again. */
    static void leave(Object before) {
        if (before == null) {
            CURRENT.remove(); // nothing of the application may stay with a thread that is not its own
        } else {
            CURRENT.set((Session) before);
        }
    }

    private Object call(String operation, Object... arguments) {
        return operations.apply(operation, arguments);
    }

    /**
     * Its id, which is a secret between server and client: who knows it has the session. Of a session that is not made yet, the one that it will
     * have if this call makes it.
     */
    public String id() {
        return (String) call("id");
    }

    /**
     * A value; the same object for the same name throughout one attempt, unless a call within this one has changed that value. What is changed in it is saved.
     *
     * @return null if there is none of that name, or it cannot be read, which is logged then
     */
    public Object get(String name) {
        return call("get", name);
    }

    /**
     * A value of that type.
     *
     * @return null if there is none of that name, or it cannot be read or is of another type, which is logged then
     */
    public <T> T get(String name, Class<T> type) {
        @SuppressWarnings("unchecked") // it is of that type, which may be primitive
        T value = (T) call("get", name, type);
        return value;
    }

    /**
     * Sets a value. It is saved as it is when the attempt ends.
     *
     * @param name not null; text in which no half of a surrogate pair stands alone
     * @param value of a type that can be saved, see {@link SharedSession}; null to remove it
     * @throws IllegalArgumentException if it cannot be saved; the message names what cannot, and what to do
     * @throws IllegalStateException if it would begin a session, and the response has begun, with which the client would have got its cookie
     */
    public void set(String name, Object value) {
        call("set", name, value);
    }

    /** Removes a value, if there is one of that name. It counts as a write of it, be there one or not. */
    public void remove(String name) {
        call("remove", name);
    }

    /** The names of the values that are there now, unmodifiable. */
    @SuppressWarnings("unchecked") // which is what it gives
    public Set<String> names() {
        return (Set<String>) call("names");
    }

    /**
     * Ends the session for good as the attempt ends well, on all nodes. What other calls save of it later is dropped. A value that is set after this
     * begins another session, with a new id where the id is that of a cookie.
     */
    public void invalidate() {
        call("invalidate");
    }

    /**
     * Gives the session a new id as the attempt ends well, and the client a new cookie; the values stay, and nobody gets at them by the old id. To be
     * called when somebody logs in.
     *
     * @return the new id
     * @throws IllegalStateException if the id is that of a template, or the response has begun, with which the client would have got its cookie
     */
    public String renewId() {
        return (String) call("renewId");
    }

    /** Whether there was no session when the attempt began, or it was invalidated since. */
    public boolean isNew() {
        return (Boolean) call("isNew");
    }

    /** When it was made, by the clock of Redis; of a session that is not made yet, the time now. */
    public Instant createdAt() {
        return (Instant) call("createdAt");
    }

    /** When it was used last before this call, of one that is only read give or take two minutes; of a session that is not made yet, the time now. */
    public Instant lastUsedAt() {
        return (Instant) call("lastUsedAt");
    }
}
