package dev.holdfast.runtime;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a method that returns a {@link CompletionStage}, on its way through the policies of the method. It lasts until the
 * stage completes, and it keeps no thread while nothing runs: each policy hands on what is to happen at the end.
 *
 * <p>The first attempt runs on the thread that called. A later one runs on a worker of the agent's, with the context class loader of the
 * thread that called, or on that thread still where nothing has to be waited for. What comes after an attempt, such as a fallback, runs on
 * the thread that completes the stage, as a dependent stage would.
 *
 * <p>Thread-safe: its attempts follow each other, on whatever threads; it may be cancelled meanwhile.
 */
public final class StagedCall implements Invocation {

    /** Told once how what was begun has ended; it does not throw. */
    public interface Ending {

        /**
         * With a result, or with a failure.
         *
         * @param result what the stage gave; null also for a failure
         * @param failure not wrapped; null for a result
         */
        void ended(@Nullable Object result, @Nullable Throwable failure);
    }

    private final Policy[] policies;
    private final Call.Body body;
    private final @Nullable Object[] everything;
    private final String place;
    private final Time time;
    private final Thread caller = Thread.currentThread();
    private final @Nullable ClassLoader context = caller.getContextClassLoader();
    private final CompletableFuture<@Nullable Object> promise = new CompletableFuture<>();

    /** Written before the first attempt. */
    private @Nullable Deadline deadline = Deadline.ofThread().now;

    private final AtomicInteger attempts;
    private volatile boolean ended;
    private volatile @Nullable Recovered recovered;
    private volatile @Nullable Throwable attempted;

    /** What the attempt that is over threw, until it is taken up. */
    private @Nullable Throwable pending;

    /** Stops what is under way; null if nothing is that could be. */
    private final AtomicReference<@Nullable Runnable> stop = new AtomicReference<>();

    private volatile boolean cancelled;

    /** Whether the promise was or is just being kept, in which case its end is our own doing. */
    private volatile boolean kept;

    /**
     * A call that begins.
     *
     * @param place for messages
     * @param over what the first attempt has thrown if that is over; else null
     */
    StagedCall(
            Policy[] policies,
            Call.Body body,
            @Nullable Object[] everything,
            String place,
            @Nullable Throwable over,
            Time time) {
        this.policies = policies;
        this.body = body;
        this.everything = everything;
        this.place = place;
        this.pending = over;
        this.attempts = new AtomicInteger(over == null ? 0 : 1);
        this.time = time;
    }

    /** Begins, and gives what the caller gets. */
    CompletableFuture<@Nullable Object> begin() {
        var unused = promise.whenComplete((result, failure) -> {
            if (!kept) {
                cancel(); // the caller has completed it otherwise, or cancelled it
            }
        });
        try {
            new Rest(this, 0, everything).proceed(this::keep);
        } catch (Throwable broken) {
            keep(null, broken); // nobody else would
        }
        return promise;
    }

    private void keep(@Nullable Object result, @Nullable Throwable failure) {
        kept = true;
        if (failure == null) {
            promise.complete(result);
        } else {
            promise.completeExceptionally(failure);
        }
    }

    /** What is inside of a policy. */
    public static final class Rest {

        private final StagedCall call;
        private final int next;

        /** What the body is run with. */
        private final @Nullable Object[] given;

        private Rest(StagedCall call, int next, @Nullable Object[] given) {
            this.call = call;
            this.next = next;
            this.given = given;
        }

        /** The call that it belongs to. */
        public StagedCall call() {
            return call;
        }

        /** Runs it, an attempt with the policies between. A policy may repeat it, one after the other. */
        public void proceed(Ending then) {
            Once once = new Once(then);
            try {
                if (next == call.policies.length) {
                    call.attempt(given, once);
                } else {
                    call.policies[next].apply(new Rest(call, next + 1, given), once);
                }
            } catch (Throwable broken) { // such as no memory: what was taken must be given back
                once.ended(null, broken);
            }
        }

        /**
         * As {@link #proceed}, and the body gets a receiver and arguments other than the caller's. Everybody else goes on seeing those.
         *
         * @param everything of the same number and types
         */
        public void proceedWith(@Nullable Object[] everything, Ending then) {
            new Rest(call, next, everything).proceed(then);
        }
    }

    private void attempt(@Nullable Object[] given, Ending then) {
        Throwable over = pending;
        if (over != null) {
            pending = null;
            then.ended(null, unwrapped(over));
            return;
        }
        if (cancelled) {
            then.ended(null, new CancellationException());
            return;
        }
        attempts.incrementAndGet();
        adopt(() -> body.run(given), then);
    }

    /** Code of the application's that gives a stage. */
    public interface Stage {

        /** Null is a failure. */
        @Nullable
        Object begin() throws Throwable;
    }

    /**
     * Runs code of the application's and ends as the stage that it returns does. What it throws is a failure like one of the stage. Its stage is
     * cancelled if the call is.
     */
    public void adopt(Stage code, Ending then) {
        CompletionStage<?> stage;
        try {
            stage = (CompletionStage<?>) inContext(code);
            if (stage == null) {
                throw new NullPointerException(place + ": null was returned in place of a stage");
            }
        } catch (Throwable thrown) {
            finish(new Once(then), null, thrown);
            return;
        }
        Runnable stops = () -> cancel(stage);
        Once once = new Once((result, failure) -> {
            stop.compareAndSet(stops, null);
            then.ended(result, failure);
        });
        stopBy(stops);
        try {
            stage.whenComplete((result, failure) -> finish(once, result, failure));
        } catch (Throwable broken) { // a stage of the application's own making
            finish(once, null, broken);
        }
    }

