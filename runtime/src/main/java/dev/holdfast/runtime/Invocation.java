package dev.holdfast.runtime;

import org.jspecify.annotations.Nullable;

/** What is known of one invocation of a woven method, whether it lasts until the method returns or until its stage completes. */
public interface Invocation {

    /** The failure was answered over HTTP: the method returns, and the client knows. */
    String BY_ANSWER = "answer";

    /** Null for a static method. */
    @Nullable
    Object receiver();

    /** As the caller passed them, in a new array. */
    @Nullable
    Object[] arguments();

    /** The receiver (null for a static method) and the arguments, for a handle that takes them spread; not to be changed. */
    @Nullable
    Object[] everything();

    /**
     * Notes that the call does not end with a failure that it had.
     *
     * @param by what took it, as events name it: {@code lastGood}, {@code fallback}, {@code handler} or {@code answer}
     */
    void recovered(Throwable failure, String by);

    /** The failure that was recovered from last; null if there was none. */
    @Nullable
    Recovered recovered();

    /**
     * The failure that was to be recovered from first, with which the attempts ended: also where what was to take it has failed as well, and the
     * call ends with that. Null if there was none.
     */
    @Nullable
    Throwable attempted();

    /** A failure, and what took it. */
    record Recovered(Throwable failure, String by) {}

    /** How often the body was executed, 0 if never. */
    int attempts();
}
