package dev.holdfast.runtime.recover;

import dev.holdfast.definition.DurationText;
import dev.holdfast.runtime.Call;
import dev.holdfast.runtime.Deadline;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.StagedCall;
import dev.holdfast.runtime.http.HttpArguments;
import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tries again, after a wait. Ends with a result, or with the last failure, on which those before it are suppressed. Where a response over HTTP has
 * begun there is no other attempt: its client has a status, and could be sent no other.
 *
 * <p>Thread-safe. No lock is held while it waits, and no monitor of a synchronized method: that is taken and released by each
 * attempt.
 */
final class Retry implements Policy {

    private final Handled handled;
    private final int attempts;
    private final Waits waits;
    private final HttpArguments http;
    private final GuardedMethod method;
    private final Time time;

    Retry(Handled handled, int attempts, Waits waits, HttpArguments http, GuardedMethod method, Time time) {
        this.handled = handled;
        this.attempts = attempts;
        this.waits = waits;
        this.http = http;
        this.method = method;
        this.time = time;
    }

    @Override
    public @Nullable Throwable apply(Call call) {
        Throwable failure = call.proceed();
        return failure == null || !handled.recovers(failure) ? failure : again(call, failure);
    }

    private @Nullable Throwable again(Call call, Throwable first) {
        Story story = new Story();
        Throwable last = first;
        while (true) {
            long wait = story.waitAfter(last, call.everything(), Deadline.ofThread().now);
            if (wait == NO_MORE) {
                return story.told(last);
            }
            try {
                time.sleep(wait);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                call.end();
                return story.told(last);
            }
            story.goOnAfter(last);
            Throwable next = call.proceed();
            if (next == null) {
                return null;
            }
            last = next;
        }
    }

    @Override
    public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
        new Staged(rest, then).goOn();
    }

    /**
     * The attempts of one call that last until a stage completes. An attempt that needs no wait is made in a loop where the one before
     * has ended on the thread that began it: so many of them need no deep stack.
     */
    private final class Staged implements StagedCall.Ending {

        private final StagedCall.Rest rest;
        private final StagedCall.Ending then;
        private final Story story = new Story();

        /** Attempts asked for and not yet begun, and 1 while one is being begun: whoever makes it 1 begins them. */
        private final AtomicInteger wanted = new AtomicInteger();

        Staged(StagedCall.Rest rest, StagedCall.Ending then) {
            this.rest = rest;
            this.then = then;
        }

        void goOn() {
            if (wanted.getAndIncrement() == 0) {
                do {
                    rest.proceed(this);
                } while (wanted.decrementAndGet() != 0);
            }
        }

        @Override
        public void ended(@Nullable Object result, @Nullable Throwable failure) {
            if (failure == null) {
                then.ended(result, null);
                return;
            }
            StagedCall call = rest.call();
            long wait = call.isEnded() ? NO_MORE : story.waitAfter(failure, call.everything(), call.deadline());
            if (wait == NO_MORE) {
                then.ended(null, story.told(failure));
                return;
            }
            story.goOnAfter(failure);
            if (wait == 0 && wanted.get() != 0) {
                goOn();
            } else {
                call.after(wait, this::goOn, then);
            }
        }
    }

    private static final long NO_MORE = -1;

    /** The failed attempts of one call. Its attempts follow each other, on whatever threads. */
    private final class Story {

        private final List<Throwable> earlier = new ArrayList<>();
        private int failed;

        /** How many nanoseconds to wait after this failure before the next attempt; {@link #NO_MORE} if there is to be none. */
        long waitAfter(Throwable failure, @Nullable Object[] everything, @Nullable Deadline deadline) {
            failed++;
            if (failed == attempts || !handled.recovers(failure)) {
                return NO_MORE;
            }
            if (http.hasBegun(everything)) {
                tell(failure, "its response has begun");
                return NO_MORE;
            }
            long wait = waits.nanos(failed, ThreadLocalRandom.current().nextDouble());
            if (!Deadline.allows(wait, deadline)) {
                tell(failure, "no time is left to wait " + DurationText.text(wait));
                return NO_MORE;
            }
            tell(failure, "waits " + DurationText.text(wait));
            return wait;
        }

        /** Another attempt comes after this failure. */
        void goOnAfter(Throwable failure) {
            if (earlier.size() < Suppressed.MOST) {
                earlier.add(failure);
            }
        }

        /** The last failure, with those before. */
        Throwable told(Throwable last) {
            for (Throwable one : earlier) {
                Suppressed.add(last, one);
            }
            return last;
        }

        private void tell(Throwable failure, String then) {
            if (Log.tells(Level.DEBUG)) {
                Log.debug(
                        method.loader(),
                        method.place() + ": attempt " + failed + " of " + attempts + " failed with " + Log.text(failure)
                                + ", " + then,
                        null);
            }
        }
    }

    @Override
    public boolean guardsEntry() {
        return false;
    }
}
