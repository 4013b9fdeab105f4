package dev.holdfast.runtime.ratelimit;

import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Deadline;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.template.Filling;
import dev.holdfast.runtime.time.Time;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Lets a call through when all of its limits do; it may have to wait for that. Thread-safe. */
class RateGate implements Policy {

    private final Claim[] claims;

    /** Where there is one claim only. */
    private final @Nullable Claim only;

    private final Time time;

    /** With one claim or more, in the order in which they are asked. */
    RateGate(Claim[] claims, Time time) {
        this.claims = claims;
        this.only = claims.length == 1 ? claims[0] : null;
        this.time = time;
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        // One that went in on the short way has paid there.
        if (call.attempts() > 0 || Filling.isHere()) {
            return call.proceed();
        }
        Throwable refusal = only == null ? admit(call) : admitBy(only, call);
        return refusal == null ? call.proceed() : refusal;
    }

    /** Most calls find a permit, and nobody who waits: an admission would only cost them time. */
    private @Nullable Throwable admitBy(Claim claim, Call call) {
        String key;
        long cost;
        if (call.known() instanceof KeyDoor.Failed found) {
            return found.failure();
        }
        try {
            key = call.known() instanceof String found ? found : claim.key(call.everything());
            cost = claim.cost(call.everything());
        } catch (Throwable ofTheCall) {
            return ofTheCall;
        }
        if (claim.limit().lines().isEmpty() && claim.limit().meter(key).take(cost) == 0) {
            return null;
        }
        return admit(new Admission(claims, new String[] {key}, new long[] {cost}, time), call);
    }

    private @Nullable Throwable admit(Call call) {
        Admission admission;
        try {
            admission = Admission.of(claims, call.everything(), time);
        } catch (Throwable ofTheCall) {
            return ofTheCall;
        }
        return admit(admission, call);
    }

    private @Nullable Throwable admit(Admission admission, Call call) {
        Semaphore turn = new Semaphore(0);
        try {
            long wait = admission.ask(Deadline.ofThread().now, turn::release);
            while (wait > 0) {
                boolean unused = time.await(turn, wait);
                wait = admission.ask(Deadline.ofThread().now, turn::release);
            }
            return wait == Admission.IN ? null : admission.refusal();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            call.end();
            return admission.interrupted();
        } catch (Throwable broken) {
            admission.leave();
            throw broken;
        }
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        if (Filling.isHere()) {
            rest.proceed(then);
            return;
        }
        Admission admission;
        try {
            admission = Admission.of(claims, rest.call().everything(), time);
        } catch (Throwable ofTheCall) {
            then.ended(null, ofTheCall);
            return;
        }
        Staged staged = new Staged(rest, then, admission);
        if (admission.mayBlock()) {
            var unused = rest.call().after(0, staged::ask, then);
        } else {
            staged.ask();
        }
    }

    /** A call that waits without a thread. Its steps follow each other; it may be woken meanwhile. */
    private static final class Staged {

        private final StagedCall.Rest rest;
        private final StagedCall.Ending then;
        private final Admission admission;

        /** Ends the present wait; null while there is none. */
        private volatile @Nullable Runnable sooner;

        private volatile boolean woken;

        Staged(StagedCall.Rest rest, StagedCall.Ending then, Admission admission) {
            this.rest = rest;
            this.then = then;
            this.admission = admission;
        }

        void ask() {
            sooner = null;
            woken = false;
            long wait;
            try {
                wait = admission.ask(rest.call().deadline(), this::wake);
            } catch (Throwable broken) { // nobody else would end the call
                admission.leave();
                then.ended(null, broken);
                return;
            }
            if (wait == Admission.IN) {
                rest.proceed(then);
            } else if (wait == Admission.REFUSED) {
                then.ended(null, admission.refusal());
            } else {
                Runnable ends = rest.call().after(wait, this::ask, this::cancelled);
                sooner = ends;
                if (woken) {
                    ends.run();
                }
            }
        }

        /** It may be woken before it waits. */
        private void wake() {
            woken = true;
            Runnable ends = sooner;
            if (ends != null) {
                ends.run();
            }
        }

        private void cancelled(@Nullable Object result, @Nullable Throwable failure) {
            admission.leave();
            then.ended(result, failure);
        }
    }
}
