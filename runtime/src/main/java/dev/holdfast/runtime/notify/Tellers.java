package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The annotations of one method that look at the same end, of calls or of attempts. Does not throw. Thread-safe. */
final class Tellers {

    /** For a duration that is not known. */
    static final long NOT_SEEN = -1;

    private final List<Teller> all;
    private final boolean ofAttempts;
    private final Told.Place place;
    private final Told told;
    private final Intake intake;

    Tellers(List<Teller> all, boolean ofAttempts, GuardedMethod method, Told told, Intake intake) {
        this.all = List.copyOf(all);
        this.ofAttempts = ofAttempts;
        this.place = Told.Place.of(method);
        this.told = told;
        this.intake = intake;
    }

    /**
     * Tells of a failure, if it concerns any of them and no method further inside has told of it.
     *
     * @param recoveredBy null if nothing took it
     * @param nowNanos the time, which to ask for once is enough
     */
    void tell(Invocation call, Throwable failure, @Nullable String recoveredBy, long durationNanos, long nowNanos) {
        tell(call, call.attempts(), failure, recoveredBy, durationNanos, nowNanos);
    }

    /** Tells of an error of the JVM that went by all policies. Where nobody knows the arguments, a template says nothing. */
    void tellSevere(Throwable failure, long durationNanos, long nowNanos) {
        tell(null, 1, failure, null, durationNanos, nowNanos);
    }

    private void tell(
            @Nullable Invocation call,
            int attempts,
            Throwable failure,
            @Nullable String recoveredBy,
            long durationNanos,
            long nowNanos) {
        try {
            if (!Intake.isOpenHere()) {
                return;
            }
            boolean recovered = recoveredBy != null && !recoveredBy.equals(Invocation.BY_ANSWER);
            boolean claimed = false;
            for (Teller teller : all) {
                if (teller.means(failure, recovered)) {
                    if (!claimed && !told.claim(failure, place, ofAttempts, nowNanos)) {
                        return;
                    }
                    claimed = true;
                    Captured captured = teller.capture(call, attempts, failure, recoveredBy, durationNanos, nowNanos);
                    if (captured != null) {
                        intake.take(captured);
                    }
                }
            }
        } catch (Throwable broken) { // such as no memory
            intake.drop();
        }
    }
}
