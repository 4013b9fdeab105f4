package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.time.CoarseClock;
import dev.holdfast.runtime.time.Time;
import java.util.List;
import java.util.function.Supplier;
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
    private final Supplier<List<String>> usual;
    private final Time time;

    /**
     * Of one method.
     *
     * @param usual the channels of annotations that name none
     */
    Tellers(
            List<Teller> all,
            boolean ofAttempts,
            GuardedMethod method,
            Told told,
            Intake intake,
            Supplier<List<String>> usual,
            Time time) {
        this.all = List.copyOf(all);
        this.ofAttempts = ofAttempts;
        this.place = Told.Place.of(method);
        this.told = told;
        this.intake = intake;
        this.usual = usual;
        this.time = time;
    }

    /**
     * Tells of a failure, as far as it concerns any of them, to those of their channels that no method further inside has told.
     *
     * @param attempted with what the attempts ended, where something was to take that; else null
     * @param seen what the caller sees, or was answered over HTTP; null if it sees no failure
     * @param recoveredBy null if nothing took it
     * @param nowNanos the time, which to ask for once is enough
     */
    void tell(
            Invocation call,
            @Nullable Throwable attempted,
            @Nullable Throwable seen,
            @Nullable String recoveredBy,
            long durationNanos,
            long nowNanos) {
        tell(call, call.attempts(), attempted, seen, recoveredBy, durationNanos, nowNanos);
    }

    /** Tells of an error of the JVM that went by all policies. Where nobody knows the arguments, a template says nothing. */
    void tellSevere(Throwable failure, long durationNanos, long nowNanos) {
        tell(null, 1, null, failure, null, durationNanos, nowNanos);
    }

    private void tell(
            @Nullable Invocation call,
            int attempts,
            @Nullable Throwable attempted,
            @Nullable Throwable seen,
            @Nullable String recoveredBy,
            long durationNanos,
            long nowNanos) {
        try {
            if (!Intake.isOpenHere()) {
                return;
            }
            Told.Passage ofAttempted = null;
            Told.Passage ofSeen = null;
            for (Teller teller : all) {
                Throwable failure = teller.meant(attempted, seen);
                if (failure == null) {
                    continue;
                }
                Told.Passage passage = failure == seen ? ofSeen : ofAttempted;
                if (passage == null) {
                    passage = told.look(failure, place, ofAttempts, nowNanos, durationNanos);
                    ofSeen = failure == seen ? passage : ofSeen;
                    ofAttempted = failure == seen ? ofAttempted : passage;
                }
                List<String> named = teller.channels();
                List<String> channels = passage.left(named.isEmpty() ? usual.get() : named);
                if (channels.isEmpty()) {
                    continue;
                }
                Captured captured =
                        teller.capture(call, attempts, failure, recoveredBy, channels, durationNanos, nowNanos);
                if (captured != null) {
                    passage.told(channels);
                    intake.take(captured);
                    CoarseClock.passed(time, nowNanos); // so that calls which begin from now on have not told it
                }
            }
            if (ofAttempted != null) {
                ofAttempted.end();
                if (seen != null) { // to methods further out it is that failure
                    ofSeen = ofSeen == null ? told.look(seen, place, ofAttempts, nowNanos, durationNanos) : ofSeen;
                    ofSeen.told(ofAttempted);
                }
            }
            if (ofSeen != null) {
                ofSeen.end();
            }
        } catch (Throwable broken) { // such as no memory
            intake.drop();
        }
    }
}
