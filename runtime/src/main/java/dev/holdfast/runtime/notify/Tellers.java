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
    private final String place;
    private final Told told;
    private final Intake intake;

    Tellers(List<Teller> all, boolean ofAttempts, GuardedMethod method, Told told, Intake intake) {
        this.all = List.copyOf(all);
        this.ofAttempts = ofAttempts;
        this.place = method.place();
        this.told = told;
        this.intake = intake;
    }

    /**
     * Tells of a failure, if it concerns any of them and no method further inside has told of it.
     *
     * @param recoveredBy null if nothing took it
     */
    void tell(Invocation call, Throwable failure, @Nullable String recoveredBy, long durationNanos) {
        try {
            if (!Intake.isOpenHere()) {
                return;
            }
            boolean recovered = recoveredBy != null && !recoveredBy.equals(Invocation.BY_ANSWER);
            boolean claimed = false;
            for (Teller teller : all) {
                if (teller.means(failure, recovered)) {
                    if (!claimed && !told.claim(failure, place, ofAttempts)) {
                        return;
                    }
                    claimed = true;
                    Captured captured = teller.capture(call, failure, recoveredBy, durationNanos);
                    if (captured != null) {
                        intake.take(captured);
                    }
                }
            }
        } catch (Throwable broken) { // such as no memory, or a failure whose own methods fail
            intake.drop();
        }
    }
}
