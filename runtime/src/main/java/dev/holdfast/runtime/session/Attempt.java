package dev.holdfast.runtime.session;

import dev.holdfast.runtime.log.Log;
import org.jspecify.annotations.Nullable;

/** One attempt, its session, and what it was handed of HTTP. Not thread-safe: its steps follow each other, on whatever threads. */
final class Attempt {

    /** The innermost session that this thread has open. Nothing stays behind when the outermost is left. */
    private static final ThreadLocal<OpenSession> INNERMOST = new ThreadLocal<>();

    private final Terms terms;
    private final @Nullable SessionType type;
    private final Sessions sessions;
    private final OpenSession session;
    private final @Nullable HttpSide http;
    private final @Nullable Object[] everything;

    private @Nullable OpenSession openBefore;
    private @Nullable Object currentBefore;
    private boolean isInnermost;
    private boolean isCurrent;

    /**
     * Begins one.
     *
     * @param id what a template has given; null where cookies decide
     * @param everything receiver and arguments of the call
     */
    Attempt(
            Sessions sessions,
            Terms terms,
            @Nullable SessionType type,
            @Nullable String id,
            @Nullable HttpSide http,
            @Nullable Object[] everything) {
        this.sessions = sessions;
        this.terms = terms;
        this.type = type;
        this.http = http;
        this.session = new OpenSession(sessions, terms, id, http, INNERMOST.get());
        this.everything = http == null ? everything : http.everything(session);
    }

    /** Whether this thread is inside of one. */
    static boolean isUnderWay() {
        return INNERMOST.get() != null;
    }

    /** What the body is to be run with. */
    @Nullable
    Object[] everything() {
        return everything;
    }

    /** Makes its session the current one of this thread. */
    void enter() {
        openBefore = INNERMOST.get();
        INNERMOST.set(session);
        isInnermost = true;
        if (type != null) {
            currentBefore = type.enter(session);
            isCurrent = true;
        }
    }

    /** Undoes that, as far as it was done, on the same thread. */
    void leave() {
        if (type != null && isCurrent) {
            type.leave(currentBefore);
        }
        OpenSession before = openBefore;
        if (isInnermost && before == null) {
            INNERMOST.remove();
        } else if (isInnermost) {
            INNERMOST.set(before);
        }
    }

    /**
     * Ends it: saves the session and then lets the response go, if it went well.
     *
     * @param failure what the attempt has ended with; null if it went well
     * @return what it ends with now
     */
    @Nullable
    Throwable end(@Nullable Throwable failure) {
        Throwable outcome = failure;
        boolean goesOn = false;
        if (outcome == null) {
            try {
                // Asked first: whoever ends it after this saves what he has done himself, and what was done before is
                // saved here.
                goesOn = http != null && http.goesOn();
                if (goesOn) {
                    session.commit();
                } else {
                    session.commitLast();
                }
            } catch (Throwable unsaved) {
                outcome = unsaved;
            }
        }
        try {
            if (outcome == null && session.isUntouched()) {
                sessions.touch(session.candidates(), terms);
            }
            if (outcome != null || !goesOn) {
                session.close();
            }
            if (http != null && outcome == null) {
                http.release();
            } else if (http != null) {
                http.discard();
            }
        } catch (VirtualMachineError severe) {
            return outcome == null ? severe : outcome;
        } catch (Throwable unexpected) {
            // What was saved is saved, so another attempt would do it twice.
            Log.error(terms.loader(), terms.place() + ": the response could not be sent", unexpected);
        }
        return outcome;
    }
}
