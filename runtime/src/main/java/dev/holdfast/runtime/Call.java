package dev.holdfast.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One invocation under way, on its way through the policies of its method. Where the wrapper has run the first attempt itself and it
 * failed, the call is resumed: it goes through the policies all the same, but the innermost finds that attempt over.
 *
 * <p>Not thread-safe: it belongs to the thread that called.
 */
public final class Call implements Invocation {

    private final Policy[] policies;
    private final Body body;
    private final @Nullable Object[] everything;

    /** What the body is run with: that, unless a policy around it says otherwise. */
    private @Nullable Object[] given;

    /** Index of the policy that {@link #proceed} goes to. */
    private int next;

    private int attempts;
    private @Nullable Object result;
    private boolean ended;

    /** What the attempt that is over threw, until it is taken up. */
    private @Nullable Throwable pending;

    private long ticket;
    private long begunNanos;
    private @Nullable Recovered recovered;
    private @Nullable Throwable attempted;
    private @Nullable Object known;

    /** The method's own code. */
    interface Body {

        /** Runs it with the receiver and the arguments; null for void. */
        @Nullable
        Object run(@Nullable Object[] everything) throws Throwable;
    }

    /** A call that begins. */
    Call(Policy[] policies, Body body, @Nullable Object[] everything) {
        this.policies = policies;
        this.body = body;
        this.everything = everything;
        this.given = everything;
    }

    /**
     * A call of which the first attempt has failed.
     *
     * @param ticket which the gate gave it; 0 for none
     * @param begunNanos when it began; 0 if nobody looked at the clock
     */
    Call(Policy[] policies, Body body, @Nullable Object[] everything, Throwable failure, long ticket, long begunNanos) {
        this(policies, body, everything);
        this.pending = failure;
        this.ticket = ticket;
        this.begunNanos = begunNanos;
        this.attempts = 1;
    }

    /**
     * Runs the whole call, once. It could be a {@link #proceed} as well; but the JIT compiler knows the outermost policy only at a call of its
     * own, and takes the ones inside for the same if they share it.
     *
     * @return null if there is a {@link #result()} now, else the failure
     */
    @Nullable
    Throwable begin() {
        if (policies.length == 0) {
            return attempt();
        }
        next = 1;
        return policies[0].apply(this);
    }

    /**
     * Runs what is inside of the policy that asks: one attempt, through the policies between. A policy may repeat it.
     *
     * @return null if there is a {@link #result()} now, else the failure
     */
    public @Nullable Throwable proceed() {
        int at = next;
        if (at == policies.length) {
            return attempt();
        }
        next = at + 1;
        try {
            return policies[at].apply(this);
        } finally {
            next = at;
        }
    }

    /**
     * As {@link #proceed}, and the body gets a receiver and arguments other than the caller's. Everybody else goes on seeing those.
     *
     * @param everything of the same number and types
     */
    public @Nullable Throwable proceedWith(@Nullable Object[] everything) {
        @Nullable Object[] before = given;
        given = everything;
        try {
            return proceed();
        } finally {
            given = before;
        }
    }

    private @Nullable Throwable attempt() {
        Throwable over = pending;
        if (over != null) {
            pending = null;
            return over;
        }
        attempts++;
        try {
            result = body.run(given);
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    /** What the call gives as things stand: of the last attempt that went well, or what a policy put in its place. */
    public @Nullable Object result() {
        return result;
    }

    /** Gives the call another result. */
    public void result(@Nullable Object result) {
        this.result = result;
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
        return attempts;
    }

    @Override
    public @Nullable Object receiver() {
        return everything[0];
    }

    @Override
    public @Nullable Object[] arguments() {
        return argumentsOf(everything);
    }

    static @Nullable Object[] argumentsOf(@Nullable Object[] everything) {
        return Arrays.copyOfRange(everything, 1, everything.length);
    }

    @Override
    public @Nullable Object[] everything() {
        return everything;
    }

    /** The ticket of the attempt that is over; 0 if there is none, or it was taken. A gate that takes it enters no more for that attempt. */
    public long takeTicket() {
        long taken = ticket;
        ticket = 0;
        return taken;
    }

    /** Whether the wrapper has run the attempt that {@link #proceed} gives the failure of. */
    public boolean isAttemptOver() {
        return pending != null;
    }

    /** When the wrapper began with the first attempt, as a {@link Policy.Clock} has it; 0 if that is not known. */
    public long begunNanos() {
        return begunNanos;
    }

    /** What a door has found out about the call that it did not admit; null if there is none. */
    public @Nullable Object known() {
        return known;
    }

    /** Begins with what a door has found out. */
    Call knowing(Object known) {
        this.known = known;
        return this;
    }

    /** Lets the call end with the failure that it has: nobody is to recover it. */
    public void end() {
        ended = true;
    }

    /** Whether the call is to end with the failure that it has. */
    public boolean isEnded() {
        return ended;
    }
}