    /** At the end of a stack something might be left half done, so it is done elsewhere then. */
    private void finish(Once once, @Nullable Object result, @Nullable Throwable failure) {
        Throwable own = failure == null ? null : unwrapped(failure);
        try {
            StackReserve.require();
        } catch (StackOverflowError deep) {
            var unused = scheduleWork(0, () -> finish(once, result, own));
            return;
        }
        try {
            once.ended(own == null ? result : null, own);
        } catch (Throwable broken) {
            keep(null, broken);
        }
    }

    /** The failure itself: a stage wraps that of the stage before it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable own = failure;
        while (own instanceof CompletionException) {
            Throwable cause = own.getCause();
            if (cause == null) {
                break;
            }
            own = cause;
        }
        return own;
    }

    private @Nullable Object inContext(Stage code) throws Throwable {
        Deadline.OfThread under = Deadline.ofThread();
        Deadline outer = under.now;
        under.now = deadline;
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        boolean isElsewhere = thread != caller && own != context;
        try {
            if (isElsewhere) {
                thread.setContextClassLoader(context);
            }
            return code.begin();
        } finally {
            under.now = outer;
            if (isElsewhere) {
                thread.setContextClassLoader(own);
            }
        }
    }

    /**
     * Has a worker do that, with the context class loader of the thread that called: it may complete what the caller has got, and then what the
     * caller has made to follow runs on it.
     */
    public Time.Scheduled scheduleWork(long delayNanos, Runnable work) {
        return time.scheduleWork(delayNanos, () -> {
            Thread worker = Thread.currentThread();
            ClassLoader own = worker.getContextClassLoader();
            try {
                worker.setContextClassLoader(context);
                work.run();
            } finally {
                worker.setContextClassLoader(own);
            }
        });
    }

    /**
     * Waits without a thread, then goes on, on a worker. If the call is cancelled meanwhile it ends.
     *
     * @return ends the wait before its time; without effect once it is over
     */
    public Runnable after(long waitNanos, Runnable goOn, Ending then) {
        Once once = new Once(then);
        Wait wait = new Wait(once);
        stopBy(wait);
        Runnable over = () -> {
            if (once.claim()) {
                stop.compareAndSet(wait, null);
                goOn.run();
            }
        };
        Time.Scheduled scheduled = scheduleWork(waitNanos, over);
        wait.scheduled = scheduled;
        if (cancelled) {
            wait.run();
        }
        return () -> {
            scheduled.cancel();
            if (!once.isOver()) {
                var unused = scheduleWork(0, over);
            }
        };
    }

    /** Ends a wait. */
    private static final class Wait implements Runnable {

        private final Once then;
        volatile Time.@Nullable Scheduled scheduled;

        Wait(Once then) {
            this.then = then;
        }

        @Override
        public void run() {
            Time.Scheduled timer = scheduled;
            if (timer != null) {
                timer.cancel();
            }
            then.ended(null, new CancellationException());
        }
    }

    private void stopBy(Runnable stops) {
        stop.set(stops);
        if (cancelled) {
            stopAttempt();
        }
    }

    /** Stops what is under way, if that can be; nobody waits for it any more. */
    public void stopAttempt() {
        Runnable stops = stop.getAndSet(null);
        if (stops != null) {
            stops.run();
        }
    }

    private void cancel() {
        ended = true;
        cancelled = true;
        stopAttempt();
    }

    private void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (RuntimeException unable) {
            Log.debug(null, place + ": a stage cannot be cancelled, and goes on: " + unable, unable);
        }
    }

    /** Whether the wrapper has run the attempt that {@link Rest#proceed} gives the failure of. */
    public boolean isAttemptOver() {
        return pending != null;
    }

    /** Whether the caller has cancelled it, or completed it himself. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Lets the call end with the failure that it has: nobody is to recover it. */
    public void end() {
        ended = true;
    }

    /** Whether the call is to end with the failure that it has. */
    public boolean isEnded() {
        return ended;
    }

    /** Until when it may wait; null for no limit. */
    public @Nullable Deadline deadline() {
        return deadline;
    }

    /** Limits its waits, before the first attempt. */
    public void deadline(Deadline deadline) {
        this.deadline = deadline;
    }

    @Override
    public @Nullable Object receiver() {
        return everything[0];
    }

    @Override
    public @Nullable Object[] arguments() {
        return Call.argumentsOf(everything);
    }

    @Override
    public @Nullable Object[] everything() {
        return everything;
    }

    @Override
    public void recovered(Throwable failure, String by) {
        recovered = new Recovered(failure, by);
        attempted = attempted == null ? failure : attempted;
    }

    @Override
    public @Nullable Throwable attempted() {
        return attempted;
    }

    @Override
    public @Nullable Recovered recovered() {
        return recovered;
    }

    @Override
    public int attempts() {
        return attempts.get();
    }

    /** Passes on what comes first. */
    public static final class Once implements Ending {

        private final AtomicBoolean over = new AtomicBoolean();
        private final Ending then;

        /** Passes it on to that. */
        public Once(Ending then) {
            this.then = then;
        }

        /** Whether an end was passed on, or is going to be. */
        public boolean isOver() {
            return over.get();
        }

        /** Whether the caller of this may pass on an end, as nobody has or will. */
        public boolean claim() {
            return over.compareAndSet(false, true);
        }

        @Override
        public void ended(@Nullable Object result, @Nullable Throwable failure) {
            if (claim()) {
                pass(result, failure);
            }
        }

        /** Passes on an end that was claimed. */
        public void pass(@Nullable Object result, @Nullable Throwable failure) {
            then.ended(result, failure);
        }
    }
}
