package dev.holdfast.runtime.session;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.template.Filling;
import dev.holdfast.runtime.template.LinkedTemplate;
import dev.holdfast.runtime.time.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives each attempt its session, and saves it. Thread-safe. */
final class SessionPolicy implements Policy {

    private final Sessions sessions;
    private final Terms terms;
    private final @Nullable SessionType type;
    private final @Nullable LinkedTemplate id;
    private final List<HttpKind> kinds;
    private final Time time;

    /**
     * Of one method.
     *
     * @param type null if the application has none
     * @param id null where cookies decide
     * @param kinds of HTTP that the method is handed
     */
    SessionPolicy(
            Sessions sessions,
            Terms terms,
            @Nullable SessionType type,
            @Nullable LinkedTemplate id,
            List<HttpKind> kinds,
            Time time) {
        this.sessions = sessions;
        this.terms = terms;
        this.type = type;
        this.id = id;
        this.kinds = kinds;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        if (Filling.isHere()) {
            return call.proceed();
        }
        Attempt attempt;
        try {
            attempt = begin(call.everything());
        } catch (Throwable unable) {
            return unable;
        }
        Throwable failure;
        try {
            attempt.enter();
            failure = call.proceedWith(attempt.everything());
        } catch (Throwable broken) {
            failure = broken;
        } finally {
            attempt.leave();
        }
        return attempt.end(failure);
    }

    /**
     * The end comes on whatever thread completes the stage, which may be one that must not wait. So to save takes a worker, unless it
     * happens before the body has returned to the caller.
     */
    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        if (Filling.isHere()) {
            rest.proceed(then);
            return;
        }
        Attempt attempt;
        try {
            attempt = begin(rest.call().everything());
        } catch (Throwable unable) {
            then.ended(null, unable);
            return;
        }
        Within within = new Within(Thread.currentThread());
        try {
            attempt.enter();
            rest.proceedWith(attempt.everything(), (result, failure) -> {
                Throwable own = failure == null && rest.call().isCancelled()
                        ? new java.util.concurrent.CancellationException()
                        : failure;
                Runnable ends = () -> {
                    Throwable outcome = attempt.end(own);
                    then.ended(outcome == null ? result : null, outcome);
                };
                if (own != null || sessions.areHere() || within.thread == Thread.currentThread()) {
                    ends.run();
                } else {
                    time.scheduleWork(0, ends);
                }
            });
        } finally {
            within.thread = null;
            attempt.leave();
        }
    }

    /** Who is inside of the call that begins an attempt. */
    private static final class Within {

        /** Null when it has returned. Only the thread itself finds itself here, so nobody minds when others see it. */
        volatile @Nullable Thread thread;

        Within(Thread thread) {
            this.thread = thread;
        }
    }

    private Attempt begin(@Nullable Object[] everything) throws Throwable {
        String given = id == null ? null : id.textOfSomething(everything);
        if (id != null && (given == null || given.isEmpty())) {
            throw new IllegalArgumentException(terms.place() + ": @SharedSession id gives "
                    + (given == null ? "null" : "an empty text")
                    + ", which all who have none would share; expected: a text that tells sessions apart");
        }
        HttpSide http = null;
        for (HttpKind kind : kinds) {
            http = http == null ? kind.begin(everything) : http;
        }
        return new Attempt(sessions, terms, type, given, http, everything);
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }
}
